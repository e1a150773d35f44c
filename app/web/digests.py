"""Comings and goings, told together: one `members:changed` per room and short interval, however many people moved."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from app import protocol
from app.chat.facts import MemberJoined, MemberLeft, MemberRenamed, PresenceFact
from app.chat.members import Member
from app.web import wire


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

    def payload(self, room: str, count: int) -> protocol.MembersChanged:
        return protocol.MembersChanged(
            room=room,
            joined=[wire.member(member) for member in self.joined.values()],
            left=[wire.member(member) for member in self.left.values()],
            renamed=[protocol.WireRename(member.id, member.name, old) for member, old in self.renamed.values()],
            count=count,
        )


class Digests:
    """A digest for each room where somebody moved."""

    def __init__(self) -> None:
        self._open: dict[str, Digest] = defaultdict(Digest)

    def add(self, fact: PresenceFact) -> None:
        self._open[fact.room].add(fact)

    def holds(self, room: str, member_id: str) -> bool:
        """Whether something about this member waits to be told."""
        digest = self._open.get(room)
        return digest is not None and (member_id in digest.joined or member_id in digest.renamed)

    def take(self) -> dict[str, Digest]:
        """All that is waiting, to be told now."""
        waiting, self._open = self._open, defaultdict(Digest)
        return waiting
