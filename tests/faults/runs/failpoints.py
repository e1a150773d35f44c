"""The server dies at the worst places: inside a transaction, between commit and publish, between publish and ack."""

from __future__ import annotations

import asyncio
import sys

from tests.faults.crowd import Crowd
from tests.faults.stage import Stage

# As in tests/faults/failing.py, which patches the library and so cannot be imported here.
PLACES = ("begin", "commit", "committed", "publish", "ack")
# Most people are to be back before the next death.
SOON = {"CHAT_RECONNECT_MAX_S": "1"}


async def run(stage: Stage) -> None:
    """20 people in 3 rooms, 60 messages a second; each place is hit again and again."""
    stage.server.words = (sys.executable, "-m", "tests.faults.failing")
    deaths = [place for place in PLACES for _ in range(stage.choose(1, 10))]
    stage.rng.shuffle(deaths)
    fired = 0
    await stage.start(CHAT_TEST_FAILPOINT="nowhere:0", **SOON)
    crowd = Crowd(stage, 20, 3)
    async with crowd:
        talk = asyncio.create_task(crowd.talk(60))
        for place in deaths:
            await asyncio.to_thread(stage.server.kill)
            await stage.start(CHAT_TEST_FAILPOINT=f"{place}:{stage.rng.randint(3, 90)}", **SOON)
            fired += await asyncio.to_thread(stage.server.wait_dead, 20) == -9
        await stage.start(CHAT_TEST_FAILPOINT="nowhere:0", **SOON)
        talk.cancel()
        await crowd.settle()
    stage.report.hold("deaths at a failpoint", fired, at_least=len(deaths))
    crowd.check()
    await asyncio.to_thread(stage.server.stop)
