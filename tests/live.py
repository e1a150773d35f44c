"""The real server in a process of its own, and what a test needs to look at it from outside.

Nothing here imports the application: a live test speaks only HTTP, the wire and the command line.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent


def until(condition: Callable[[], Any], within: float = 5.0, what: str = "the condition") -> Any:
    """The first true value of `condition`, asked again and again; fails after `within` seconds."""
    deadline = time.monotonic() + within
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come within {within} s")
        time.sleep(0.02)
    return value


def least(bound: float, measure: Callable[[], float], tries: int = 3) -> float:
    """Of the first try within the bound, else the least of all. A busy machine stalls once; a server that can be
    stalled does it each time.
    """
    found = [measure()]
    while found[-1] >= bound and len(found) < tries:
        found.append(measure())
    return min(found)


def free_port() -> int:
    """Below the ports that outgoing connections take at random, so that none of them is faster."""
    while True:
        port = random.randrange(12_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("0.0.0.0", port))
            return port


class Server:
    """`python -m app` on a free port with a data folder of its own. Settings given to `start` last until the next."""

    words: tuple[str, ...] = (sys.executable, "-m", "app")
    starts_within_s = 20.0

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = folder / "server.log"
        self._settings: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, **settings: str) -> None:
        self.stop()
        self._settings = settings
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self.words, cwd=ROOT, env=self.environment(), stdout=log, stderr=subprocess.STDOUT
            )
        until(self._is_up, self.starts_within_s, "the server")

    def stop(self) -> int | None:
        """SIGTERM, and its exit code; None when it was not running."""
        return self.end(signal.SIGTERM)

    def kill(self) -> None:
        self.end(signal.SIGKILL)

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def restart(self) -> None:
        self.start(**self._settings)

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    def exit_code(self) -> int | None:
        """None while it runs."""
        assert self._process is not None
        return self._process.poll()

    def command(self, *words: str, input: str = "", **settings: str) -> subprocess.CompletedProcess[str]:  # noqa: A002
        """A command of the same house beside the running server, such as `lock ROOM`, with this to read."""
        return subprocess.run(
            [sys.executable, "-m", "app", *words],
            cwd=ROOT,
            env=self.environment() | settings,
            input=input,
            capture_output=True,
            text=True,
            timeout=20,
        )

    def environment(self) -> dict[str, str]:
        """This process's environment without its CHAT_*, so that a developer's settings do not leak in."""
        outside = {name: value for name, value in os.environ.items() if not name.startswith("CHAT_")}
        return outside | {"CHAT_PORT": str(self.port), "CHAT_DATA": str(self.data)} | self._settings

    def answers(self) -> bool:
        try:
            return Visitor(self.port).get("/healthz").status == 200
        except OSError:
            return False

    def _is_up(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"the server ended at start:\n{self.log()}"
        return self.answers()

    def end(self, how: signal.Signals) -> int | None:
        if self._process is None:
            return None
        self._process.send_signal(how)
        try:
            return self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
            raise AssertionError(f"the server did not end within 15 s of {how.name}") from None
        finally:
            self._process = None


class Reply:
    """An HTTP answer, read whole."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()
        self.text = self.body.decode("utf-8", errors="replace")
        self.location = response.headers.get("Location", "")

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def refused(self) -> tuple[int, str | None]:
        """The status, and the code of a refusal that is data."""
        return self.status, self.json["error"]["code"] if self.status >= 400 else None


class Visitor:
    """A browser without JavaScript: keeps its cookies, follows nothing by itself."""

    def __init__(self, port: int, host: str = "127.0.0.1", source: str = "") -> None:
        self.port = port
        self.host = host
        self.source = source
        self.cookies: dict[str, str] = {}

    @property
    def origin(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def get(self, path: str, **headers: str) -> Reply:
        return self.asks("GET", path, headers=headers)

    def post(self, path: str, **fields: str) -> Reply:
        """A form sent from our own page."""
        return self.asks("POST", path, urlencode(fields), {"Origin": self.origin})

    def asks(
        self, method: str, path: str, body: str | bytes | None = None, headers: dict[str, str] | None = None
    ) -> Reply:
        sent = {"Accept": "text/html"} | (headers or {})
        if self.cookies:
            sent["Cookie"] = self.cookie
        if body is not None:
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        line = http.client.HTTPConnection(self.host, self.port, timeout=10, source_address=(self.source, 0))
        try:
            line.request(method, path, body, sent)
            reply = Reply(line.getresponse())
        finally:
            line.close()
        for cookie in reply.headers.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return reply
