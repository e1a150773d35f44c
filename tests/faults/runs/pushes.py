"""A third of the live messages never arrives and some arrive twice: pages notice, and mend themselves."""

from __future__ import annotations

import asyncio

from tests.faults.crowd import Crowd
from tests.faults.proxy import Weather
from tests.faults.stage import Stage


async def run(stage: Stage) -> None:
    """30 people in 10 rooms with few words, so that it is often the last message that is lost."""
    await stage.start()
    crowd = Crowd(stage, 30, 10, weather=Weather(lost={"pushes": 0.3}, repeated={"pushes": 0.1}))
    async with crowd:
        await crowd.talk_for(stage.choose(5.0, 60.0), 6)
        await crowd.settle()
    for what in ("pushes", "pushes lost", "pushes repeated"):
        stage.report.note(what, sum(proxy.counts[what] for proxy in crowd.proxies))
    crowd.note_lags()
    crowd.check()
    await asyncio.to_thread(stage.server.stop)
