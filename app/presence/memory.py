"""Presence inside one process.

A member is *here* with at least one connection; *lingering* for the grace after the last one dropped (nobody is told
yet); *away* until the lease ends (told as gone, the name still theirs); then forgotten.
"""

from __future__ import annotations

import heapq
import threading
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from app.chat import names
from app.chat.facts import PresenceFact
from app.chat.members import Member
from app.chat.ports import Entry
from app.chat.refusals import NameTaken, NotInRoom, RoomFull


@dataclass(slots=True)
class _Seat:
    """One member in one room. `dropped_at` is None while a connection is open."""

    member: Member
    connections: dict[str, None] = field(default_factory=dict)
    dropped_at: float | None = None
    is_seen: bool = True


@dataclass(slots=True)
class _Room:
    seats: dict[str, _Seat] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    seen: int = 0


class MemoryPresence:
    """`grace_s`: how long a drop goes unnoticed. `lease_s`: how long the name waits. `clock` in seconds, monotonic."""

    is_well = True

    def __init__(self, clock: Callable[[], float], grace_s: float, lease_s: float, capacity: int) -> None:
        self._clock = clock
        self._grace_s = grace_s
        self._lease_s = max(lease_s, grace_s)
        self._capacity = capacity
        self._rooms: dict[str, _Room] = defaultdict(_Room)
        self._rooms_of: dict[str, dict[str, str]] = defaultdict(dict)
        self._due: list[tuple[float, str, str]] = []
        self._lock = threading.Lock()

    def enter(self, room: str, member: Member, connection: str) -> Entry:
        with self._lock:
            seat = self._seat(room, member.id)
            if seat is None or not seat.connections:
                self._claim(room, member)
            seats = self._rooms[room]
            if seat is None:
                seat = seats.seats[member.id] = _Seat(member, is_seen=False)
            is_new, old_name = not seat.is_seen, None
            if not seat.connections:
                old_name = seat.member.name if seat.is_seen and seat.member.name != member.name else None
                seat.member = member
            if is_new:
                seat.is_seen = True
                seats.seen += 1
            seat.connections[connection] = None
            seat.dropped_at = None
            self._rooms_of[connection][room] = member.id
            return Entry(seat.member, is_new, old_name)

    def rename(self, room: str, member: Member) -> str:
        with self._lock:
            seat = self._seat(room, member.id)
            if seat is None or not seat.connections:
                raise NotInRoom()
            self._claim(room, member)
            old_name, seat.member = seat.member.name, member
            return old_name

    def leave(self, room: str, member_id: str, connection: str) -> Member | None:
        with self._lock:
            seat = self._seat(room, member_id)
            if seat is None or connection not in seat.connections:
                raise NotInRoom()
            del seat.connections[connection]
            self._forget_connection(room, connection)
            if seat.connections:
                return None
            self._remove(room, seat)
            return seat.member

    def drop(self, connection: str, *, at_once: bool = False) -> None:
        with self._lock:
            dropped_at = self._clock() - (self._grace_s if at_once else 0)
            for room, member_id in self._rooms_of.pop(connection, {}).items():
                seat = self._rooms[room].seats[member_id]
                del seat.connections[connection]
                if not seat.connections:
                    seat.dropped_at = dropped_at
                    heapq.heappush(self._due, (dropped_at + self._grace_s, room, member_id))

    def sweep(self) -> list[tuple[str, Member]]:
        with self._lock:
            now = self._clock()
            gone: list[tuple[str, Member]] = []
            while self._due and self._due[0][0] <= now:
                _, room, member_id = heapq.heappop(self._due)
                seat = self._seat(room, member_id)
                if seat is None or seat.dropped_at is None:
                    continue
                if seat.is_seen and now >= seat.dropped_at + self._grace_s:
                    seat.is_seen = False
                    self._rooms[room].seen -= 1
                    gone.append((room, seat.member))
                    heapq.heappush(self._due, (seat.dropped_at + self._lease_s, room, member_id))
                elif now >= seat.dropped_at + self._lease_s:
                    self._remove(room, seat)
            return gone

    def news(self) -> list[PresenceFact]:
        return []

    def ousted(self) -> list[str]:
        return []

    def held(self) -> list[tuple[str, Member]]:
        """(room, member) of everybody whose name nobody else may take."""
        with self._lock:
            return [(room, seat.member) for room, here in self._rooms.items() for seat in here.seats.values()]

    def hold(self, room: str, member: Member) -> None:
        """Keep a name for its owner as if they had dropped long ago enough to be missed, and just now for the lease."""
        with self._lock:
            if self._seat(room, member.id) is not None:
                return
            try:
                self._claim(room, member)
            except (NameTaken, RoomFull):
                return
            now = self._clock()
            self._rooms[room].seats[member.id] = _Seat(member, dropped_at=now, is_seen=False)
            heapq.heappush(self._due, (now + self._lease_s, room, member.id))

    def member(self, room: str, member_id: str) -> Member | None:
        seat = self._seat(room, member_id)
        return seat.member if seat and seat.connections else None

    def knows(self, room: str, member_id: str) -> bool:
        return self._seat(room, member_id) is not None

    def holder(self, room: str, name: str) -> str | None:
        owners = self._rooms[room].owners if room in self._rooms else {}
        return next((owners[key] for key in names.keys(name) if key in owners), None)

    def members(self, room: str) -> list[Member]:
        if room not in self._rooms:
            return []
        return [seat.member for seat in self._rooms[room].seats.values() if seat.is_seen]

    def count(self, room: str) -> int:
        return self._rooms[room].seen if room in self._rooms else 0

    def connections(self, room: str, member_id: str) -> list[str]:
        seat = self._seat(room, member_id)
        return list(seat.connections) if seat else []

    def rooms_of(self, connection: str) -> Collection[str]:
        return self._rooms_of.get(connection, ())

    def rooms(self) -> dict[str, int]:
        return {room: here.seen for room, here in self._rooms.items() if here.seen}

    def _seat(self, room: str, member_id: str) -> _Seat | None:
        here = self._rooms.get(room)
        return None if here is None else here.seats.get(member_id)

    def _claim(self, room: str, member: Member) -> None:
        """Check and take; the caller holds the lock."""
        here = self._rooms[room] if room in self._rooms else _Room()
        keys = names.keys(member.name)
        if any(here.owners.get(key, member.id) != member.id for key in keys):
            raise NameTaken(member.name)
        seat = here.seats.get(member.id)
        if (seat is None or not seat.is_seen) and here.seen >= self._capacity:
            raise RoomFull(self._capacity)
        self._rooms[room] = here
        for key in names.keys(seat.member.name) if seat else ():
            here.owners.pop(key, None)
        here.owners.update(dict.fromkeys(keys, member.id))

    def _remove(self, room: str, seat: _Seat) -> None:
        here = self._rooms[room]
        del here.seats[seat.member.id]
        for key in names.keys(seat.member.name):
            here.owners.pop(key, None)
        here.seen -= seat.is_seen
        if not here.seats:
            del self._rooms[room]

    def _forget_connection(self, room: str, connection: str) -> None:
        rooms = self._rooms_of[connection]
        del rooms[room]
        if not rooms:
            del self._rooms_of[connection]
