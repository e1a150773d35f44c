"""One process of three stands still, is taken for dead, and wakes: it undoes nothing that the living did meanwhile."""

from __future__ import annotations

import asyncio
import signal

from tests.faults.crowd import Crowd
from tests.faults.wide import WideStage

STAGE = WideStage


async def run(stage: WideStage) -> None:
    """18 people, 20 messages a second; it sleeps longer than the lease of a process, which is 8 s."""
    await stage.start()
    crowd = Crowd(stage, 18, 3)
    async with crowd:
        talk = asyncio.create_task(crowd.talk(20))
        for _ in range(stage.choose(1, 3)):
            sleeper = stage.rng.choice(stage.servers)
            sleeper.signal(signal.SIGSTOP)
            await asyncio.sleep(stage.choose(15.0, 60.0))
            sleeper.signal(signal.SIGCONT)
            await asyncio.sleep(3)
        talk.cancel()
        await crowd.settle()
    crowd.check()
