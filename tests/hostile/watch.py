"""A server that is being attacked, seen from outside: its memory, its greenlets, its log and its rows."""

from __future__ import annotations

import json
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tests.actors import House
from tests.live import ROOT, Server, least, until

MB = 1_000_000


class WatchedServer(Server):
    words = (sys.executable, "-m", "tests.hostile.watched")

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._window = folder / "greenlets"

    def environment(self) -> dict[str, str]:
        return super().environment() | {"CHAT_TEST_WATCH": str(self._window)}

    def greenlets(self) -> int:
        assert self._process is not None
        self._window.unlink(missing_ok=True)
        self._process.send_signal(signal.SIGUSR1)
        until(self._window.exists, 10, "the count of greenlets")
        return int(self._window.read_text())

    def memory(self) -> int:
        """Resident bytes."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) * 1024

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.data / "chat.sqlite3", timeout=5)) as database:
            return database.execute(statement).fetchall()

    def settles(self, base: int, spare: int = 5, within: float = 5.0) -> None:
        """Waits until no more greenlets live than before the attack. `spare`: those who serve somebody just now."""
        until(lambda: self.greenlets() <= base + spare, within, f"{base} greenlets")


def watched_server(folder: Path, settings: dict[str, str]) -> Iterator[WatchedServer]:
    server = WatchedServer(folder)
    try:
        server.start(**settings)
        yield server
    finally:
        server.stop()


def joins_within(house: House, seconds: float = 1.0) -> None:
    """A new person comes and is in the room that soon; at the best of three."""

    def joins() -> float:
        began = time.monotonic()
        assert house.guest(f"newcomer {time.monotonic_ns()}").joins().ok
        return time.monotonic() - began

    assert least(seconds, joins) < seconds


def allow_files(count: int) -> None:
    """Sockets of our own are files too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count, hard), hard))


class Flood:
    """`with Flood(port, "pings", sockets=2, seconds=5):` floods during the block; then `ends` are the close codes, and
    `held_s` how long somebody who was closed could still send.
    """

    def __init__(self, port: int, what: str, sockets: int, seconds: float) -> None:
        words = [port, what, sockets, seconds]
        self._words = [sys.executable, "-m", "tests.hostile.flooders", *map(str, words)]
        self._within = seconds + 30
        self.ends: list[int | None] = []
        self.held_s = 0.0

    def __enter__(self) -> Flood:
        self._process = subprocess.Popen(self._words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "begun\n"
        return self

    def __exit__(self, *_: object) -> None:
        said, _ = self._process.communicate(timeout=self._within)
        assert self._process.returncode == 0
        self.ends, self.held_s = json.loads(said)
