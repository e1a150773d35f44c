"""Coming back: one link at a time, made again with full jitter whenever it ends."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any

from tests.faults.history import History
from tests.faults.wire import Connection, Lost, NoAnswer, TurnedAway


class Comeback:
    """A member who wants to be in `rooms`. A subclass says what to do there, and with what is heard."""

    def __init__(self, name: str, rooms: list[str], port: Callable[[], int], rng: random.Random) -> None:
        self.name = name
        self.rooms = rooms
        self.history = History(name)
        self.connection: Connection | None = None
        self._port = port
        self._rng = rng
        # What the server says of coming back: between these, or, when it stops, after this.
        self._reconnect_s = (0.5, 10.0)
        self._told_wait_s: float | None = None
        self._failures = 0
        self._entered: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._live())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
        if self.connection:
            self.connection.abort()

    @property
    def is_in(self) -> bool:
        return self._entered == set(self.rooms)

    def _auth(self) -> dict[str, Any] | None:
        raise NotImplementedError

    def _hear(self, event: str, payload: Any) -> None:
        raise NotImplementedError

    async def _enter(self, room: str) -> None:
        """Returns when the room has let us in."""
        raise NotImplementedError

    async def _be_in(self, room: str) -> None:
        """Runs until the link ends."""
        raise NotImplementedError

    async def _live(self) -> None:
        while True:
            try:
                await self._visit()
            except* (Lost, NoAnswer) as why:
                self.history.endings[str(_leaf(why))] += 1
            except* TurnedAway as no:
                self.history.codes[str(_leaf(no))] += 1
            self._entered.clear()
            await asyncio.sleep(self._wait_s())

    def _wait_s(self) -> float:
        """Full jitter between the server's limits; a server that stops says itself how long."""
        self._failures += 1
        told, self._told_wait_s = self._told_wait_s, None
        shortest, longest = self._reconnect_s
        return told or self._rng.uniform(shortest, max(shortest, min(longest, shortest * 2**self._failures)))

    async def _visit(self) -> None:
        self.connection = await Connection.open(self._port(), self._hear, self._auth())
        try:
            async with asyncio.TaskGroup() as group:
                for room in self.rooms:
                    group.create_task(self._attend(room))
                await self.connection.ended()
                raise Lost(self.connection.why)
        finally:
            self.connection.abort()

    async def _attend(self, room: str) -> None:
        await self._enter(room)
        self._entered.add(room)
        if self.is_in:
            self._failures = 0
            self.history.back_at.append(asyncio.get_running_loop().time())
        await self._be_in(room)


def _leaf(error: BaseException) -> BaseException:
    return _leaf(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error
