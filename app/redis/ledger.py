"""What all processes together have spent. Each name is forgotten as soon as all of it is earned again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app.redis.link import RedisLink

SPEND: Final = (Path(__file__).with_name("lua") / "spend.lua").read_text(encoding="utf-8")
# More than several processes can give away before they know of each other; and nobody is refused for longer than this
# because the clock of Redis was set back.
MOST_S: Final = 60
US: Final = 1_000_000


class RedisLedger:
    def __init__(self, link: RedisLink) -> None:
        self._link = link

    def add(self, spent_s: Sequence[tuple[str, float]], since_s: float) -> list[float]:
        """For each name the seconds until all is earned again. fails Unavailable"""
        # In a cluster one server has them all, as a script's keys must be.
        keys = [f"chat:{{spent}}:{name}" for name, _ in spent_s]
        spent = [round(spent * US) for _, spent in spent_s]
        (left,) = self._link.send([("EVAL", SPEND, len(keys), *keys, round(since_s * US), MOST_S * US, *spent)])
        return [each / US for each in left]
