"""Letting people in at a bounded rate, so that everybody coming back at once does not stop those who are inside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from app.chat.refusals import TooFast

BURST_S: Final = 0.5
# Beyond this, moments are given away once more: whoever floods the door must not send others away for an hour.
PROMISED_S: Final = 60


class Admission:
    """At most `per_s` entries a second. The rest are told when to come back, each at another moment.

    clock  seconds, monotonic
    """

    def __init__(self, per_s: float, clock: Callable[[], float]) -> None:
        self._interval_s = 1 / per_s
        self._clock = clock
        # Up to when the rate is used up, and up to when moments to come back have been given away.
        self._used_until = self._promised_until = clock()

    def enter(self) -> None:
        """refuses TooFast"""
        now = self._clock()
        used_until = max(self._used_until, now)
        if used_until - now > BURST_S:
            is_far = self._promised_until > now + PROMISED_S
            self._promised_until = (used_until if is_far else max(self._promised_until, used_until)) + self._interval_s
            raise TooFast(int((self._promised_until - now) * 1000))
        self._used_until = used_until + self._interval_s
