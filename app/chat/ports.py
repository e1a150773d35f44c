"""What the outside must promise. Each promise has one contract suite that every backend passes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.chat.facts import PresenceFact, RoomFact
from app.chat.members import Member
from app.chat.messages import Draft, Message
from app.chat.rooms import Room
from app.chat.tokens import Kind, Token


@dataclass(frozen=True, slots=True)
class Page:
    """Some messages of a room and the room itself, read at one moment. `more` when a limit (or size) cut the page."""

    room: Room
    messages: list[Message]
    more: bool


class MessageStore(Protocol):
    def append(self, draft: Draft) -> tuple[Message, bool]:
        """The message as recorded, and True if it is new. Returns only when it is safe on disk.

        Takes the room's next number in the transaction that records it: 1, 2, 3, … no hole, no repeat. A `client_id`
        this author already used in this room gives back that message and False.
        refuses  ClientIdConflict when the same `client_id` came with another body
        fails    Unavailable; nothing was recorded, as far as anybody could see: sent again, the same draft finds out
        """

    def room(self, slug: str) -> Room:
        """The room, whether or not it has a row. fails Unavailable"""

    def newest(self, slug: str, limit: int, before: int | None = None) -> Page:
        """The last `limit` messages (with an `id` under `before`), in `id` order; `more` when older ones exist."""

    def oldest(self, slug: str, limit: int, after: int) -> Page:
        """The first `limit` messages with an `id` over `after`, in `id` order; `more` when newer ones exist."""

    def changes(self, slug: str, after_seq: int, limit: int) -> Page:
        """Each message changed after `after_seq`, once, in its current state, in `seq` order."""

    def alike(self, slug: str, title: str) -> list[Room]:
        """Other rooms with a row that look like this one, the oldest first; a few are enough. fails Unavailable"""

    def heads(self, slugs: Iterable[str]) -> dict[str, int]:
        """The last number of each of these rooms that has a row. fails Unavailable"""

    def set_locked(self, slug: str, title: str, locked: bool) -> None:
        """Close a room to newcomers, or open it again. Makes the row if there is none."""

    def ping(self) -> None:
        """Return if the database answers. fails Unavailable"""

    def close(self) -> None:
        """Finish what is waiting, then let go of the files."""


class TokenStore(Protocol):
    """Of a secret only its digest is ever seen here."""

    def add(self, id_: str, kind: Kind, name: str, rooms: Sequence[str], digest: str) -> Token:
        """The token as recorded, with the time. Returns only when it is safe on disk. fails Unavailable"""

    def find(self, digest: str) -> Token | None:
        """The token of a secret, from now on and until it is removed, whichever process added it. fails Unavailable"""

    def of_room(self, slug: str) -> list[Token]:
        """Those that may post in this room, the oldest first. fails Unavailable"""

    def all(self) -> list[Token]:
        """The oldest first. fails Unavailable"""

    def remove(self, id_: str) -> bool:
        """Whether there was one. It is unknown from here on. fails Unavailable"""


@dataclass(frozen=True, slots=True)
class Entry:
    """What `enter` did. `is_new`: the room did not see this member before. `old_name`: it did, under that name."""

    member: Member
    is_new: bool
    old_name: str | None


class Presence(Protocol):
    @property
    def is_well(self) -> bool:
        """Whether what other processes know of a room is known here."""

    def enter(self, room: str, member: Member, connection: str) -> Entry:
        """Claim `member.name` in `room` for this connection.

        Atomic: two claims of one name (or of names that look alike) have one winner. A second connection of a member
        who is here joins under the name the room knows. A name stays its member's for the lease after their last
        connection dropped; only they get it back.
        refuses  NameTaken, RoomFull
        """

    def rename(self, room: str, member: Member) -> str:
        """Give up the old name for `member.name` in one step; returns the old one. refuses NameTaken, NotInRoom"""

    def leave(self, room: str, member_id: str, connection: str) -> Member | None:
        """This connection leaves of its own will. The member, if it was their last here: gone, and the name is free."""

    def drop(self, connection: str, *, at_once: bool = False) -> None:
        """This connection is gone from every room. Its members stay for the grace (`at_once`: none), their names for
        the lease.
        """

    def sweep(self) -> list[tuple[str, Member]]:
        """(room, member) of everybody whose grace has ended since the last call. Each is given once."""

    def news(self) -> list[PresenceFact]:
        """What other processes did in the rooms that have a connection of ours, since the last call. Each once."""

    def ousted(self) -> list[str]:
        """Connections of ours that lost their member's name to somebody else while nobody could know; each once. They
        are in the room no more.
        """

    def member(self, room: str, member_id: str) -> Member | None:
        """The member as the room knows them, if a connection of theirs is in the room."""

    def knows(self, room: str, member_id: str) -> bool:
        """Whether the member is here or still holds a name here."""

    def holder(self, room: str, name: str) -> str | None:
        """The id of the member who holds `name`, or one that looks like it."""

    def members(self, room: str) -> list[Member]:
        """Everybody the room sees, first come first."""

    def count(self, room: str) -> int: ...

    def connections(self, room: str, member_id: str) -> list[str]:
        """Those in this process."""

    def rooms_of(self, connection: str) -> Collection[str]:
        """Where this connection is."""

    def rooms(self) -> dict[str, int]:
        """Every room that sees somebody, and how many it sees."""


Hear = Callable[[RoomFact], None]


class SharedTitles(Protocol):
    """What people called rooms that have no message yet, for all processes. Never fails; nothing rests on it."""

    def note(self, slug: str, title: str) -> None:
        """Whoever was first is believed."""

    def find(self, slug: str) -> str | None: ...


class Bus(Protocol):
    """A doorbell between processes. What it loses is read from the database; what it carries may come twice, or late.

    is_shared  whether there may be other processes at all
    is_well    whether they are heard just now
    """

    @property
    def is_shared(self) -> bool: ...

    @property
    def is_well(self) -> bool: ...

    def start(self, hear: Hear) -> None:
        """`hear(fact)` for what others ring in the rooms listened to, and for every `MemberKicked`; never for what this
        process rings.
        """

    def listen(self, room: str) -> None:
        """What is rung in the room from here on is heard, unless the bus is not well. May wait a moment."""

    def ignore(self, room: str) -> None: ...

    def ring(self, fact: RoomFact) -> None:
        """Tell whoever listens to the fact's room. Returns at once, and never fails."""
