"""What can be told: the outcome of a use case, for the door that called it to tell."""

from __future__ import annotations

from dataclasses import dataclass

from app.chat.members import Member
from app.chat.messages import Message


@dataclass(frozen=True, slots=True)
class MemberJoined:
    room: str
    member: Member


@dataclass(frozen=True, slots=True)
class MemberLeft:
    room: str
    member: Member


@dataclass(frozen=True, slots=True)
class MemberRenamed:
    room: str
    member: Member
    old_name: str


@dataclass(frozen=True, slots=True)
class MemberTyping:
    room: str
    member: Member


@dataclass(frozen=True, slots=True)
class MessagePosted:
    message: Message


@dataclass(frozen=True, slots=True)
class RoomMoved:
    """Something was said, up to this number: read it."""

    room: str
    head: int


@dataclass(frozen=True, slots=True)
class MemberKicked:
    """Sent out of the room; it is to be carried out wherever they are connected."""

    room: str
    member: Member


PresenceFact = MemberJoined | MemberLeft | MemberRenamed
Fact = PresenceFact | MemberTyping | MessagePosted | MemberKicked
# What the other processes are told of a room; who is here they know from the presence.
RoomFact = MessagePosted | MemberTyping | RoomMoved | MemberKicked
