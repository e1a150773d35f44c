"""What somebody wrote and nobody confirmed yet. It outlives the client, as a browser's database outlives its page."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque

from tests.faults.history import Sent


class Outbox:
    """One queue a room, in the order of writing."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[Sent]] = defaultdict(deque)
        self._news: dict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def put(self, sent: Sent) -> None:
        self._queues[sent.room].append(sent)
        self._news[sent.room].set()

    async def first(self, room: str) -> Sent:
        """The oldest one; it stays until it is removed."""
        while not self._queues[room]:
            self._news[room].clear()
            await self._news[room].wait()
        return self._queues[room][0]

    def remove(self, sent: Sent) -> None:
        if self._queues[sent.room].popleft() != sent:
            raise AssertionError("only the oldest message is ever answered")

    def waiting(self) -> list[Sent]:
        return [sent for queue in self._queues.values() for sent in queue]
