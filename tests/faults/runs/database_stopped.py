"""PostgreSQL ends as by a failing machine, and begins again."""

from tests.faults.wide import WideStage, endure

STAGE = WideStage


async def run(stage: WideStage) -> None:
    await stage.start()
    await endure(stage, stage.cluster.stop, stage.cluster.start, stage.choose(3.0, 20.0), acks=False, refuses=True)
