"""Everybody comes back at once: two thousand clients after a restart, while those who are in already go on talking."""

from __future__ import annotations

import asyncio
import resource
import signal
from collections import Counter

from tests.faults.client import Manner
from tests.faults.crowd import Crowd
from tests.faults.stage import Stage, quantile

BACK_WITHIN_S = 20.0
# A link that could not begin because nobody listened yet was not dropped.
NOT_UP_YET = ("ConnectionRefusedError",)


async def run(stage: Stage) -> None:
    """20 rooms of 100; killed, then told to stop: all are back in 20 s with what they missed, and nobody is dropped."""
    people, rooms = stage.choose((300, 10), (2000, 20))
    _raise_open_files()
    # The usual times to come back, in the short form too: they are part of what is measured.
    await stage.start(CHAT_RECONNECT_MAX_S="10")
    stage.rooms_each = 1
    # A hundred answers wait their turn in one loop here; that is not the server's delay.
    crowd = Crowd(stage, people, rooms, manner=Manner(answer_within_s=15.0))
    stage.report.note("people", people)
    async with crowd:
        for how in stage.choose((signal.SIGKILL,), (signal.SIGKILL, signal.SIGTERM)):
            await _return(stage, crowd, how)
        await crowd.settle()
    crowd.check()
    await asyncio.to_thread(stage.server.stop)


async def _return(stage: Stage, crowd: Crowd, how: signal.Signals) -> None:
    talk = asyncio.create_task(crowd.talk(20))
    await asyncio.sleep(2)
    await asyncio.to_thread(stage.server.end, how)
    await asyncio.to_thread(stage.server.restart)
    up_at = asyncio.get_running_loop().time()
    before = _dropped(crowd)
    await crowd.wait(lambda: all(client.is_in for client in crowd.clients), 3 * BACK_WITHIN_S)
    talk.cancel()
    back = [client.history.back_at[-1] - up_at for client in crowd.clients]
    stage.report.note(f"{how.name}: half are back after, s", quantile(back, 0.5))
    stage.report.hold(f"{how.name}: all are back after, s", max(back), at_most=BACK_WITHIN_S)
    stage.report.hold(f"{how.name}: in", sum(client.is_in for client in crowd.clients), at_least=len(crowd.clients))
    stage.report.hold(f"{how.name}: dropped", (_dropped(crowd) - before).total(), at_most=0)


def _dropped(crowd: Crowd) -> Counter[str]:
    endings: Counter[str] = sum((client.history.endings for client in crowd.clients), Counter())
    return Counter({why: times for why, times in endings.items() if why not in NOT_UP_YET})


def _raise_open_files() -> None:
    """For us and for the server we start."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most if most != resource.RLIM_INFINITY else 65536, most))
