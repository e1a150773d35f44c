"""The load: one thread, one epoll, many clients. It spends little, counts everything and knows what it spent itself."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import select
import time
from collections import Counter
from collections.abc import Callable, Sequence

from bench.client import TAIL, Client
from bench.wires import Wire

READ_BYTES = 256 * 1024
# Every nth client reads its frames for latencies; a prime, so that it is another place in each room.
SAMPLE = 19
AT_A_TIME = 64


class Stalled(Exception):
    """What was to come did not."""


class Load:
    """delivered, sent, acked: since the start. delays_s: of a few, ack_delays_s: of all; the caller empties both."""

    def __init__(self, ports: Sequence[int], wire: Wire) -> None:
        self.wire = wire
        self._ports = itertools.cycle(ports)
        self.epoll = select.epoll()
        self.clients: dict[int, Client] = {}
        self.buffer = bytearray(TAIL + READ_BYTES)
        self.after_tail = memoryview(self.buffer)[TAIL:]
        self.delivery_from = TAIL - len(wire.delivery) + 1
        self.ack_from = TAIL - len(wire.ack) + 1
        self.now = time.perf_counter()
        self.sent = self.acked = self.delivered = 0
        self.delays_s: list[float] = []
        self.ack_delays_s: list[float] = []
        self._sent_at: list[float] = []
        self._owed = 0
        self._sizes: Counter[str] = Counter()
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._is_talking = False
        self._on_ack: Callable[[], None] | None = None

    def port(self) -> int:
        """Where the next client is to connect: to each process in its turn."""
        return next(self._ports)

    # the loop

    def turn(self, at_most_s: float = 0.05) -> None:
        """Whatever is ready now, or comes within this time."""
        if self._timers:
            at_most_s = max(0.0, min(at_most_s, self._timers[0][0] - time.perf_counter()))
        events = self.epoll.poll(at_most_s)
        self.now = time.perf_counter()
        clients = self.clients
        for fd, what in events:
            client = clients.get(fd)
            if client is None:
                continue
            if what & select.EPOLLOUT:
                client.writable()
            if what & ~select.EPOLLOUT and fd in clients:
                client.readable()
        while self._timers and self._timers[0][0] <= self.now:
            heapq.heappop(self._timers)[2]()

    def later(self, delay_s: float, work: Callable[[], None]) -> None:
        heapq.heappush(self._timers, (time.perf_counter() + delay_s, next(self._order), work))

    def run(self, seconds: float) -> None:
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.turn(min(left, 0.05))

    def until(self, done: Callable[[], bool], within_s: float, what: str) -> None:
        """fails Stalled"""
        end = time.perf_counter() + within_s
        while not done():
            if time.perf_counter() > end:
                raise Stalled(f"{what} did not come within {within_s:.0f} s")
            self.turn()

    # people

    def people(self, rooms: int, members: int) -> list[Client]:
        """Not yet connected, room by room."""
        return [Client(self, f"bench-{room}", f"Guest {n}") for room in range(rooms) for n in range(members)]

    def bring(self, clients: Sequence[Client], within_s: float = 120) -> None:
        """They connect and join, a few at a time."""
        self._few_at_a_time(clients, "on_entered", within_s)

    def connect(self, clients: Sequence[Client], within_s: float = 120) -> None:
        """They connect, a few at a time, and join no room yet."""
        self._few_at_a_time(clients, "on_connected", within_s)

    def enter(self, clients: Sequence[Client], within_s: float = 120) -> None:
        """They join, all at once; one that is told to wait asks again when it may."""
        left = len(clients)

        def entered(_client: Client) -> None:
            nonlocal left
            left -= 1

        for client in clients:
            client.on_entered = entered
            client.join()
        self.until(lambda: not left, within_s, "every answer to a join")

    def _few_at_a_time(self, clients: Sequence[Client], until: str, within_s: float) -> None:
        coming, left = iter(clients), len(clients)

        def next_one() -> None:
            if (client := next(coming, None)) is not None:
                client.open()

        def done(_client: Client) -> None:
            nonlocal left
            left -= 1
            next_one()

        for client in clients:
            client.on_connected = Client.join
            setattr(client, until, done)
        for _ in range(AT_A_TIME):
            next_one()
        self.until(lambda: not left, within_s, "everybody")

    def listen(self, clients: Sequence[Client]) -> None:
        """Once the news of who joined is told, most only count."""
        self.run(1.0)
        self._sizes = Counter(client.room for client in clients)
        for place, client in enumerate(clients):
            if place % SAMPLE:
                client.count()

    def close(self) -> None:
        for client in list(self.clients.values()):
            client.close()
        self.epoll.close()

    # messages

    def say(self, client: Client) -> None:
        number = self.sent
        self.sent += 1
        self._owed += self._sizes[client.room]
        self._sent_at.append(time.perf_counter())
        client.asked.append(number)
        client.send(self.wire.say(client.room, number))

    def deliver(self, number: int) -> None:
        """A sampled client has read a message."""
        self.delivered += 1
        self.delays_s.append(time.perf_counter() - self._sent_at[number])

    def ack(self, client: Client, number: int) -> None:
        self.acked += 1
        self.ack_delays_s.append(time.perf_counter() - self._sent_at[number])
        if self._is_talking and self._on_ack:
            self._on_ack()

    def window(self, speakers: Sequence[Client], in_flight: int) -> None:
        """So many messages on their way at any time: each ack lets the next speaker speak. Runs until `hush`."""
        turn_of = itertools.cycle(speakers)
        self._is_talking = True
        self._on_ack = lambda: self.say(next(turn_of))
        for _ in range(in_flight):
            self._on_ack()

    def pace(self, speakers: Sequence[Client], per_s: float) -> None:
        """So many messages a second, evenly, acked or not. Runs until `hush`."""
        turn_of = itertools.cycle(speakers)
        began, spoken = time.perf_counter(), 0
        self._is_talking = True

        def speak() -> None:
            nonlocal spoken
            if self._is_talking:
                self.say(next(turn_of))
                spoken += 1
                self.later(began + spoken / per_s - time.perf_counter(), speak)

        speak()

    def hush(self, within_s: float = 20) -> int:
        """No new message; wait for all that is due. Returns how many deliveries are missing; below 0: too many came."""
        self._is_talking = False
        with contextlib.suppress(Stalled):
            self.until(lambda: self.acked == self.sent and self.delivered >= self._owed, within_s, "the rest")
        self._on_ack = None
        return self._owed - self.delivered
