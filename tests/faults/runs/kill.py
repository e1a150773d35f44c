"""The server is killed at random moments, again and again, while everybody talks."""

from __future__ import annotations

import asyncio

from tests.faults.crowd import Crowd
from tests.faults.stage import Stage

BACK_WITHIN_S = 3.0


async def run(stage: Stage) -> None:
    """30 people in 5 rooms, 60 messages a second: `kill -9`, start again, 100 times."""
    cycles = stage.choose(3, 100)
    await stage.start()
    downs = []
    crowd = Crowd(stage, 30, 5)
    async with crowd:
        talk = asyncio.create_task(crowd.talk(60))
        for _ in range(cycles):
            await asyncio.sleep(stage.rng.uniform(0.3, 2.5))
            await asyncio.to_thread(stage.server.kill)
            downs.append(await asyncio.to_thread(stage.server.timed_restart))
        talk.cancel()
        await crowd.settle()
        await crowd.some_leave(0.2)
        await crowd.settle()
    stage.report.note("kill -9", cycles)
    stage.report.hold("back, slowest, s", max(downs), at_most=BACK_WITHIN_S)
    crowd.check()
    await asyncio.to_thread(stage.server.stop)
