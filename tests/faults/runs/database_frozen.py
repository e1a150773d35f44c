"""PostgreSQL stands still and says nothing."""

from tests.faults.wide import WideStage, endure

STAGE = WideStage


async def run(stage: WideStage) -> None:
    await stage.start()
    await endure(stage, stage.cluster.freeze, stage.cluster.thaw, stage.choose(4.0, 30.0), acks=False, refuses=True)
