"""The disk refuses: every write as read-only, then every sync as an I/O error, put into the server by strace."""

from __future__ import annotations

import subprocess

from tests.faults.stage import Stage
from tests.faults.trouble import endure
from tests.live import until
from tests.needs import need_strace

READ_ONLY = "pwrite64:error=EROFS"
BROKEN_SYNC = "fsync,fdatasync:error=EIO"


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


async def run(stage: Stage) -> None:
    need_strace(attach=True)
    seconds = stage.choose(2.0, 10.0)
    for calls in (READ_ONLY, BROKEN_SYNC):
        saboteur = Saboteur(stage, calls)
        stage.server.data = stage.folder / calls.partition("=")[2]
        await stage.start()
        try:
            await endure(stage, saboteur.begin, saboteur.end, seconds)
        finally:
            saboteur.end()
