"""Many people at once: coming in, sitting still, bursting in, and coming back after a restart."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass

from bench.client import Client
from bench.load import Load
from bench.servers import ALL_MAY_ENTER, Server

SETTLED_S = 3.0
MISSED = 20
SHORTEST_WAIT_S, LONGEST_WAIT_S = 0.5, 10


@dataclass(frozen=True)
class Idle:
    """They connect and join, then nobody says anything: CPU of coming in, memory of being there."""

    rooms: int
    members: int

    def measure(self, server: Server, seconds: float) -> dict[str, float]:
        server.start(**ALL_MAY_ENTER)
        load = Load(server.ports, server.wire())
        try:
            # What a server loads for its first client is not what a client costs.
            load.bring([Client(load, "first", "First")])
            load.run(1.0)
            memory_kb, cpu_s, began = server.memory_kb(), server.cpu_s(), time.perf_counter()
            people = load.people(self.rooms, self.members)
            load.bring(people)
            cpu_s, took_s = server.cpu_s() - cpu_s, time.perf_counter() - began
            load.run(SETTLED_S + seconds)
            total_kb = server.memory_kb()
            return {
                "join_ms": cpu_s / len(people) * 1e3,
                "took_s": took_s,
                "kb": (total_kb - memory_kb) / len(people),
                "total_mb": total_kb / 1024,
            }
        finally:
            load.close()
            server.stop()


@dataclass(frozen=True)
class Burst:
    """All are connected; then all ask to join one room in the same moment."""

    members: int

    def measure(self, server: Server, seconds: float) -> dict[str, float]:
        server.start()
        load = Load(server.ports, server.wire())
        try:
            people = load.people(1, self.members)
            load.connect(people)
            load.run(1.0)
            cpu_s, began = server.cpu_s(), time.perf_counter()
            load.enter(people)
            took_s = time.perf_counter() - began
            # Until the room has been told of the last of them.
            load.run(1.0)
            return {"cpu_s": server.cpu_s() - cpu_s, "took_s": took_s}
        finally:
            load.close()
            server.stop()


@dataclass(frozen=True)
class Return:
    """The server is stopped and started; everybody comes back as a page does, and asks for what it missed."""

    rooms: int
    members: int

    def measure(self, server: Server, seconds: float) -> dict[str, float]:
        server.start(**ALL_MAY_ENTER)
        load = Load(server.ports, server.wire())
        try:
            people = load.people(self.rooms, self.members)
            load.bring(people)
            load.run(1.0)
            # Said while they are here, but their cursors stay where they are: to them it is lost with the link.
            for client in people[:: self.members] * MISSED:
                load.say(client)
            load.until(lambda: load.acked == load.sent, 30, "every ack")
            crowd = Returning(load, people)
            began = time.perf_counter()
            server.ask_to_stop()
            load.until(lambda: server.has_ended, 15, "the end of the server")
            server.launch()
            load.until(lambda: len(crowd.back) == len(people), 120, "everybody's return")
            took_s = time.perf_counter() - began
            return {
                "took_s": took_s,
                "cpu_s": server.cpu_s(),
                "missing": sum(client.missed != MISSED for client in people),
            }
        finally:
            load.close()
            server.stop()


class Returning:
    """Waits and tries again as static/js/backoff.js does, or as the server says. `back`: who has returned."""

    def __init__(self, load: Load, people: list[Client]) -> None:
        self.back: set[Client] = set()
        self._load = load
        self._tries: Counter[Client] = Counter()
        for client in people:
            client.on_lost = self._lost
            client.on_connected = Client.join
            client.on_entered = self.back.add

    def _lost(self, client: Client, _why: str) -> None:
        self.back.discard(client)
        wait_s = random.random() * min(LONGEST_WAIT_S, SHORTEST_WAIT_S * 2 ** min(self._tries[client], 20))
        if client.stopping_ms is not None:
            wait_s, client.stopping_ms = client.stopping_ms / 1000, None
        self._tries[client] += 1
        self._load.later(wait_s, client.open)
