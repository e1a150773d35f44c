"""How often somebody may do something: so many at once, then one by one at the same pace.

Our own, because the libraries count by the wall clock, and a clock set back by an hour would refuse for an hour.
source  the generic cell rate algorithm (ITU-T I.371)
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Final

from app.chat.refusals import TooFast
from app.config import Settings

WINDOW_S: Final = 10
KEPT: Final = 10_000


class Allowance:
    """`count` each `window_s` seconds, for anybody by name. clock: seconds, monotonic"""

    def __init__(self, count: int, window_s: float, clock: Callable[[], float]) -> None:
        self._interval_s = window_s / count
        self._window_s = window_s
        self._clock = clock
        # By name: when all that was spent is earned again. A moment that has passed is as good as no entry.
        self._settled_at: dict[str, float] = {}
        self._tidied_at = KEPT

    def spend(self, who: str) -> None:
        """refuses TooFast, saying when the next one is earned"""
        now = self._clock()
        settled_at = max(self._settled_at.get(who, now), now) + self._interval_s
        if settled_at - now > self._window_s * 1.000001:
            raise TooFast(math.ceil((settled_at - self._window_s - now) * 1000))
        self._settled_at[who] = settled_at
        if len(self._settled_at) > self._tidied_at:
            self._settled_at = {name: at for name, at in self._settled_at.items() if at > now}
            # Not again before as many have come as are live: tidying costs each of them little, however many they are.
            self._tidied_at = max(KEPT, 2 * len(self._settled_at))


class RateLimits:
    """One allowance per verb, for each member or address."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        counts = {
            "message": settings.messages_per_10s,
            "join": settings.joins_per_10s,
            "rename": settings.renames_per_10s,
            "read": settings.reads_per_10s,
            "typing": settings.typing_per_10s,
            "room": settings.rooms_per_10s,
        }
        self._allowed = {verb: Allowance(count, WINDOW_S, clock) for verb, count in counts.items()}

    def spend(self, verb: str, who: str) -> None:
        """refuses TooFast"""
        self._allowed[verb].spend(who)
