"""Many clients in a few rooms, talking at a rate, each over a line of its own if the run asks for one."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tests.faults.checker import check
from tests.faults.client import Client, Manner
from tests.faults.history import History
from tests.faults.proxy import Proxy, Weather
from tests.faults.stage import Stage, quantile

EMPTY_WITHIN_S = 45.0
# Gaps heal within 6 s.
HEAL_WITHIN_S = 10.0
SEEN_WITHIN_S = 6.0


class Crowd:
    """`async with Crowd(...)`: everybody has joined at the beginning, nobody runs after the end."""

    def __init__(
        self,
        stage: Stage,
        people: int,
        rooms: int,
        *,
        weather: Weather | None = None,
        manner: Manner | None = None,
    ) -> None:
        self.stage = stage
        self.rooms = [f"room-{number}" for number in range(rooms)]
        self.proxies = [
            Proxy(stage.server.port, weather, random.Random(stage.rng.getrandbits(64)))
            for _ in range(people if weather else 0)
        ]
        self.clients: list[Client] = []
        # People a run looks after by itself; the checker reads their histories too.
        self.others: list[History] = []
        for number in range(people):
            inside = [self.rooms[(number + each) % rooms] for each in range(stage.rooms_each)]
            rng = random.Random(stage.rng.getrandbits(64))
            port_of = self._proxy_port(number) if weather else lambda rng=rng: rng.choice(stage.ports())
            self.clients.append(stage.client(f"Person {number}", inside, port_of, rng, manner))

    def _proxy_port(self, number: int) -> Callable[[], int]:
        return lambda: self.proxies[number].port

    @property
    def histories(self) -> list[History]:
        return [client.history for client in self.clients] + self.others

    async def __aenter__(self) -> Self:
        for proxy in self.proxies:
            await proxy.start()
        for client in self.clients:
            client.start()
        await self.wait(lambda: all(client.is_in for client in self.clients), 30)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        await asyncio.gather(*(client.stop() for client in self.clients))
        await asyncio.gather(*(proxy.stop() for proxy in self.proxies))

    async def talk(self, per_s: float) -> None:
        """Somebody says something, `per_s` times a second, until cancelled."""
        rng = self.stage.rng
        while True:
            client = rng.choice([each for each in self.clients if each.history.is_present])
            client.write(rng.choice(client.rooms))
            await asyncio.sleep(rng.expovariate(per_s))

    async def talk_for(self, seconds: float, per_s: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.talk(per_s)
        except TimeoutError:
            return

    async def some_leave(self, share: float) -> None:
        """A part of the crowd is gone without a word, and must be seen to be gone."""
        for client in self.clients[: int(len(self.clients) * share)]:
            await self.wait(lambda each=client: not each.outbox.waiting(), EMPTY_WITHIN_S)
            await client.go()

    async def settle(self) -> None:
        """Wait, as long as the promises allow, for outboxes, pages and the lists of people to come right."""
        here = [client for client in self.clients if client.history.is_present]
        await self.wait(lambda: not any(client.outbox.waiting() for client in here), EMPTY_WITHIN_S)
        await self.wait(lambda: all(client.is_in for client in here), EMPTY_WITHIN_S)
        heads = await asyncio.to_thread(self.stage.heads)
        begin = asyncio.get_running_loop().time()
        await self.wait(lambda: self._pages_show(heads, here), HEAL_WITHIN_S)
        self.stage.report.note("pages right after, s", asyncio.get_running_loop().time() - begin)
        await self.wait(lambda: self._people_are(here), self.stage.ghost_within_s)

    def check(self) -> None:
        """After the end: what the checker finds, and what the figures say."""
        report, histories = self.stage.report, self.histories
        codes: Counter[str] = sum((history.codes for history in histories), Counter())
        attempts = [times for history in histories for times in history.attempts.values()]
        report.note("messages", sum(len(history.sent) for history in histories))
        report.note("acked", sum(len({line.key for line in history.acked}) for history in histories))
        report.note("most sends of one message", max(attempts, default=0))
        report.note("messages sent more than once", sum(times > 1 for times in attempts))
        report.note("times somebody came back", sum(len(client.history.back_at) - 1 for client in self.clients))
        report.note("refusals", dict(codes) or "none")
        report.check(check(histories, self.stage.stored(histories)))

    def lags(self, *but: Client) -> list[float]:
        """For each message and each reader, `but` these: seconds from its ack until it was on the page."""
        acked_at = {key: at for history in self.histories for key, at in history.acked_at.items()}
        readers = [client.history for client in self.clients if client not in but]
        shown = [(key, at) for history in readers for key, at in history.shown_at.items()]
        return [max(0, at - acked_at[key]) for key, at in shown if key in acked_at]

    def note_lags(self, *but: Client) -> None:
        lags = self.lags(*but)
        self.stage.report.note("from the ack to another's page, p50, s", quantile(lags, 0.5))
        self.stage.report.hold("the slowest, s", max(lags), at_most=SEEN_WITHIN_S)

    def resumed_s(self) -> list[float]:
        """For each time somebody's link could be made again: seconds until they were back in all their rooms."""
        waits = []
        for client, proxy in zip(self.clients, self.proxies, strict=True):
            since: float | None = None
            moments = [(at, True) for at in proxy.back_at] + [(at, False) for at in client.history.back_at]
            for at, is_cut in sorted(moments):
                if not is_cut and since is not None:
                    waits.append(at - since)
                since = (since or at) if is_cut else None
        return waits

    def note_resumed(self, at_most_p99: float) -> None:
        waits = self.resumed_s()
        self.stage.report.note("links ended and resumed", len(waits))
        self.stage.report.note("resumed p50, s", quantile(waits, 0.5))
        self.stage.report.hold("resumed p99, s", quantile(waits, 0.99), at_most=at_most_p99)

    def _pages_show(self, heads: dict[str, int], here: list[Client]) -> bool:
        return all(client.has(room, heads.get(room, 0)) for client in here for room in client.rooms)

    def _people_are(self, here: list[Client]) -> bool:
        for room in self.rooms:
            inside = {client.history.member_id for client in here if room in client.rooms}
            if any(client.history.people[room].keys() != inside for client in here if room in client.rooms):
                return False
        return True

    @staticmethod
    async def wait(condition: Callable[[], bool], within_s: float) -> bool:
        """Whether it came true in time. What did not is the checker's to find."""
        deadline = asyncio.get_running_loop().time() + within_s
        while not condition():
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(0.05)
        return True
