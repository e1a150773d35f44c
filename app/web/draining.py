"""Stopping without dropping anything: what has begun is finished, what comes now is told to come back."""

from __future__ import annotations

import time

from app.chat.refusals import Unavailable

RETRY_AFTER_MS = 2000
LOOK_EVERY_S = 0.02


class Stopping(Unavailable):
    def __init__(self) -> None:
        super().__init__("stopping", RETRY_AFTER_MS)
        self.detail = "The server is restarting. What you wrote is kept and goes out when it is back."


class Drain:
    """Counts who is inside, and lets nobody in once it has begun."""

    def __init__(self) -> None:
        self.has_begun = False
        self._inside = 0

    def begin(self) -> None:
        self.has_begun = True

    def __enter__(self) -> None:
        """Around the handling of one event. fails Stopping"""
        if self.has_begun:
            raise Stopping()
        self._inside += 1

    def __exit__(self, *_error: object) -> None:
        self._inside -= 1

    def wait(self, timeout_s: float) -> bool:
        """True when nobody is inside any more."""
        deadline = time.monotonic() + timeout_s
        while self._inside and time.monotonic() < deadline:
            time.sleep(LOOK_EVERY_S)
        return not self._inside
