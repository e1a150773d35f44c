"""The wire, version 1: every event, payload and refusal code, in one place.

Spoken by the browser (`static/js/protocol.js`), the terminal and the desktop client; explained in `docs/protocol.md`.
A test holds the three equal. Socket.IO 5 over Engine.IO 4, WebSocket only, namespace `/`, text only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from app.chat.messages import Kind

VERSION: Final = 1
PATH: Final = "/socket.io/"

ClientId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z", description="128 random bits in hex, made by the sender")]
# What JavaScript counts exactly, and a database's column holds.
MOST: Final = 2**53 - 1
Seq = Annotated[int, Meta(ge=0, le=MOST)]


class Payload(Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """One JSON object from a client. An unknown field or a wrong type is refused, never ignored."""


class Auth(Payload, frozen=True):
    """What a client says of itself in its CONNECT packet. `token` is a native client's; a browser has its cookie."""

    v: int
    token: str | None = None


class Cursor(Payload, frozen=True):
    """How far a client has read a room: it misses nothing up to `seq` of the log named `epoch`."""

    epoch: Annotated[str, Meta(max_length=64)]
    seq: Seq


class RoomJoin(Payload, frozen=True):
    room: str
    name: str
    since: Cursor | None = None


class RoomLeave(Payload, frozen=True):
    room: str


class NameChange(Payload, frozen=True):
    room: str
    name: str


class MessageSend(Payload, frozen=True):
    room: str
    client_id: ClientId
    body: str


class HistoryFetch(Payload, frozen=True):
    room: str
    before: Annotated[int, Meta(ge=1, le=MOST)] | None = None
    after: Seq | None = None
    after_seq: Seq | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST)] | None = None


class TypingStart(Payload, frozen=True):
    room: str


class MembersList(Payload, frozen=True):
    """`after`: the last name of the page before."""

    room: str
    after: Annotated[str, Meta(max_length=256)] | None = None


CLIENT_EVENTS: Final[dict[str, type[Payload]]] = {
    "room:join": RoomJoin,
    "room:leave": RoomLeave,
    "name:change": NameChange,
    "message:send": MessageSend,
    "history:fetch": HistoryFetch,
    "typing:start": TypingStart,
    "members:list": MembersList,
}


class WireMember(Struct, frozen=True):
    """Somebody as others see them. `id` is public; the secret it is derived from never leaves its owner.

    mixed  present, and true, when the name mixes alphabets that no language mixes: it may imitate another
    """

    id: str
    name: str
    mixed: bool | UnsetType = UNSET


class WireRename(Struct, frozen=True):
    id: str
    name: str
    old_name: str
    mixed: bool | UnsetType = UNSET


class WireMessage(Struct, frozen=True):
    """A message as it travels. `client_id` goes to its author's own connections only."""

    room: str
    id: int
    seq: int
    kind: Kind
    author: WireMember
    body: str
    sent_at_ms: int
    client_id: str | UnsetType = UNSET


class SessionReady(Struct, frozen=True):
    v: int
    member: dict[str, str]
    limits: dict[str, int]
    server_time_ms: int
    reconnect: dict[str, int]
    token: str | UnsetType = UNSET


class MembersChanged(Struct, frozen=True):
    """One digest per room and short interval. Applying one twice does no harm.

    `partial` in a crowd: those who came and went are counted, not named.
    """

    room: str
    joined: list[WireMember]
    left: list[WireMember]
    renamed: list[WireRename]
    count: int
    partial: bool | UnsetType = UNSET


class TypingChanged(Struct, frozen=True):
    room: str
    members: list[WireMember]


class RoomHead(Struct, frozen=True):
    room: str
    epoch: str
    head: int


class ServerChanged(Struct, frozen=True):
    """`degraded`: a part of the server is out of reach; what is said there comes some seconds late."""

    degraded: bool


class ServerStopping(Struct, frozen=True):
    reconnect_in_ms: int


SERVER_EVENTS: Final[dict[str, type[Struct]]] = {
    "session:ready": SessionReady,
    "message:posted": WireMessage,
    "message:changed": WireMessage,
    "members:changed": MembersChanged,
    "typing:changed": TypingChanged,
    "room:head": RoomHead,
    "server:changed": ServerChanged,
    "server:stopping": ServerStopping,
}


class WireAlike(Struct, frozen=True):
    """Another room, which may be taken for this one."""

    slug: str
    title: str


class WireRoom(Struct, frozen=True):
    """A room.

    alike  present for native clients that join without a cursor: another room that looks the same
    mixed  present, and true, when a word of the room's name mixes alphabets
    """

    slug: str
    title: str
    created_at_ms: int | None
    alike: WireAlike | UnsetType = UNSET
    mixed: bool | UnsetType = UNSET


class RoomJoined(Struct, frozen=True):
    room: WireRoom
    me: WireMember
    members: list[WireMember]
    count: int
    epoch: str
    head: int
    messages: list[WireMessage]
    complete: bool
    reset: bool
    partial: bool | UnsetType = UNSET
    ok: Literal[True] = True


class RoomLeft(Struct, frozen=True):
    ok: Literal[True] = True


class NameChanged(Struct, frozen=True):
    me: WireMember
    ok: Literal[True] = True


class MessageSent(Struct, frozen=True):
    """Sent only after the message is on disk."""

    message: WireMessage
    duplicate: bool
    ok: Literal[True] = True


class HistoryPage(Struct, frozen=True):
    messages: list[WireMessage]
    head: int
    epoch: str
    more: bool
    ok: Literal[True] = True


class MembersPage(Struct, frozen=True):
    members: list[WireMember]
    count: int
    more: bool
    ok: Literal[True] = True


class TypingNoted(Struct, frozen=True):
    ok: Literal[True] = True


ACKS: Final[dict[str, type[Struct]]] = {
    "room:join": RoomJoined,
    "room:leave": RoomLeft,
    "name:change": NameChanged,
    "message:send": MessageSent,
    "history:fetch": HistoryPage,
    "typing:start": TypingNoted,
    "members:list": MembersPage,
}

# Codes are never reworded; a new feature adds its own.
CODES: Final = (
    "payload_invalid",
    "name_invalid",
    "name_taken",
    "room_invalid",
    "room_full",
    "room_locked",
    "not_in_room",
    "body_empty",
    "body_too_long",
    "client_id_conflict",
    "too_fast",
    "forbidden",
    "upgrade_required",
    "unavailable",
    "server_error",
)


def refused(
    code: str, detail: str, retry_after_ms: int | None = None, rule: str = "", free: Sequence[str] = ()
) -> dict[str, Any]:
    """The ack of a refusal. `detail` is a sentence for a person; programs read `code`, and the `rule` of it if it has
    several. `free`: names to take instead of a taken one.
    """
    error: dict[str, Any] = {"code": code, "detail": detail}
    if rule:
        error["rule"] = rule
    if free:
        error["free"] = list(free)
    if retry_after_ms is not None:
        error["retry_after_ms"] = retry_after_ms
    return {"ok": False, "error": error}


def plain(value: Any) -> Any:
    """A wire value as dicts, lists, text and numbers: what Socket.IO's encoder takes."""
    return msgspec.to_builtins(value)
