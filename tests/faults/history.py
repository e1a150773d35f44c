"""What one client did and saw, written down for the checker. Nothing here decides anything."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as it entered an outbox. `key` is its client_id; the body ends with it, so that any reader can tell."""

    room: str
    key: str
    body: str


@dataclass(frozen=True, slots=True)
class Line:
    """A message in somebody's hands. `number` is its id, or None where messages have none."""

    room: str
    number: int | None
    key: str
    body: str


@dataclass(slots=True)
class History:
    """One member: what they wrote, what was answered, what their page showed, and what it shows in the end."""

    name: str
    member_id: str = ""
    sent: list[Sent] = field(default_factory=list)
    acked: list[Line] = field(default_factory=list)
    acked_at: dict[str, float] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    shown_at: dict[str, float] = field(default_factory=dict)
    shown: list[Line] = field(default_factory=list)
    view: dict[str, list[Line]] = field(default_factory=dict)
    waiting: list[Sent] = field(default_factory=list)
    people: dict[str, dict[str, str]] = field(default_factory=dict)
    owns: dict[str, str] = field(default_factory=dict)
    is_present: bool = True

    attempts: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    endings: Counter[str] = field(default_factory=Counter)
    back_at: list[float] = field(default_factory=list)
    stopping_ms: list[int] = field(default_factory=list)
    longest_wait_s: float = 0.0
    told_left: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """A message at rest."""

    id: int
    seq: int
    author_id: str
    key: str
    body: str


@dataclass(slots=True)
class Stored:
    """What rests when all is over: the rows of each room, and the room's own count of them."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    heads: dict[str, int] = field(default_factory=dict)
