"""Refusals of one connection. A person never makes this many; a flood does, and ends in a closed socket."""

from __future__ import annotations

import time
from typing import Final

MOST: Final = 250
EACH_LASTS_S: Final = 0.1


class Strikes:
    __slots__ = ("_forgotten_at",)

    def __init__(self) -> None:
        self._forgotten_at = 0.0

    def add(self) -> bool:
        """True when it was one too many."""
        now = time.monotonic()
        self._forgotten_at = max(self._forgotten_at, now) + EACH_LASTS_S
        return self._forgotten_at > now + MOST * EACH_LASTS_S
