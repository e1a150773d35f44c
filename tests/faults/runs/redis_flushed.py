"""Somebody empties Redis while people talk, again and again: who is here is told anew by those who know."""

from tests.faults.wide import WideStage, endure

STAGE = WideStage


async def run(stage: WideStage) -> None:
    await stage.start()
    for _ in range(stage.choose(1, 5)):
        await endure(stage, stage.redis.flushes, lambda: None, 3.0)
