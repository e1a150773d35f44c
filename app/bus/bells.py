"""What goes over the bus: a fact in a few bytes, signed, so that nobody else who reaches Redis can speak for us."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

import msgspec
from msgspec import Struct

from app.chat.facts import MemberKicked, MemberTyping, MessagePosted, RoomFact, RoomMoved
from app.chat.members import Member
from app.chat.messages import Message

MARK_BYTES: Final = 16
# A longer message is not carried: who hears of it reads it from the database.
CARRIED_BYTES: Final = 8 * 1024


class Forged(Exception):
    """Not a bell of ours."""


class Bell(Struct, forbid_unknown_fields=True, array_like=True):
    """`sender` is a process. One of the rest: a message, its number alone, who types, or who is to go."""

    sender: str
    room: str
    message: Message | None = None
    head: int | None = None
    typing: Member | None = None
    kicked: Member | None = None


class Signer:
    """`key`: 16 bytes or more, the same in every process and nowhere else."""

    def __init__(self, key: bytes, sender: str) -> None:
        self._key = hashlib.blake2b(key, person=b"chat bus").digest()
        self._sender = sender
        self._encoder, self._decoder = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(Bell)

    def bell(self, fact: RoomFact) -> bytes:
        data = self._encoder.encode(self._of(fact))
        return self._mark(data) + data

    def fact(self, room: str | None, bell: bytes) -> RoomFact | None:
        """What was rung in this room, or to everybody (None); None if by ourselves. refuses Forged"""
        data = bell[MARK_BYTES:]
        if not hmac.compare_digest(self._mark(data), bell[:MARK_BYTES]):
            raise Forged()
        try:
            heard = self._decoder.decode(data)
        except msgspec.MsgspecError:
            raise Forged() from None
        if room != (heard.room if heard.kicked is None else None):
            # Ours, but said elsewhere: somebody repeats what they have overheard.
            raise Forged()
        if heard.sender == self._sender:
            return None
        if heard.message is not None:
            return MessagePosted(heard.message)
        if heard.typing is not None:
            return MemberTyping(heard.room, heard.typing)
        if heard.head is not None:
            return RoomMoved(heard.room, heard.head)
        if heard.kicked is not None:
            return MemberKicked(heard.room, heard.kicked)
        raise Forged()

    def _of(self, fact: RoomFact) -> Bell:
        match fact:
            case MessagePosted(message=message) if len(message.body.encode()) <= CARRIED_BYTES:
                return Bell(self._sender, message.room, message=message)
            case MessagePosted(message=message):
                return Bell(self._sender, message.room, head=message.seq)
            case MemberTyping(room=room, member=member):
                return Bell(self._sender, room, typing=member)
            case MemberKicked(room=room, member=member):
                return Bell(self._sender, room, kicked=member)
            case RoomMoved(room=room, head=head):
                return Bell(self._sender, room, head=head)

    def _mark(self, data: bytes) -> bytes:
        return hashlib.blake2b(data, key=self._key, digest_size=MARK_BYTES).digest()
