"""The wall clock jumps an hour ahead, an hour behind, and back."""

from __future__ import annotations

import asyncio

from tests.faults.crowd import Crowd
from tests.faults.database import open_database
from tests.faults.stage import Stage
from tests.needs import need_faketime

JUMPS = ("+1h", "-1h", "+0")
HOUR_MS = 3_600_000


async def run(stage: Stage) -> None:
    """20 people under the usual limits: nobody waits for an hour, nobody leaves, the order stands."""
    clock = stage.folder / "clock"
    clock.write_text("+0")
    await asyncio.to_thread(
        stage.server.start,
        LD_PRELOAD=str(need_faketime()),
        FAKETIME_TIMESTAMP_FILE=str(clock),
        FAKETIME_NO_CACHE="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1",
        DONT_FAKE_MONOTONIC="1",
    )
    crowd = Crowd(stage, 20, 4)
    async with crowd:
        talk = asyncio.create_task(crowd.talk(stage.choose(40, 100)))
        for jump in JUMPS:
            await asyncio.sleep(stage.choose(1.0, 15.0))
            clock.write_text(jump)
        await asyncio.sleep(stage.choose(1.0, 15.0))
        talk.cancel()
        await crowd.settle()
    with open_database(stage.server.data) as database:
        ((first, last),) = database.execute("SELECT min(sent_at_ms), max(sent_at_ms) FROM messages").fetchall()
    stage.report.hold("hours between the times of messages", (last - first) / HOUR_MS, at_least=1.9)
    stage.report.hold("longest wait asked for, s", max(each.longest_wait_s for each in crowd.histories), at_most=10)
    crowd.check()
    await asyncio.to_thread(stage.server.stop)
