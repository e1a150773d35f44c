"""Who is kept out of which room, for processes that start later, or that did not hear of it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from app.redis.link import RedisLink

KICKS: Final = (Path(__file__).with_name("lua") / "kicks.lua").read_text(encoding="utf-8")
# One key, so that it is on one server of a cluster.
KEY: Final = "chat:{kicks}"


class RedisKickBook:
    def __init__(self, link: RedisLink) -> None:
        self._link = link

    def note(self, room: str, member_id: str, seconds: float) -> None:
        """fails Unavailable"""
        # A room's address has no space.
        self._ask(f"{room} {member_id}", round(1000 * seconds))

    def all(self) -> list[tuple[str, str, float]]:
        """fails Unavailable"""
        kept = self._ask()
        who = [name.decode().partition(" ") for name in kept[::2]]
        return [
            (room, member_id, int(left_ms) / 1000)
            for (room, _, member_id), left_ms in zip(who, kept[1::2], strict=True)
        ]

    def _ask(self, *words: str | int) -> list[bytes]:
        (kept,) = self._link.send([("EVAL", KICKS, 1, KEY, *words)])
        return list(kept)
