"""Of what processes tell each other a third is lost, some comes twice, some seconds late: nobody lacks it for long."""

from __future__ import annotations

import asyncio

from tests.faults.bell_proxy import BellProxy, Chances
from tests.faults.crowd import Crowd
from tests.faults.wide import WideStage


class BellStage(WideStage):
    """Each process reaches Redis through a proxy of bad manners."""

    async def start(self, **settings: str) -> None:
        self.bells = BellProxy(self.redis.port, Chances(lost=0.3, repeated=0.1, late=0.2), self.rng)
        await self.bells.start()
        await super().start(**settings)

    def redis_url(self) -> str:
        return f"redis://127.0.0.1:{self.bells.port}/0"


STAGE = BellStage


async def run(stage: BellStage) -> None:
    """18 people in 9 rooms with few words, so that it is often the last bell that is lost."""
    await stage.start()
    crowd = Crowd(stage, 18, 9)
    async with crowd:
        talk = asyncio.create_task(crowd.talk(6))
        for _ in range(stage.choose(2, 20)):
            await asyncio.sleep(2)
            # Comings are told by bells too.
            stage.rng.choice(crowd.clients).reload()
        talk.cancel()
        await crowd.settle()
    for what in ("bells", "lost", "repeated", "late"):
        stage.report.hold(what, stage.bells.counts[what], at_least=1)
    crowd.note_lags()
    crowd.check()
    stage.bells.stop()
