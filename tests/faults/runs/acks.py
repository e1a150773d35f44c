"""A third of all answers never arrives, some arrive twice, and every message is sent up to five times at once."""

from __future__ import annotations

import asyncio

from tests.faults.client import Manner
from tests.faults.crowd import Crowd
from tests.faults.proxy import Weather
from tests.faults.stage import Stage


async def run(stage: Stage) -> None:
    """30 people, 40 messages a second: each is stored once, shown once, and acknowledged in the end."""
    await stage.start()
    weather = Weather(lost={"acks": 0.3}, repeated={"acks": 0.1})
    crowd = Crowd(stage, 30, 5, weather=weather, manner=Manner(answer_within_s=0.7, repeats=5))
    async with crowd:
        await crowd.talk_for(stage.choose(5.0, 120.0), 40)
        await crowd.settle()
    for what in ("acks", "acks lost", "acks repeated"):
        stage.report.note(what, sum(proxy.counts[what] for proxy in crowd.proxies))
    stage.report.hold("share of acks lost", _share(stage), at_least=0.25)
    crowd.check()
    await asyncio.to_thread(stage.server.stop)


def _share(stage: Stage) -> float:
    return int(stage.report.figures["acks lost"]) / max(1, int(stage.report.figures["acks"]))
