"""What is said in a room here and in other processes, put in one order: by its number, none twice, none missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from app.chat.messages import Message
from app.web.wire import EncodedMessage

# What waits for an earlier message costs memory. Beyond so many it is read again from the database instead.
MOST_WAITING: Final = 500

# A message, and its JSON when somebody has written it already.
Item = tuple[Message, EncodedMessage | None]


@dataclass(slots=True)
class _Room:
    told: int
    waiting: dict[int, Item] = field(default_factory=dict)


class Order:
    """For each room that somebody here listens to: told up to where, and what came too early."""

    def __init__(self) -> None:
        self._rooms: dict[str, _Room] = {}

    def begin(self, room: str, head: int) -> None:
        """From `head` on, unless it has begun already."""
        self._rooms.setdefault(room, _Room(head))

    def end(self, room: str) -> None:
        self._rooms.pop(room, None)

    def has(self, room: str) -> bool:
        return room in self._rooms

    def rooms(self) -> list[str]:
        return list(self._rooms)

    def told(self, room: str) -> int:
        """The last number told; 0 in a room that has not begun."""
        return self._rooms[room].told if room in self._rooms else 0

    def take(self, message: Message, encoded: EncodedMessage | None = None) -> Iterable[Item]:
        """What is to be told now: nothing while something before it is missing, or if it was told."""
        here = self._rooms.get(message.room)
        if here is None or message.seq <= here.told:
            return ()
        if message.seq == here.told + 1:
            here.told = message.seq
            return [(message, encoded), *self._ready(here)] if here.waiting else ((message, encoded),)
        if len(here.waiting) < MOST_WAITING:
            here.waiting.setdefault(message.seq, (message, encoded))
        return ()

    def skip(self, room: str, head: int) -> Iterable[Item]:
        """All up to `head` was read. What waits behind it may be told now."""
        here = self._rooms.get(room)
        if here is None:
            return ()
        here.told = max(here.told, head)
        here.waiting = {seq: item for seq, item in here.waiting.items() if seq > here.told}
        return self._ready(here)

    def _ready(self, here: _Room) -> list[Item]:
        ready = []
        while here.told + 1 in here.waiting:
            here.told += 1
            ready.append(here.waiting.pop(here.told))
        return ready
