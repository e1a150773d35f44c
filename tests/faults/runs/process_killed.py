"""One process of three dies: its people come back elsewhere, and who does not is seen to be gone."""

from __future__ import annotations

import asyncio

from tests.faults.crowd import Crowd
from tests.faults.stage import quantile
from tests.faults.wide import WideStage

STAGE = WideStage


async def run(stage: WideStage) -> None:
    """18 people, 30 messages a second; at the end some leave without a word, and then their process dies too."""
    await stage.start()
    crowd = Crowd(stage, 18, 3)
    back = []
    async with crowd:
        talk = asyncio.create_task(crowd.talk(30))
        await asyncio.sleep(stage.choose(1.0, 5.0))
        for _ in range(stage.choose(1, 10)):
            victim = stage.rng.choice(stage.servers)
            await asyncio.to_thread(victim.kill)
            begin = asyncio.get_running_loop().time()
            await crowd.wait(lambda: not all(each.is_in for each in crowd.clients), 5)
            await crowd.wait(lambda: all(each.is_in for each in crowd.clients), 20)
            back.append(asyncio.get_running_loop().time() - begin)
            await asyncio.to_thread(victim.restart)
        await crowd.some_leave(0.2)
        await asyncio.to_thread(stage.servers[0].kill)
        talk.cancel()
        await crowd.settle()
    stage.report.hold("all back elsewhere, slowest, s", quantile(back, 1), at_most=10.0)
    crowd.note_lags()
    crowd.check()
