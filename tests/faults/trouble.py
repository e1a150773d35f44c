"""A disk in trouble: what everybody may expect meanwhile, and soon after."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.client import line_of
from tests.faults.crowd import Crowd
from tests.faults.history import History, Sent
from tests.faults.stage import Stage
from tests.faults.wire import Connection

ROOM = "probe"
ANSWER_WITHIN_S = 2.0
ACKED_WITHIN_S = 0.5
RECOVERS_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong between `begin` and `end`, and what works all the same.

    refuses  some messages must be refused meanwhile, else it was no trouble
    acks     none may be: each is acknowledged in time, and seen by the others in time
    """

    begin: Callable[[], None]
    end: Callable[[], None]
    seconds: float
    name: str = ""
    refuses: bool = True
    is_readable: bool = True
    acks: bool = False


async def endure(stage: Stage, *troubles: Trouble, is_certain: bool = True) -> None:
    """One after another while people talk: no false ack, a refusal in time, a readable room, recovery.

    is_certain  what was refused is not there; of a commit cut off on its way through a network nobody can say that
    """
    crowd = Crowd(stage, *stage.crowd)
    newcomer = crowd.clients[-1]
    probe = Probe(stage)
    recovered_s = []
    async with crowd:
        talk = asyncio.create_task(crowd.talk(20))
        await asyncio.sleep(2)
        await probe.enter()
        for trouble in troubles:
            refused = len(probe.refused_s)
            await asyncio.to_thread(trouble.begin)
            # Who comes in meanwhile may have to wait, and comes in.
            newcomer.reload()
            deadline = time.monotonic() + trouble.seconds
            while time.monotonic() < deadline:
                await probe.look(is_readable=trouble.is_readable)
            await asyncio.to_thread(trouble.end)
            recovered_s.append(await probe.accepted_after())
            what = f"{trouble.name}: refused as unavailable to one writer".removeprefix(": ")
            refused = len(probe.refused_s) - refused
            stage.report.hold(what, refused, at_least=int(trouble.refuses), at_most=0 if trouble.acks else None)
        talk.cancel()
        await crowd.settle()
    probe.leave()
    if not is_certain:
        probe.history.refused.clear()
    crowd.others.append(probe.history)
    stage.report.note("trouble lasted, s", sum(trouble.seconds for trouble in troubles))
    stage.report.hold("accepts again after, s", max(recovered_s), at_most=RECOVERS_WITHIN_S)
    if all(trouble.acks for trouble in troubles):
        stage.report.hold("slowest ack, s", max(probe.acked_s), at_most=ACKED_WITHIN_S)
        crowd.note_lags(newcomer)
    stage.report.hold("slowest refusal, s", max(probe.refused_s, default=0), at_most=ANSWER_WITHIN_S)
    stage.report.hold("reads meanwhile that failed", probe.unread, at_most=0)
    stage.report.note("reads meanwhile that worked", probe.read)
    crowd.check()
    await asyncio.to_thread(stage.server.stop)


class Probe:
    """One member who writes and reads all the time, and repeats nothing: what was refused must never be there."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.refused_s: list[float] = []
        self.acked_s: list[float] = []
        self.read = self.unread = 0
        self.history = History("Probe")
        self._connection: Connection | None = None

    async def enter(self) -> None:
        self._connection = await Connection.open(self.stage.server.port, lambda event, payload: None, {"v": 1})
        answer = await self._connection.ask("room:join", {"room": ROOM, "name": "Probe"}, 5)
        assert answer["ok"], answer
        # The room has a row from here on.
        assert await self._say()

    async def look(self, *, is_readable: bool) -> None:
        """One message, one page of history."""
        await self._say()
        assert self._connection
        page = await self._connection.ask("history:fetch", {"room": ROOM}, 5)
        self.read += page["ok"]
        self.unread += is_readable and not page["ok"]
        await asyncio.sleep(0.1)

    async def accepted_after(self) -> float:
        """Seconds until a message is taken again."""
        begin = time.monotonic()
        while not await self._say() and time.monotonic() - begin < 4 * RECOVERS_WITHIN_S:
            await asyncio.sleep(0.05)
        return time.monotonic() - begin

    def leave(self) -> None:
        assert self._connection
        self._connection.abort()

    async def _say(self) -> bool:
        assert self._connection
        key = f"{self.stage.rng.getrandbits(128):032x}"
        sent = Sent(ROOM, key, f"Probe writes line {len(self.history.sent)} {key}")
        self.history.sent.append(sent)
        begin = time.monotonic()
        answer = await self._connection.ask("message:send", {"room": ROOM, "client_id": key, "body": sent.body}, 10)
        if answer["ok"]:
            self.acked_s.append(time.monotonic() - begin)
            self.history.acked.append(line_of(answer["message"]))
        else:
            self.refused_s.append(time.monotonic() - begin)
            self.history.refused[key] = answer["error"]["code"]
            if answer["error"]["code"] != "unavailable" or "retry_after_ms" not in answer["error"]:
                self.stage.report.broken.append(f"in trouble, answered {answer['error']}")
        return bool(answer["ok"])
