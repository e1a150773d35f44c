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


PresenceFact = MemberJoined | MemberLeft | MemberRenamed
Fact = PresenceFact | MemberTyping | MessagePosted
