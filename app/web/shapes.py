"""What the HTTP API takes and gives, where the live wire has no shape for it (see `app/protocol.py`)."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct

from app.protocol import ClientId, Payload, WireMember, WireMessage

Body = Annotated[str, Meta(description="Plain text; lines divided by \\n. `/me waves` says what the bot does.")]


class Post(Payload, frozen=True):
    """A message of a bot. With a `client_id` it may be sent again: the room has it once."""

    body: Body
    client_id: ClientId | None = None


class Hook(Struct, frozen=True):
    """What chat tools send to a webhook. Their other fields are not looked at."""

    text: Body


class Posted(Struct, frozen=True):
    """Answered when the message is on disk. `duplicate`: it was there before."""

    message: WireMessage
    duplicate: bool


class Notice(Payload, frozen=True):
    """What the operator says: in one room, or in every room that has somebody in it."""

    body: Body
    room: str | None = None
    client_id: ClientId | None = None


class Noticed(Struct, frozen=True):
    """Where it was said. `is_new`: the room had no message before."""

    rooms: list[str]
    is_new: bool


class Kick(Payload, frozen=True):
    """Who is to leave a room: the name they have there."""

    name: str


class Kicked(Struct, frozen=True):
    """Who was sent out."""

    member: WireMember


# As many as a browser remembers of its own (static/js/recent-rooms.js).
HEADS_ASKED: Final = 50


class Heads(Payload, frozen=True):
    """The page asks how far the talk of these rooms is."""

    rooms: Annotated[list[str], Meta(max_length=HEADS_ASKED)]


class Status(Struct, frozen=True):
    connections: int
    followers: int
    rooms: int
    people: int
    is_stopping: bool


class RoomState(Struct, frozen=True):
    """A room that has somebody in it, or is followed."""

    slug: str
    title: str
    count: int
    followers: int
    is_locked: bool


class RoomStates(Struct, frozen=True):
    """The fullest first; `more` when there are others."""

    rooms: list[RoomState]
    more: bool


class ConnectionState(Struct, frozen=True):
    """A live connection: the address it counts for, whose it is, and the rooms it is in."""

    address: str
    member_id: str
    rooms: list[str]


class ConnectionStates(Struct, frozen=True):
    """The newest first; `more` when there are others."""

    count: int
    connections: list[ConnectionState]
    more: bool


class Stopping(Struct, frozen=True):
    """The server finishes what has begun and ends."""

    connections: int
