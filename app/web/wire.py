"""What the chat returns, as it travels."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET

from app import protocol
from app.chat.members import Member
from app.chat.messages import Message
from app.chat.ports import Page
from app.chat.rooms import Room
from app.chat.service import Snapshot
from app.config import Settings


def member(value: Member) -> protocol.WireMember:
    return protocol.WireMember(value.id, value.name, bool(value.mixed_scripts) or UNSET)


def renamed(value: Member, old_name: str) -> protocol.WireRename:
    return protocol.WireRename(value.id, value.name, old_name, bool(value.mixed_scripts) or UNSET)


def message(value: Message, *, own: bool) -> protocol.WireMessage:
    """`own` when it goes to its author, who alone may see the `client_id`."""
    return protocol.WireMessage(
        room=value.room,
        id=value.id,
        seq=value.seq,
        kind=value.kind,
        author=member(value.author),
        body=value.body,
        sent_at_ms=value.sent_at_ms,
        client_id=value.client_id if own else UNSET,
    )


class EncodedMessage(NamedTuple):
    """A message's JSON, written once: what everybody reads, and its author's own with the `client_id` at the end."""

    shared: bytes
    own: bytes


def encoded(value: Message) -> EncodedMessage:
    shared = msgspec.json.encode(message(value, own=False))
    return EncodedMessage(shared, b'%b,"client_id":%b}' % (shared[:-1], msgspec.json.encode(value.client_id)))


def message_sent(encoded: EncodedMessage, *, duplicate: bool) -> bytes:
    """The JSON of a `MessageSent`, around the message's own."""
    return b'{"message":%b,"duplicate":%b,"ok":true}' % (encoded.own, b"true" if duplicate else b"false")


def messages(page: Page, reader_id: str | None) -> list[protocol.WireMessage]:
    return [message(each, own=each.author.id == reader_id) for each in page.messages]


def room(value: Room, alike: Room | None) -> protocol.WireRoom:
    return protocol.WireRoom(
        slug=value.slug,
        title=value.title,
        created_at_ms=value.created_at_ms,
        alike=protocol.WireAlike(alike.slug, alike.title) if alike else UNSET,
        mixed=bool(value.mixed_scripts) or UNSET,
    )


def room_joined(snapshot: Snapshot, me: Member, *, is_crowd: bool) -> protocol.RoomJoined:
    page = snapshot.page
    return protocol.RoomJoined(
        room=room(page.room, snapshot.alike),
        me=member(me),
        members=[member(each) for each in ([me] if is_crowd else snapshot.members)],
        count=len(snapshot.members),
        epoch=page.room.epoch,
        head=page.room.head,
        messages=messages(page, me.id),
        complete=snapshot.complete,
        reset=snapshot.reset,
        partial=is_crowd or UNSET,
    )


def history_page(page: Page, reader_id: str | None) -> protocol.HistoryPage:
    return protocol.HistoryPage(messages(page, reader_id), page.room.head, page.room.epoch, page.more)


def answer(value: msgspec.Struct) -> dict[str, Any]:
    """Over HTTP it is the status that says whether all is well."""
    plain: dict[str, Any] = protocol.plain(value)
    plain.pop("ok", None)
    return plain


def limits(settings: Settings) -> dict[str, int]:
    return {
        "name_chars": settings.name_chars,
        "room_chars": settings.room_chars,
        "body_chars": settings.body_chars,
        "history_page": settings.history_page,
        "resume_changes": settings.resume_changes,
    }


def session_ready(member_id: str, token: str | None, settings: Settings) -> protocol.SessionReady:
    return protocol.SessionReady(
        v=protocol.VERSION,
        member={"id": member_id},
        limits=limits(settings),
        server_time_ms=time.time_ns() // 1_000_000,
        reconnect={"min_ms": int(settings.reconnect_min_s * 1000), "max_ms": int(settings.reconnect_max_s * 1000)},
        token=token or UNSET,
    )
