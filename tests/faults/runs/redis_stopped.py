"""Redis ends and begins again, empty: everybody goes on where they are, and finds the others again."""

from tests.faults.wide import WideStage, endure

STAGE = WideStage


async def run(stage: WideStage) -> None:
    await stage.start()
    await endure(stage, stage.redis.stop, stage.redis.start, stage.choose(4.0, 30.0))
