"""How long a bell takes: we ring to ourselves now and then."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Final

KEPT: Final = 120


class Echo:
    """clock: seconds, monotonic"""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last_s = 0.0
        # In the order they went out, which is that in which they come back.
        self._away: dict[bytes, float] = {}

    def call(self) -> bytes:
        """What to ring. Nobody else can guess it, so it needs no mark of ours."""
        word = secrets.token_bytes(16)
        self._away[word] = self._clock()
        if len(self._away) > KEPT:
            # Not the oldest: it says how long nothing has come back.
            del self._away[list(self._away)[1]]
        return word

    def heard(self, word: bytes) -> None:
        called_at = self._away.get(word)
        if called_at is None:
            return
        self._last_s = self._clock() - called_at
        # Those before it will not come any more.
        while next(iter(self._away)) != word:
            del self._away[next(iter(self._away))]
        del self._away[word]

    @property
    def lag_s(self) -> float:
        """Of the last that came back; more, once the next is out for longer."""
        oldest = next(iter(self._away.values()), None)
        return self._last_s if oldest is None else max(self._last_s, self._clock() - oldest)
