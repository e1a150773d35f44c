"""Every connection to Redis is cut, a few times."""

import time

from tests.faults.wide import WideStage, endure

STAGE = WideStage


async def run(stage: WideStage) -> None:
    await stage.start()

    def cut() -> None:
        for _ in range(stage.choose(2, 20)):
            for kind in ("normal", "pubsub"):
                stage.redis.asks("CLIENT", "KILL", "TYPE", kind)
            time.sleep(stage.rng.uniform(0.2, 1.0))

    await endure(stage, cut, lambda: None, 2.0)
