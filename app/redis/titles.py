"""What people called rooms without a message, for processes in which nobody has typed it."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from app.chat.refusals import Unavailable
from app.redis.link import RedisLink

KEPT_S: Final = 24 * 3600


class RedisTitles:
    """While Redis is away nothing is noted and nothing found: a room is called by its address then."""

    def __init__(self, link: RedisLink) -> None:
        self._link = link

    def note(self, slug: str, title: str) -> None:
        with suppress(Unavailable):
            self._link.send([("SET", _key(slug), title, "NX", "EX", KEPT_S)])

    def find(self, slug: str) -> str | None:
        with suppress(Unavailable):
            (title,) = self._link.send([("GET", _key(slug))])
            return None if title is None else str(title.decode())
        return None


def _key(slug: str) -> str:
    return f"chat:title:{{{slug}}}"
