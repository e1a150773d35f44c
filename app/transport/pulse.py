"""Signs of life: one timer for everybody."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Final

import eventlet

from app.transport import frames, packets
from app.transport.connection import Connection

BEAT_S: Final = 0.5
PING: Final = frames.text(packets.PING)


class Pulse:
    """Asks every client each `interval_s`, and ends those whose answer takes longer than `timeout_s`.

    All wait equally long, so the next one due always stands first in its line. Who has gone stands in neither, or a
    flood of short connections would wait here for its pings.
    """

    def __init__(self, interval_s: float, timeout_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._interval_s = interval_s
        self._timeout_s = timeout_s
        self._clock = clock
        self._to_ask: OrderedDict[Connection, float] = OrderedDict()
        self._to_hear: OrderedDict[Connection, float] = OrderedDict()
        self._beat_due = clock()

    def add(self, connection: Connection) -> None:
        self._to_ask[connection] = self._clock() + self._interval_s

    def forget(self, connection: Connection) -> None:
        self._to_ask.pop(connection, None)
        self._to_hear.pop(connection, None)

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
            for connection in self._to_hear:
                self._to_hear[connection] += late_s
        for connection in _due(self._to_hear, now):
            if connection.is_paused:
                # The answer may be among what we have not read yet.
                self._to_hear[connection] = now + self._timeout_s
            elif connection.is_answer_due:
                connection.finish(frames.GOING_AWAY, "ping timeout")
        for connection in _due(self._to_ask, now):
            self._to_ask[connection] = now + self._interval_s
            if not connection.is_answer_due:
                connection.is_answer_due = True
                self._to_hear[connection] = now + self._timeout_s
                connection.push(PING)


def _due(line: OrderedDict[Connection, float], now: float) -> Iterator[Connection]:
    """Takes them out of the line, one by one: what is done to one may make others leave it."""
    while line and line[first := next(iter(line))] <= now:
        del line[first]
        yield first
