"""Signs of life: one timer for everybody."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Final

import eventlet

from app.transport import frames, packets
from app.transport.connection import Connection

BEAT_S: Final = 0.5
PING: Final = frames.text(packets.PING)


class Pulse:
    """Asks every client each `interval_s`, and ends those whose answer takes longer than `timeout_s`.

    All wait equally long, so the next one due always stands first in its line.
    """

    def __init__(self, interval_s: float, timeout_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._interval_s = interval_s
        self._timeout_s = timeout_s
        self._clock = clock
        self._to_ask: deque[tuple[float, Connection]] = deque()
        self._to_hear: deque[tuple[float, Connection]] = deque()
        self._beat_due = clock()

    def add(self, connection: Connection) -> None:
        self._to_ask.append((self._clock() + self._interval_s, connection))

    def run(self) -> None:
        self._beat_due = self._clock() + BEAT_S
        while True:
            eventlet.sleep(BEAT_S)
            self.beat()

    def beat(self) -> None:
        now = self._clock()
        late_s = now - self._beat_due
        self._beat_due = now + BEAT_S
        if late_s > self._timeout_s / 2:
            # It was we who slept: answers may be waiting unread.
            self._to_hear = deque((deadline + late_s, connection) for deadline, connection in self._to_hear)
        while self._to_hear and self._to_hear[0][0] <= now:
            _, connection = self._to_hear.popleft()
            if connection.is_answer_due and not connection.closed:
                connection.finish(frames.GOING_AWAY, "ping timeout")
        while self._to_ask and self._to_ask[0][0] <= now:
            _, connection = self._to_ask.popleft()
            if connection.closed:
                continue
            self._to_ask.append((now + self._interval_s, connection))
            if not connection.is_answer_due:
                connection.is_answer_due = True
                connection.push(PING)
                self._to_hear.append((now + self._timeout_s, connection))
