"""Redis in trouble between three processes: stopped and empty afterwards, frozen, emptied, every connection cut."""

from __future__ import annotations

from collections.abc import Callable

from tests.faults.trouble import Trouble, endure
from tests.faults.wide import WideStage

STAGE = WideStage


async def run(stage: WideStage) -> None:
    """30 s without it, 60 s of its silence."""
    await stage.start()
    redis = stage.redis

    def cut() -> None:
        for kind in ("normal", "pubsub"):
            redis.asks("CLIENT", "KILL", "TYPE", kind)

    def nothing() -> None: ...

    def trouble(name: str, begin: Callable[[], None], end: Callable[[], None], short: float, long: float) -> Trouble:
        return Trouble(begin, end, stage.choose(short, long), name, refuses=False, acks=True)

    await endure(
        stage,
        trouble("stopped", redis.stop, redis.start, 4.0, 30.0),
        trouble("frozen", redis.freezes, redis.thaws, 4.0, 60.0),
        trouble("emptied", redis.flushes, nothing, 2.0, 10.0),
        trouble("cut", cut, nothing, 1.0, 10.0),
    )
