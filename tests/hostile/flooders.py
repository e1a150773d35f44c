"""Members who say more than anybody can hear, in a process of their own.

python -m tests.hostile.flooders PORT WHAT SOCKETS SECONDS   who is closed comes back; says as JSON with which codes,
                                                             and how long, in seconds, one at most went on after it

WHAT  pings, pongs, events, messages: as fast as they are taken;  talk: ten messages a second from each socket;
      stubborn: events, and on after it was closed, for as long as somebody takes them
"""

from __future__ import annotations

import json
import os
import secrets
import selectors
import sys
import time

from tests.hostile.line import Line, frame
from tests.wire import TEXT, Closed

PING = 0x9
AT_ONCE = 2_000
# Not where honest people are, or they would be taken for one crowd.
ADDRESS = "127.0.0.66"
TICK_S = 0.1


class Flooder:
    def __init__(self, port: int, what: str, room: str, number: int) -> None:
        self.ends: list[int | None] = []
        self.held_s = 0.0
        self._port, self._what, self._room, self._number = port, what, room, number
        self.comes()

    def comes(self) -> None:
        self.is_open = True
        self.closed_at: float | None = None
        self._code: int | None = None
        self._rest = b""
        self.line = Line(self._port, source=ADDRESS)
        self.line.opens()
        self.line.asks("room:join", {"room": self._room, "name": f"flood {self._number}"})
        self.line.waits(0)

    def writes(self) -> None:
        """Whatever the other side takes just now."""
        if not self._rest:
            self._rest = self._next()
        try:
            self._rest = self._rest[self.line.sends_some(self._rest) :]
        except OSError:
            self.stops()

    def reads(self) -> None:
        if self.closed_at is not None:
            return
        try:
            while self.line.swallows():
                pass
        except Closed as end:
            self.closed_at, self._code = time.monotonic(), end.code
            if self._what != "stubborn":
                self.stops()

    def stops(self) -> None:
        self.ends.append(self._code)
        self.held_s = max(self.held_s, time.monotonic() - (self.closed_at or time.monotonic()))
        self.is_open = False
        self.line.close()

    def _next(self) -> bytes:
        match self._what:
            case "pings":
                return frame(PING, b"") * AT_ONCE
            case "pongs":
                return frame(TEXT, b"3") * AT_ONCE
            case "events" | "stubborn":
                return self._event("typing:start") * AT_ONCE
            case "messages":
                return b"".join(self._message() for _ in range(AT_ONCE // 10))
        return self._message()

    def _message(self) -> bytes:
        return self._event("message:send", client_id=secrets.token_hex(16), body="buy now")

    def _event(self, name: str, **fields: str) -> bytes:
        return frame(TEXT, b"427" + json.dumps([name, {"room": self._room, **fields}]).encode())


def main(port: int, what: str, sockets: int, seconds: float) -> None:
    os.nice(5)
    room = f"flood-{secrets.token_hex(5)}"
    flooders = [Flooder(port, what, room, number) for number in range(sockets)]
    is_slow = what == "talk"
    selector = selectors.DefaultSelector()
    wanted = selectors.EVENT_READ | (0 if is_slow else selectors.EVENT_WRITE)
    for each in flooders:
        selector.register(each.line, wanted, each)
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    over = time.monotonic() + seconds
    due = time.monotonic()
    while time.monotonic() < over:
        if is_slow and time.monotonic() >= due:
            due += TICK_S
            for each in flooders:
                each.writes()
        for key, events in selector.select(TICK_S / 10):
            flooder: Flooder = key.data
            flooder.reads()
            if flooder.is_open and flooder.closed_at is not None:
                # What is at its end can always be read.
                selector.modify(flooder.line, selectors.EVENT_WRITE, flooder)
            if flooder.is_open and events & selectors.EVENT_WRITE:
                flooder.writes()
            if not flooder.is_open:
                selector.unregister(flooder.line)
                flooder.comes()
                selector.register(flooder.line, wanted, flooder)
    ends = [end for each in flooders for end in each.ends]
    sys.stdout.write(json.dumps([ends, max(each.held_s for each in flooders)]))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
