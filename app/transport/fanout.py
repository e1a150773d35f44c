"""Who is in which room, and what each is to read: in the order it was said, joined once, written once per turn.

What is said to a room in one turn of the hub is one list. Most members read all of it: its frames are joined once and
the same bytes are written to each. Only members who were also told something aside, passed over, in several rooms or
slow get a text of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Protocol


class Reader(Protocol):
    """What the fan-out needs of a connection."""

    rooms: set[str]
    # Whether so much waits already that what can be learnt again later should be left out.
    is_behind: bool

    def push(self, data: bytes) -> None:
        """Write now, or as soon as the socket takes it; in the order of the calls."""


# (turn, frame, is_droppable): `turn` orders everything said since the last flush, to whomever.
Said = tuple[int, bytes, bool]


class Fanout:
    """`soon(work)` calls `work` in the hub's next turn."""

    def __init__(self, soon: Callable[[Callable[[], None]], None]) -> None:
        self.deliveries = 0
        self._soon = soon
        self._members: dict[str, dict[Reader, None]] = {}
        self._turn = 0
        self._said: dict[str, list[Said]] = defaultdict(list)
        self._aside: dict[Reader, list[Said]] = defaultdict(list)
        self._passed_over: dict[Reader, set[int]] = defaultdict(set)

    def enter(self, room: str, reader: Reader) -> None:
        """From here on `reader` hears the room, and nothing that was said before."""
        self._settle(room)
        self._members.setdefault(room, {})[reader] = None
        reader.rooms.add(room)

    def leave(self, room: str, reader: Reader) -> None:
        """What was said until now is still for `reader`."""
        self._settle(room)
        reader.rooms.discard(room)
        members = self._members.get(room)
        if members is not None:
            members.pop(reader, None)
            if not members:
                del self._members[room]

    def has(self, room: str) -> bool:
        return room in self._members

    @property
    def rooms(self) -> int:
        """How many have a reader."""
        return len(self._members)

    def tell_room(self, room: str, frame: bytes, skip: Iterable[Reader] = (), *, is_droppable: bool = False) -> None:
        if room in self._members:
            turn = self._next_turn()
            self._said[room].append((turn, frame, is_droppable))
            for reader in skip:
                self._passed_over[reader].add(turn)

    def tell(self, reader: Reader, frame: bytes) -> None:
        self._aside[reader].append((self._next_turn(), frame, False))

    def flush(self) -> None:
        """Write everything said until now."""
        if not self._turn:
            return
        said, aside, passed_over = self._said, self._aside, self._passed_over
        self._turn = 0
        self._said, self._aside, self._passed_over = defaultdict(list), defaultdict(list), defaultdict(set)
        apart = dict.fromkeys((*aside, *passed_over))
        # First whoever waits for an answer: they may speak again while the others are written to.
        for reader in aside:
            self._push_own(reader, said, aside[reader], passed_over.get(reader, ()))
        for room, frames in said.items():
            whole = b"".join([frame for _, frame, _ in frames])
            count = len(frames)
            for reader in list(self._members.get(room, ())):
                if reader in apart:
                    continue
                if len(reader.rooms) > 1 or reader.is_behind:
                    apart[reader] = None
                else:
                    reader.push(whole)
                    self.deliveries += count
        for reader in apart:
            if reader not in aside:
                self._push_own(reader, said, (), passed_over.get(reader, ()))

    def _push_own(
        self, reader: Reader, said: dict[str, list[Said]], aside: Iterable[Said], passed_over: Iterable[int]
    ) -> None:
        """A text for this reader alone: what was said aside and in their rooms, in the order it was said."""
        mine = list(aside)
        for room in reader.rooms & said.keys():
            mine += said[room]
        mine.sort()
        is_behind = reader.is_behind
        told = [
            frame for turn, frame, is_droppable in mine if turn not in passed_over and not (is_behind and is_droppable)
        ]
        if told:
            reader.push(b"".join(told))
            self.deliveries += len(told)

    def _settle(self, room: str) -> None:
        """Who is in the room changes: what was said before is for those who are there now."""
        if room in self._said:
            self.flush()

    def _next_turn(self) -> int:
        if not self._turn:
            self._soon(self.flush)
        self._turn += 1
        return self._turn
