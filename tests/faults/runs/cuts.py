"""Every client's link ends every 2 to 10 seconds, in every way a link can; now and then a page crashes too."""

from __future__ import annotations

import asyncio

from tests.faults.crowd import Crowd
from tests.faults.proxy import ENDINGS, Weather
from tests.faults.stage import Stage

LIVES_S = (2.0, 10.0)
RESUMED_P99_S = 5.0


async def run(stage: Stage) -> None:
    """50 people, three minutes: everybody is back soon after a link can be made again, and nothing shows twice."""
    await stage.start()
    crowd = Crowd(stage, 50, 5, weather=Weather(lives_s=LIVES_S, endings=ENDINGS, delay_s=(0.0, 0.02)))
    async with crowd:
        crashes = asyncio.create_task(_pages_crash(crowd))
        await crowd.talk_for(stage.choose(8.0, 180.0), 50)
        crashes.cancel()
        _calm(crowd)
        await crowd.settle()
        await crowd.some_leave(0.2)
        await crowd.settle()
    for ending in ENDINGS:
        stage.report.note(f"links ended by {ending}", sum(proxy.counts[ending] for proxy in crowd.proxies))
    crowd.note_resumed(RESUMED_P99_S)
    crowd.check()
    await asyncio.to_thread(stage.server.stop)


async def _pages_crash(crowd: Crowd) -> None:
    """Once in two seconds one page forgets all but its outbox."""
    while True:
        await asyncio.sleep(2)
        crowd.stage.rng.choice(crowd.clients).reload()


def _calm(crowd: Crowd) -> None:
    """From here on a new link holds; those already made still end as they were meant to."""
    for proxy in crowd.proxies:
        proxy.weather = Weather()
