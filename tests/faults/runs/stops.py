"""SIGTERM while everybody talks: what has begun is finished, everybody is told when to come back, and comes."""

from __future__ import annotations

import asyncio
import signal
import time

from tests.faults.crowd import Crowd
from tests.faults.stage import Stage

STOP_WITHIN_S = 10.0
BACK_WITHIN_S = 10.0


async def run(stage: Stage) -> None:
    """30 people, 60 messages a second, 20 stops; then one that is told twice and ends at once."""
    stops = stage.choose(2, 20)
    await stage.start()
    codes, took, back, shares = [], [], [], []
    crowd = Crowd(stage, 30, 5)
    async with crowd:
        talk = asyncio.create_task(crowd.talk(60))
        for _ in range(stops):
            await asyncio.sleep(stage.rng.uniform(0.5, 2.0))
            begin = time.monotonic()
            codes.append(await asyncio.to_thread(stage.server.stop))
            took.append(time.monotonic() - begin)
            shares.append(_share_of_own_moments(crowd))
            await asyncio.to_thread(stage.server.timed_restart)
            back.append(await _seconds_until_most_are_back(crowd))
        seconds, code = await _told_twice(stage)
        await asyncio.to_thread(stage.server.restart)
        talk.cancel()
        await crowd.settle()
    stage.report.note("SIGTERM", stops)
    stage.report.hold("exit codes other than 0", sum(code != 0 for code in codes), at_most=0)
    stage.report.hold("slowest exit, s", max(took), at_most=STOP_WITHIN_S)
    stage.report.hold("95 % back, slowest time, s", max(back), at_most=BACK_WITHIN_S)
    stage.report.hold("told a moment of their own to return, least share", min(shares), at_least=0.9)
    stage.report.hold("told twice to stop: gone after, s", seconds, at_most=1.0)
    stage.report.note("its exit code", code)
    crowd.check()
    await asyncio.to_thread(stage.server.stop)


def _share_of_own_moments(crowd: Crowd) -> float:
    told = [moment for history in crowd.histories for moment in history.stopping_ms]
    for history in crowd.histories:
        history.stopping_ms.clear()
    return len(set(told)) / len(crowd.clients)


async def _seconds_until_most_are_back(crowd: Crowd) -> float:
    begin = time.monotonic()
    most = 0.95 * len(crowd.clients)
    await crowd.wait(lambda: sum(client.is_in for client in crowd.clients) >= most, 2 * BACK_WITHIN_S)
    return time.monotonic() - begin


async def _told_twice(stage: Stage) -> tuple[float, int | None]:
    begin = time.monotonic()
    stage.server.signal(signal.SIGTERM)
    await asyncio.sleep(0.05)
    stage.server.signal(signal.SIGTERM)
    code = await asyncio.to_thread(stage.server.wait_dead, 15)
    return time.monotonic() - begin, code
