"""Every system call of the server that matters, watched by strace: is a message on disk before anyone hears of it?"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from tests.faults.crowd import Crowd
from tests.faults.stage import Stage
from tests.faults.syscalls import broken_promises
from tests.live import until
from tests.needs import need_strace

CALLS = "trace=pwrite64,fsync,fdatasync,write,writev,sendto,sendmsg"


async def run(stage: Stage) -> None:
    """10 people, 30 messages a second; nothing with a message may leave before the sync that follows its write."""
    strace, notes = need_strace(), stage.folder / "syscalls"
    # -D: the server, not strace, is our child, so that signals reach it.
    watch = (str(strace), "-D", "-f", "-q", "-y", "-s", "20000", "-e", CALLS, "-e", "signal=none", "-o", str(notes))
    stage.server.words = (*watch, *stage.server.words)
    await stage.start()
    crowd = Crowd(stage, 10, 3)
    async with crowd:
        await crowd.talk_for(stage.choose(4.0, 60.0), 30)
        await crowd.settle()
    pid = stage.server.pid
    await asyncio.to_thread(stage.server.stop)
    await asyncio.to_thread(
        until, lambda: re.search(rf"\n{pid} +\+\+\+ exited", _end_of(notes)), 20, "the end of strace"
    )
    with notes.open(encoding="utf-8", errors="replace") as lines:
        traced = broken_promises(lines)
    acked = {line.key for person in crowd.histories for line in person.acked}
    stage.report.note("messages on disk before they were told", len(traced.sound))
    stage.report.hold("acks written", len(traced.acked & acked), at_least=len(acked))
    stage.report.hold(
        "acked, and never seen on their way to the disk", len(acked - traced.sound - traced.early), at_most=0
    )
    stage.report.hold("told before they were on disk", len(traced.early), at_most=0)
    crowd.check()


def _end_of(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - 4000))
        return file.read().decode(errors="replace")
