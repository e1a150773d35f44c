"""Presence in Redis, for several processes: what they all must agree on is decided there, by one script for each verb.

A process knows by itself who is connected to it, and of each room in which it has somebody all that Redis knows. So
what a message or a snapshot needs is answered without asking anybody, and while Redis is away the talk goes on.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from app.chat import names
from app.chat.facts import PresenceFact
from app.chat.members import Member
from app.chat.ports import Entry
from app.chat.refusals import NameTaken, NotInRoom, RoomFull, Unavailable
from app.presence import scripts
from app.presence.hosting import Hosted, Hosting
from app.presence.keeping import Keeper
from app.presence.mirror import Seat, seat_of
from app.presence.sweeping import Sweeper
from app.redis.link import Away, RedisLink


class RedisPresence:
    """`grace_s`: how long a drop goes unnoticed. `lease_s`: how long the name waits. Times are those of Redis."""

    def __init__(self, link: RedisLink, grace_s: float, lease_s: float, capacity: int) -> None:
        self._link = link
        self._capacity = capacity
        self._hosting = Hosting(link, grace_s)
        self._keeper = Keeper(self._hosting)
        self._sweeper = Sweeper(self._hosting, max(lease_s, grace_s))

    def start(self) -> None:
        self._hosting.ears.start()
        self._keeper.start()

    def close(self) -> None:
        """Whoever is connected here counts as dropped: the other processes see to it, or the next one that starts."""
        self._keeper.stop()
        # Unless it is away: then they wait until its time has run out.
        with suppress(Unavailable):
            self._hosting.ask(("ZADD", scripts.PROCESSES, "XX", scripts.ENDED, self._hosting.life))
        self._link.close()

    @property
    def is_well(self) -> bool:
        """Whether the other processes are heard, and hear us."""
        return self._link.is_well and self._hosting.ears.is_well

    def health(self) -> dict[str, int]:
        """`begun`: how often a room was read whole; `stale`: rooms to be put right as soon as Redis answers."""
        hosted = list(self._hosting.rooms.values())
        return {"rooms": len(hosted), "stale": sum(here.is_stale for here in hosted), "begun": self._hosting.begun}

    def enter(self, room: str, member: Member, connection: str) -> Entry:
        """While Redis is away: only for a member whom the room sees, under the name it knows. fails Unavailable"""
        if not self._link.is_well and room not in self._hosting.rooms:
            # Nothing is kept of what cannot even be asked.
            raise Away()
        keys = sorted(names.keys(member.name))
        with self._hosting.at(room) as here:
            try:
                answer = self._hosting.do(here, "enter", member.id, member.name, connection, self._capacity, *keys)
            except Unavailable:
                entry = _admitted(here, member)
                self._hosting.put(here, member.id, connection)
                return entry
            if answer.status == "full":
                raise RoomFull(self._capacity)
            if answer.status == "taken" or answer.before is None:
                raise NameTaken(member.name)
            self._hosting.put(here, member.id, connection)
            before, after = answer.before, (answer.changes or [answer.before])[0]
            old_name = before.name if before.is_seen and before.name != after.name else None
            return Entry(Member(member.id, after.name), not before.is_seen, old_name)

    def rename(self, room: str, member: Member) -> str:
        """fails Unavailable"""
        with self._hosting.at(room) as here:
            answer = self._hosting.do(here, "rename", member.id, member.name, *sorted(names.keys(member.name)))
            if answer.status == "taken":
                raise NameTaken(member.name)
            if answer.before is None:
                raise NotInRoom()
            return answer.before.name

    def leave(self, room: str, member_id: str, connection: str) -> Member | None:
        """While Redis is away nobody can know whether it was their last: whether they left is news when it is back."""
        if connection not in self.connections(room, member_id):
            raise NotInRoom()
        with self._hosting.at(room) as here:
            if not self._hosting.take_away(here, member_id, connection):
                raise NotInRoom()
            try:
                answer = self._hosting.do(here, "leave", member_id, connection)
            except Unavailable:
                if member_id not in here.own:
                    here.left.add(member_id)
                return None
            return Member(member_id, answer.before.name) if answer.before else None

    def drop(self, connection: str, *, at_once: bool = False) -> None:
        """Never fails: what Redis cannot be told now it is told when it is back."""
        grace_ms = self._hosting.grace_ms
        ago_ms = grace_ms if at_once else 0
        for room, member_id in list(self._hosting.rooms_of.get(connection, {}).items()):
            note = scripts.of_index("note", room, grace_ms - ago_ms)
            with self._hosting.at(room) as here:
                if self._hosting.take_away(here, member_id, connection):
                    try:
                        self._hosting.do(here, "drop", member_id, connection, grace_ms, ago_ms, then=[note])
                    except Unavailable:
                        continue

    def sweep(self) -> list[tuple[str, Member]]:
        return self._sweeper.sweep()

    def news(self) -> list[PresenceFact]:
        news = self._hosting.news
        return [news.popleft() for _ in range(len(news))]

    def ousted(self) -> list[str]:
        ousted = self._hosting.ousted
        return [ousted.popleft() for _ in range(len(ousted))]

    def member(self, room: str, member_id: str) -> Member | None:
        """fails Unavailable, as do the next ones, for a room in which this process has nobody"""
        here = self._hosting.open(room)
        if here is not None:
            known = here.mirror.seats.get(member_id)
            return known.member if known and (known.is_here or member_id in here.own) else None
        seat = self._seat(room, member_id)
        return Member(member_id, seat.name) if seat and seat.connections else None

    def knows(self, room: str, member_id: str) -> bool:
        here = self._hosting.open(room)
        return member_id in here.mirror.seats if here is not None else self._seat(room, member_id) is not None

    def holder(self, room: str, name: str) -> str | None:
        keys = sorted(names.keys(name))
        here = self._hosting.open(room)
        if here is not None:
            return next((here.mirror.owners[key] for key in keys if key in here.mirror.owners), None)
        (owners,) = self._hosting.ask(("HMGET", scripts.room_key(room, "owners"), *keys))
        return next((owner.decode() for owner in owners if owner is not None), None)

    def members(self, room: str) -> list[Member]:
        here = self._hosting.open(room)
        if here is not None:
            return here.mirror.members()
        (packed,) = self._hosting.ask(("HGETALL", scripts.room_key(room, "seats")))
        seats = {member_id.decode(): seat_of(seat) for member_id, seat in packed.items()}
        first_come = sorted(seats, key=lambda member_id: seats[member_id].order)
        return [Member(member_id, seats[member_id].name) for member_id in first_come if seats[member_id].is_seen]

    def count(self, room: str) -> int:
        here = self._hosting.open(room)
        if here is not None:
            return here.mirror.count
        return int(self._hosting.ask(("HGET", scripts.room_key(room, "room"), "seen"))[0] or 0)

    def connections(self, room: str, member_id: str) -> list[str]:
        here = self._hosting.rooms.get(room)
        return list(here.own.get(member_id, ())) if here is not None else []

    def rooms_of(self, connection: str) -> Collection[str]:
        return self._hosting.rooms_of.get(connection, ())

    def rooms(self) -> dict[str, int]:
        """fails Unavailable"""
        (slugs,) = self._hosting.ask(("ZRANGE", scripts.ROOMS, 0, -1))
        if not slugs:
            return {}
        rooms = [slug.decode() for slug in slugs]
        counts = self._hosting.ask_at_once(*(("HGET", scripts.room_key(room, "room"), "seen") for room in rooms))
        return {room: int(count) for room, count in zip(rooms, counts, strict=True) if int(count or 0)}

    def _seat(self, room: str, member_id: str) -> Seat | None:
        (packed,) = self._hosting.ask(("HGET", scripts.room_key(room, "seats"), member_id))
        return seat_of(packed) if packed else None


def _admitted(here: Hosted, member: Member) -> Entry:
    """Whom the room sees comes in though Redis is away: nobody else can take the name. fails Unavailable"""
    seat = here.mirror.seats.get(member.id) if here.is_open else None
    if seat is None or not seat.is_seen or (seat.member.name != member.name and member.id not in here.own):
        raise Away()
    return Entry(seat.member, False, None)
