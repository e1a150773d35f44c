"""Redis stands still and says nothing, which is worse than being gone."""

from tests.faults.wide import WideStage, endure

STAGE = WideStage


async def run(stage: WideStage) -> None:
    await stage.start()
    await endure(stage, stage.redis.freezes, stage.redis.thaws, stage.choose(6.0, 60.0))
