"""Comings and goings, told together: one `members:changed` per room and short interval, however many people moved."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from msgspec import UNSET

from app import protocol
from app.chat.facts import MemberJoined, MemberLeft, MemberRenamed, PresenceFact
from app.chat.members import Member
from app.web import wire

# A digest of a big room is heard by many: what one room hears of comings and goings stays below 2 Mbit/s.
BYTES_PER_S: Final = 200_000
REST_MOST_S: Final = 4.0
FRAME_BYTES, CHANGE_BYTES = 120, 70
# A room that need not rest longer than a digest takes anyway is not remembered.
REST_LEAST_S: Final = 0.1


@dataclass(slots=True)
class Digest:
    """What became of each member since the last digest. The last word wins: told twice, it does no harm."""

    joined: dict[str, Member] = field(default_factory=dict)
    left: dict[str, Member] = field(default_factory=dict)
    renamed: dict[str, tuple[Member, str]] = field(default_factory=dict)

    def add(self, fact: PresenceFact) -> None:
        member = fact.member
        match fact:
            case MemberJoined():
                self.left.pop(member.id, None)
                self.joined[member.id] = member
            case MemberLeft():
                self.joined.pop(member.id, None)
                self.renamed.pop(member.id, None)
                self.left[member.id] = member
            case MemberRenamed() if member.id in self.joined:
                self.joined[member.id] = member
            case MemberRenamed(old_name=old_name):
                first_name = self.renamed[member.id][1] if member.id in self.renamed else old_name
                self.renamed[member.id] = (member, first_name)

    def counted(self) -> Digest:
        """The same for a crowd, where nobody is told who came and who went."""
        return Digest(renamed=self.renamed)

    def weight(self) -> int:
        """Bytes on the wire, roughly, for each who hears it."""
        return FRAME_BYTES + CHANGE_BYTES * (len(self.joined) + len(self.left) + len(self.renamed))

    def payload(self, room: str, count: int, *, is_crowd: bool) -> protocol.MembersChanged:
        return protocol.MembersChanged(
            room=room,
            joined=[wire.member(member) for member in self.joined.values()],
            left=[wire.member(member) for member in self.left.values()],
            renamed=[wire.renamed(member, old_name) for member, old_name in self.renamed.values()],
            count=count,
            partial=is_crowd or UNSET,
        )


class Digests:
    """A digest for each room where somebody moved. clock: seconds, monotonic"""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._open: dict[str, Digest] = defaultdict(Digest)
        self._resting: dict[str, float] = {}

    def add(self, fact: PresenceFact) -> None:
        self._open[fact.room].add(fact)

    def holds(self, room: str, member_id: str) -> bool:
        """Whether something about this member waits to be told."""
        digest = self._open.get(room)
        return digest is not None and (member_id in digest.joined or member_id in digest.renamed)

    def take(self, at_once: str | None = None) -> dict[str, Digest]:
        """All that is to be told now: rooms that rest wait on, but for the one that needs it `at_once`."""
        now = self._clock()
        self._resting = {room: until for room, until in self._resting.items() if until > now}
        due = [room for room in self._open if room == at_once or room not in self._resting]
        return {room: self._open.pop(room) for room in due}

    def rest(self, room: str, digest: Digest, listeners: int) -> None:
        """`digest` was told to so many: the next one waits until this one is paid for."""
        pause_s = listeners * digest.weight() / BYTES_PER_S
        if pause_s > REST_LEAST_S:
            self._resting[room] = self._clock() + min(pause_s, REST_MOST_S)
