"""The process is stopped for a while, as by a busy host or a debugger, and goes on."""

from __future__ import annotations

import asyncio
import signal

from tests.faults.crowd import Crowd
from tests.faults.stage import Stage


async def run(stage: Stage) -> None:
    """30 people; longer than any ping may take. Afterwards everybody is there for everybody, and the order stands."""
    pauses, seconds = stage.choose((1, 6.0), (3, 15.0))
    # The short form has shorter pings, so that it too outlasts them.
    pings = stage.choose({"CHAT_PING_INTERVAL_S": "2", "CHAT_PING_TIMEOUT_S": "2"}, {})
    await stage.start(**pings)
    crowd = Crowd(stage, 30, 5)
    async with crowd:
        talk = asyncio.create_task(crowd.talk(40))
        for _ in range(pauses):
            await asyncio.sleep(stage.rng.uniform(1.0, 2.0))
            stage.server.signal(signal.SIGSTOP)
            await asyncio.sleep(seconds)
            stage.server.signal(signal.SIGCONT)
            await asyncio.sleep(3.0)
        talk.cancel()
        await crowd.settle()
    stage.report.note("pauses", pauses)
    stage.report.note("each, s", seconds)
    stage.report.note("told as left for a moment", sum(sum(history.told_left.values()) for history in crowd.histories))
    crowd.check()
    await asyncio.to_thread(stage.server.stop)
