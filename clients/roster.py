"""Who is in one room, from snapshots and digests. A digest may tell what is known already; only news comes back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from app.protocol import MembersChanged, RoomJoined, WireMember

Event = tuple[Literal["joined", "left", "renamed"], str]


class Roster:
    """Of a crowd (`is_crowd`) only those are known who were read by members:list."""

    def __init__(self) -> None:
        self._members: dict[str, WireMember] = {}
        self.count = 0
        self.is_crowd = False

    def joined(self, ack: RoomJoined) -> None:
        self._members = {member.id: member for member in ack.members}
        self.count, self.is_crowd = ack.count, ack.partial is True

    def read(self, members: Iterable[WireMember], count: int) -> None:
        """The people of a crowd, as far as they were read."""
        self._members = {member.id: member for member in members}
        self.count = count

    def changed(self, digest: MembersChanged) -> list[Event]:
        """Sentences of what is new. Whether the crowd began or ended is seen by `is_crowd`."""
        self.count, self.is_crowd = digest.count, digest.partial is True
        return [*self._left(digest), *self._renamed(digest), *self._joined(digest)]

    def member(self, id_: str) -> WireMember | None:
        return self._members.get(id_)

    def members(self, me: str) -> tuple[WireMember, ...]:
        """Me first, then by name."""
        return tuple(sorted(self._members.values(), key=lambda each: (each.id != me, each.name.casefold())))

    def _left(self, digest: MembersChanged) -> Iterator[Event]:
        for member in digest.left:
            if known := self._members.pop(member.id, None):
                yield "left", f"{known.name} left"

    def _renamed(self, digest: MembersChanged) -> Iterator[Event]:
        for member in digest.renamed:
            known = self._members.get(member.id)
            if known and known.name != member.name:
                self._members[member.id] = WireMember(member.id, member.name, member.mixed)
                yield "renamed", f"{known.name} is now {member.name}"

    def _joined(self, digest: MembersChanged) -> Iterator[Event]:
        for member in digest.joined:
            known = self._members.get(member.id)
            self._members[member.id] = member
            if known is None:
                yield "joined", f"{member.name} joined"
            elif known.name != member.name:
                yield "renamed", f"{known.name} is now {member.name}"
