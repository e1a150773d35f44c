"""The disk is full: a small one in memory, filled to the last byte."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess

from tests.faults.stage import Stage
from tests.faults.trouble import Trouble, endure
from tests.needs import need_root

DISK_BYTES = 16 * 2**20


async def run(stage: Stage) -> None:
    need_root("to mount a small disk in memory")
    stage.server.data.mkdir()
    ballast = stage.server.data / "ballast"

    def fill() -> None:
        with ballast.open("ab", buffering=0) as file:
            for size in (2**20, 2**12, 1):
                with contextlib.suppress(OSError):
                    while file.write(b"\0" * size):
                        pass

    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(stage.server.data)]
    subprocess.run(mount, check=True)
    try:
        await stage.start()
        await endure(stage, Trouble(fill, ballast.unlink, stage.choose(4.0, 20.0)))
    finally:
        await asyncio.to_thread(stage.server.stop)
        subprocess.run(["umount", str(stage.server.data)], check=True)
