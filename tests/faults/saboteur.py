"""A disk that refuses, put into the running server by strace: the chosen system calls fail as they would there."""

from __future__ import annotations

import subprocess

from tests.faults.stage import Stage
from tests.faults.trouble import Trouble, endure
from tests.live import until
from tests.needs import need_strace


class Saboteur:
    """Answers some system calls of a running process by itself, until it is called off."""

    def __init__(self, stage: Stage, calls: str) -> None:
        self._stage = stage
        self._calls = calls
        self._notes = stage.folder / "saboteur"
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        names = self._calls.partition(":")[0]
        words = [
            "strace",
            "-f",
            "-p",
            str(self._stage.server.pid),
            "-e",
            f"trace={names}",
            "-e",
            f"inject={self._calls}",
        ]
        with self._notes.open("wb") as notes:
            self._process = subprocess.Popen([*words, "-o", "/dev/null"], stderr=notes)
        until(lambda: b"attached" in self._notes.read_bytes(), 5, "strace")

    def end(self) -> None:
        assert self._process
        self._process.terminate()
        self._process.wait(5)


async def sabotage(stage: Stage, calls: str) -> None:
    """People talk while the server's `calls` fail."""
    need_strace(attach=True)
    saboteur = Saboteur(stage, calls)
    await stage.start()
    try:
        await endure(stage, Trouble(saboteur.begin, saboteur.end, stage.choose(2.0, 10.0)))
    finally:
        saboteur.end()
