"""Server-sent events: how a room is followed over plain HTTP.

source  the HTML standard, section "Server-sent events"
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import msgspec

from app import protocol
from app.chat.messages import Message
from app.chat.refusals import PayloadInvalid
from app.web import wire

HEARTBEAT: Final = b":\n\n"
HEADERS: Final = (
    ("Content-Type", "text/event-stream; charset=utf-8"),
    ("Cache-Control", "no-store"),
    # A proxy that gathers an answer before it hands it on would hold back what is meant to be live.
    ("X-Accel-Buffering", "no"),
)
_PLACE: Final = re.compile(r"([0-9]{1,16})(?:-([0-9a-zA-Z]{1,32}))?\Z")


class Place(NamedTuple):
    """How far somebody has followed a room: `seq`, in the log named `epoch`; None where they did not say which log."""

    seq: int
    epoch: str | None


def place(text: str) -> Place:
    """What stands in Last-Event-ID: 17-f3a9c2d4, or the number alone. refuses PayloadInvalid"""
    found = _PLACE.match(text)
    if found is None or int(found[1]) > protocol.MOST:
        raise PayloadInvalid("Last-Event-ID is the id of an event of this stream, such as 17-f3a9c2d4, or its number.")
    return Place(int(found[1]), found[2])


def message(value: Message, epoch: str) -> bytes:
    name = "message:posted" if value.seq == value.id else "message:changed"
    return event(name, wire.message(value, own=False), Place(value.seq, epoch))


def event(name: str, payload: msgspec.Struct, at: Place | None = None, retry_ms: int | None = None) -> bytes:
    """`at`: what the listener sends back as Last-Event-ID. `retry_ms`: how long it waits before it does."""
    retry = b"retry: %d\n" % retry_ms if retry_ms is not None else b""
    # Last, so that even a script that looks for this line alone never has it without the event.
    tail = b"id: %d-%b\n" % (at.seq, (at.epoch or "").encode()) if at else b""
    # JSON has no line ends of its own.
    return b"event: %b\ndata: %b\n%b%b\n" % (name.encode(), msgspec.json.encode(payload), retry, tail)
