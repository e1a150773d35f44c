"""The chat as the tutorials write it, in a process of its own, to be attacked like ours."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.hostile.line import Line
from tests.hostile.watch import MB
from tests.live import ROOT, Visitor, free_port, until
from tests.wire import Closed

PATIENCE_S = 5.0


class Plain:
    """A fresh tutorial server for each attack."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._log = folder / f"{self.port}.log"
        with self._log.open("wb") as log:
            words = [sys.executable, "bench/plain.py", "--port", str(self.port)]
            self.process = subprocess.Popen(words, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        until(self.answers, 15, "the tutorial server")

    def answers(self) -> bool:
        with suppress(OSError):
            return Visitor(self.port).get("/healthz").status == 200
        return False

    def memory_mb(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) * 1024 / MB

    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def guest(self, name: Any, room: Any = "tea", **headers: str) -> Line:
        line = Line(self.port, **headers)
        line.send("40")
        line.receive_until("40")
        asks(line, "join", {"name": name, "room": room})
        return line

    def lets_somebody_in(self) -> bool:
        with suppress(OSError):
            sock = socket.create_connection(("127.0.0.1", self.port), PATIENCE_S)
            sock.settimeout(PATIENCE_S)
            sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return b"200" in sock.recv(100)
        return False


def asks(line: Line, event: str, payload: Any) -> Any:
    line.send_text("427" + json.dumps([event, payload]))
    line.waits(PATIENCE_S)
    line.acknowledges_at_once()
    return json.loads(line.receive_until("437")[3:])


def heard(line: Line, start: str = '42["message"') -> str:
    line.waits(1)
    try:
        return line.receive_until(start)
    except (OSError, Closed):
        return ""
