"""Members who say more than anybody can hear, in a process of their own.

python -m tests.hostile.flooders PORT WHAT SOCKETS SECONDS   who is closed comes back; says as JSON with which codes

WHAT  pings, pongs, events, messages: as fast as they are taken;  talk: ten messages a second from each socket
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
TICK_S = 0.1


class Flooder:
    def __init__(self, port: int, what: str, room: str, number: int) -> None:
        self.ends: list[int | None] = []
        self._port, self._what, self._room, self._number = port, what, room, number
        self.comes()

    def comes(self) -> None:
        self.is_open = True
        self._rest = b""
        self.line = Line(self._port)
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
            self.stops(None)

    def reads(self) -> None:
        try:
            while self.line.swallows():
                pass
        except Closed as end:
            self.stops(end.code)

    def stops(self, code: int | None) -> None:
        self.ends.append(code)
        self.is_open = False
        self.line.close()

    def _next(self) -> bytes:
        match self._what:
            case "pings":
                return frame(PING, b"") * AT_ONCE
            case "pongs":
                return frame(TEXT, b"3") * AT_ONCE
            case "events":
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
            if flooder.is_open and events & selectors.EVENT_WRITE:
                flooder.writes()
            if not flooder.is_open:
                selector.unregister(flooder.line)
                flooder.comes()
                selector.register(flooder.line, wanted, flooder)
    sys.stdout.write(json.dumps([end for each in flooders for end in each.ends]))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
