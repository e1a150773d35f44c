"""What a process knows of a room in which it has somebody: all that Redis knows, a moment late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from msgspec import Struct

from app.chat import names
from app.chat.facts import MemberJoined, MemberLeft, MemberRenamed, PresenceFact
from app.chat.members import Member


class Change(Struct, forbid_unknown_fields=True, array_like=True, frozen=True):
    """How others see a member from this version of the room on. Without a name they have no seat any more."""

    version: int
    process: str
    member: str
    name: str
    order: int
    is_seen: bool
    is_here: bool


class Seat(Struct, array_like=True):
    """As it rests in Redis: see lua/room.lua."""

    name: str
    order: int
    is_seen: bool
    version: int
    dropped_at: float
    keys: list[str]
    connections: list[str]


change_of = msgspec.msgpack.Decoder(Change).decode
seat_of = msgspec.msgpack.Decoder(Seat).decode


@dataclass(frozen=True, slots=True)
class Seen:
    member: Member
    order: int
    is_seen: bool
    is_here: bool
    version: int


class Mirror:
    """Versions come in any order, and each member is as their highest one says.

    heard  up to this version all were heard, or read
    """

    def __init__(self, room: str) -> None:
        self.heard = 0
        self.seats: dict[str, Seen] = {}
        self.owners: dict[str, str] = {}
        self.count = 0
        self._room = room
        self._born = 0
        # Versions of those without a seat, for as long as an older one may still be heard.
        self._gone: dict[str, int] = {}
        # Who was not put back yet after Redis lost everything, and since when.
        self._missed: dict[str, float] = {}

    def members(self) -> list[Member]:
        seats = sorted(self.seats.copy().values(), key=lambda seat: seat.order)
        return [seat.member for seat in seats if seat.is_seen]

    def apply(self, change: Change) -> PresenceFact | None:
        """What that is to the people in the room; nothing if it is old."""
        seat = self.seats.get(change.member)
        if change.version <= (seat.version if seat else self._gone.get(change.member, 0)):
            return None
        if not change.name:
            if change.version > self.heard:
                self._gone[change.member] = change.version
            return self._put(change.member, None)
        member = Member(change.member, change.name)
        return self._put(change.member, Seen(member, change.order, change.is_seen, change.is_here, change.version))

    def hear(self, version: int) -> bool:
        """Whether it is the next one: else something was missed."""
        is_next = version == self.heard + 1
        self.heard = version
        if self._gone:
            self._gone = {member: at for member, at in self._gone.items() if at > version}
        return is_next

    def doubt_all(self) -> None:
        """Redis went back behind what was heard of it: what is read next is a room that began anew."""
        self._born = -1

    def replace(self, version: int, born: int, seats: dict[str, Seat], now: float) -> list[PresenceFact]:
        """Read anew. Whom Redis lost with the whole room is waited for: their process may put them back."""
        is_reborn = self._born not in (0, born)
        since = -1 if is_reborn else version
        self._born, self.heard = born, version if is_reborn else max(version, self.heard)
        if is_reborn:
            self._gone.clear()
        facts = []
        for member_id, seat in seats.items():
            old = self.seats.get(member_id)
            if is_reborn or (old.version if old else self._gone.get(member_id, 0)) <= version:
                member = Member(member_id, seat.name)
                new = Seen(member, seat.order, seat.is_seen, bool(seat.connections), seat.version)
                facts.append(self._put(member_id, new))
        for member_id, old in list(self.seats.items()):
            if member_id in seats or (not is_reborn and old.version > since):
                continue
            if old.is_seen and (is_reborn or member_id in self._missed):
                self._missed.setdefault(member_id, now)
            else:
                facts.append(self._put(member_id, None))
        return _without_none(facts)

    def give_up(self, missed_before: float) -> list[PresenceFact]:
        """Nobody has put these back: they are gone."""
        late = [member_id for member_id, since in self._missed.items() if since < missed_before]
        return _without_none(self._put(member_id, None) for member_id in late)

    def _put(self, member_id: str, new: Seen | None) -> PresenceFact | None:
        self._missed.pop(member_id, None)
        old = self.seats.pop(member_id, None) if new is None else self.seats.get(member_id)
        for key in names.keys(old.member.name) if old else ():
            if self.owners.get(key) == member_id:
                del self.owners[key]
        if new is not None:
            self.seats[member_id] = new
            self.owners.update(dict.fromkeys(names.keys(new.member.name), member_id))
        was = old.member if old and old.is_seen else None
        now = new.member if new and new.is_seen else None
        self.count += (now is not None) - (was is not None)
        if was is None:
            return MemberJoined(self._room, now) if now else None
        if now is None:
            return MemberLeft(self._room, was)
        return MemberRenamed(self._room, now, was.name) if now.name != was.name else None


def _without_none(facts: Iterable[PresenceFact | None]) -> list[PresenceFact]:
    return [fact for fact in facts if fact is not None]
