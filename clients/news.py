"""What the client library tells a screen. Plain values: a screen keeps them as long as it likes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.protocol import WireMember, WireMessage
from clients.outbox import Entry

LinkState = Literal["connecting", "ready", "waiting", "stopped"]
RoomState = Literal["out", "joining", "in", "unnamed", "refused"]


@dataclass(frozen=True, slots=True)
class Link:
    """How the connection stands.

    why         a sentence for a person; empty while all is well
    retry_at    when waiting: the next try, as time.monotonic() counts
    """

    state: LinkState
    why: str = ""
    retry_at: float = 0.0


@dataclass(frozen=True, slots=True)
class View:
    """One room as it is now. A screen needs no more than the newest of these.

    state     `unnamed` wants another name; `refused` stays outside; `why` says the reason of both
    messages  in order, without a hole; `has_older` when more was said before the first
    before    the log, and the last message said in it before I came; None when I never was inside
    count     how many people are here; in a crowd there are more of them than `members`
    waiting   what I wrote and the room does not have yet, in order
    typing    the names of others who type just now
    """

    room: str
    title: str
    state: RoomState
    why: str
    me: WireMember
    messages: tuple[WireMessage, ...]
    has_older: bool
    before: tuple[str, int] | None
    members: tuple[WireMember, ...]
    count: int
    waiting: tuple[Entry, ...]
    typing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Happened:
    """Something in a room that is no message. `text` is a sentence; the names in it come from strangers."""

    room: str
    what: Literal["joined", "left", "renamed", "reset", "cut", "warned", "answer"]
    text: str


News = Link | View | Happened
