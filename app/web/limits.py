"""How often somebody may do something, by the moving window of the `limits` library."""

from __future__ import annotations

import time

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from app.chat.refusals import TooFast
from app.config import Settings

WINDOW_S = 10


class RateLimits:
    """One allowance per verb and person (or address)."""

    def __init__(self, settings: Settings) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        per_window = {
            "message": settings.messages_per_10s,
            "join": settings.joins_per_10s,
            "rename": settings.renames_per_10s,
            "read": settings.reads_per_10s,
            "typing": settings.typing_per_10s,
            "room": settings.rooms_per_10s,
        }
        self._allowed = {verb: RateLimitItemPerSecond(n, WINDOW_S, namespace=verb) for verb, n in per_window.items()}

    def spend(self, verb: str, who: str) -> None:
        """refuses TooFast, saying when to try again"""
        item = self._allowed[verb]
        if not self._limiter.hit(item, who):
            reset_s = self._limiter.get_window_stats(item, who).reset_time - time.time()
            # One more than the rest of the window: whoever waits as told must not be refused by a rounding.
            raise TooFast(max(100, int(reset_s * 1000) + 2))
