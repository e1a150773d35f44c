"""Attackers, in a process of their own so that they cost the honest ones nothing but the server.

python -m tests.hostile.attackers PORT SEED COUNT   sends COUNT pieces of junk and says as JSON what came back
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from collections import Counter
from contextlib import suppress
from random import Random

from tests.hostile import junk
from tests.hostile.line import Line
from tests.wire import Closed

ATTACKERS = 8
PATIENCE_S = 0.03
TRACES = ("Traceback", "site-packages", 'File "')


class Attacker:
    """`counts` says what became of the junk: a status, a close code, an answer, or silence."""

    def __init__(self, port: int, number: int, seed: int) -> None:
        self.counts: Counter[str] = Counter()
        self.traces: list[str] = []
        self._port = port
        self._address = f"127.0.0.{100 + number}"
        self._chance = Random(f"{seed}-{number}")

    def attack(self, count: int) -> None:
        """As much of each level, in any order."""
        ways = [self._http, self._frames, self._engine, self._packet, self._payloads]
        left = dict.fromkeys(ways, count // len(ways))
        while left:
            way = self._chance.choice(list(left))
            try:
                left[way] -= way()
            except OSError as error:
                self.counts[f"link: {type(error).__name__}"] += 1
                left[way] -= 1
            left = {way: more for way, more in left.items() if more > 0}

    def _http(self) -> int:
        with socket.create_connection(("127.0.0.1", self._port), 5, (self._address, 0)) as line:
            line.sendall(junk.http(self._chance))
            line.settimeout(PATIENCE_S)
            reply = self._hears(line)
            kind = reply[9:12].decode("latin-1") if reply.startswith(b"HTTP/1.") else "page" if reply else "silence"
            self.counts[f"HTTP {kind}"] += 1
        return 1

    def _frames(self) -> int:
        line = Line(self._port)
        with suppress(OSError):
            line.send('40{"v":1}')
            line.send_bytes(junk.frames(self._chance))
        self._sees_off(line)
        return 1

    def _engine(self) -> int:
        line = Line(self._port)
        line.send_text(junk.engine(self._chance))
        self._sees_off(line)
        return 1

    def _packet(self) -> int:
        line = Line(self._port)
        line.opens()
        line.send_text(junk.packet(self._chance))
        self._sees_off(line)
        return 1

    def _payloads(self) -> int:
        """Well-formed packets: the connection lives on, so several go over one."""
        line = Line(self._port)
        line.opens()
        sent = self._chance.randrange(1, 20)
        for ack in range(sent):
            try:
                answer = line.asks(*junk.event(self._chance), ack=ack)
            except Closed as end:
                self.counts[f"closed {end.code}"] += 1
                break
            self._reads(json.dumps(answer))
            self.counts["answered " + ("ok" if answer["ok"] else answer["error"]["code"])] += 1
        line.close()
        return sent

    def _sees_off(self, line: Line) -> None:
        line.waits(PATIENCE_S)
        try:
            while True:
                # A pong brings back whatever the ping held.
                with suppress(UnicodeDecodeError):
                    self._reads(line.receive())
        except Closed as end:
            self.counts[f"closed {end.code}"] += 1
        except TimeoutError:
            self.counts["silence"] += 1
        finally:
            line.close()

    def _hears(self, line: socket.socket) -> bytes:
        heard = b""
        with suppress(OSError):
            while piece := line.recv(65_536):
                heard += piece
        self._reads(heard.decode("latin-1"))
        return heard

    def _reads(self, reply: str) -> None:
        if any(trace in reply for trace in TRACES):
            self.traces.append(reply[:300])


def main(port: int, seed: int, count: int) -> None:
    os.nice(5)
    attackers = [Attacker(port, number, seed) for number in range(ATTACKERS)]
    threads = [threading.Thread(target=each.attack, args=(count // ATTACKERS,)) for each in attackers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts = sum((each.counts for each in attackers), Counter())
    traces = [trace for each in attackers for trace in each.traces]
    json.dump({"counts": counts, "traces": traces}, sys.stdout)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:4]))
