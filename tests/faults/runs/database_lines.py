"""Every connection to PostgreSQL is cut, a few times a second."""

import time

from tests.faults.wide import WideStage, endure

STAGE = WideStage


async def run(stage: WideStage) -> None:
    await stage.start()

    def cut() -> None:
        with stage.cluster.line("postgres") as line:
            for _ in range(stage.choose(4, 40)):
                line.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test_%'")
                time.sleep(stage.rng.uniform(0.05, 0.5))

    await endure(stage, cut, lambda: None, 1.0, acks=False)
