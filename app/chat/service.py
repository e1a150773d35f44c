"""What people do in a chatroom. Each use case checks the rules, records through a port and returns facts to tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from app.chat import facts, messages, names, rooms
from app.chat.facts import Fact
from app.chat.lookalikes import Lookalikes
from app.chat.members import Member
from app.chat.messages import Kind, Message
from app.chat.ports import MessageStore, Page, Presence, SharedTitles
from app.chat.refusals import Forbidden, NameTaken, NotInRoom, PayloadInvalid, RoomLocked
from app.chat.rooms import Room
from app.chat.titles import Titles

# No member's: theirs are longer.
OPERATOR_ID: Final = "operator"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much fits. Counts of characters, messages, changes and rooms."""

    name_chars: int = names.NAME_CHARS
    body_chars: int = messages.BODY_CHARS
    room_chars: int = rooms.ROOM_CHARS
    history_page: int = 50
    history_page_most: int = 200
    resume_changes: int = 1000
    rooms_per_connection: int = 100


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A room at one moment, for somebody who enters it.

    complete  `page` holds everything the cursor missed (or there was no cursor)
    reset     the cursor is void: forget what is shown
    alike     another room that may be taken for this one, if that was asked
    """

    page: Page
    members: list[Member]
    complete: bool
    reset: bool
    alike: Room | None = None


class Chat:
    """The use cases, and nothing but. Whoever calls one tells the facts it returns.

    operator   what whoever runs the server is called, and nobody else may be
    titles     where other processes look for what was typed here
    bots_of    what programs are called that post in a room: nobody else may be, there
    """

    def __init__(
        self,
        store: MessageStore,
        presence: Presence,
        limits: Limits,
        operator: str = names.OPERATOR,
        bots_of: Callable[[str], Iterable[str]] = lambda _room: (),
        titles: SharedTitles | None = None,
    ) -> None:
        self.limits = limits
        self.operator = Member(OPERATOR_ID, operator)
        self._reserved = names.reserved(operator)
        self._bots_of = bots_of
        self._store = store
        self._presence = presence
        self._titles = Titles(titles)
        self._lookalikes = Lookalikes()

    def open(self, raw_title: object) -> str:
        """The address of the room called `raw_title`. refuses RoomInvalid"""
        title = rooms.clean_title(raw_title, self.limits.room_chars)
        slug = rooms.slug(title, self.limits.room_chars)
        self._titles.note(slug, title)
        return slug

    def room(self, slug: str) -> Room:
        """refuses RoomInvalid; fails Unavailable"""
        return self._titled(self._store.room(rooms.require_slug(slug)))

    def join(self, slug: str, member_id: str, raw_name: object, connection: str) -> tuple[Member, list[Fact]]:
        """Who the newcomer is in this room.

        refuses  RoomInvalid, NameInvalid, NameTaken, RoomFull, RoomLocked; Forbidden in too many rooms
        """
        wanted = Member(member_id, self.clean_name(raw_name))
        room = self.approach(slug, member_id)
        rooms_already = self._presence.rooms_of(connection)
        if len(rooms_already) >= self.limits.rooms_per_connection and slug not in rooms_already:
            raise Forbidden("rooms", f"You are in {len(rooms_already)} rooms at once. Leave one of them first.")
        with self._offering_others(slug, wanted.name):
            self._leave_to_bots(slug, wanted.name)
            entry = self._presence.enter(slug, wanted, connection)
        if room.created_at_ms is None:
            self._lookalikes.enter(slug, self._title(slug))
        if entry.is_new:
            return entry.member, [facts.MemberJoined(slug, entry.member)]
        if entry.old_name is not None:
            return entry.member, [facts.MemberRenamed(slug, entry.member, entry.old_name)]
        return entry.member, []

    def approach(self, slug: str, member_id: str) -> Room:
        """A closed room is neither entered nor read by those it does not know. refuses RoomInvalid, RoomLocked"""
        room = self.room(slug)
        if room.is_locked and not self._presence.knows(slug, member_id):
            raise RoomLocked()
        return room

    def look_alike(self, room: Room) -> Room | None:
        """Another room with talk or with people in it that may be taken for this one. fails Unavailable"""
        stored = self._store.alike(room.slug, room.title)
        live = (self.room(slug) for slug in self._lookalikes.like(room.slug, room.title) if self._presence.count(slug))
        alike = (other for other in (*stored, *live) if rooms.may_be_taken_for(room.slug, other.slug))
        return next(alike, None)

    def snapshot(self, slug: str, cursor: tuple[str, int] | None = None, *, warns_of_alike: bool = False) -> Snapshot:
        """The newest page, or with a cursor (epoch, seq) what it missed. fails Unavailable"""
        complete, reset = True, False
        if cursor is None:
            page = self._store.newest(slug, self.limits.history_page)
        else:
            epoch, seq = cursor
            page = self._store.changes(slug, seq, self.limits.resume_changes)
            reset = epoch != page.room.epoch or seq > page.room.head
            complete = reset or not page.more
            if reset or not complete:
                page = self._store.newest(slug, self.limits.history_page)
        titled = Page(self._titled(page.room), page.messages, page.more)
        alike = self.look_alike(page.room) if warns_of_alike else None
        # The people last: while the store is read others come and go, and are told of before this is.
        return Snapshot(titled, self._presence.members(slug), complete, reset, alike)

    def leave(self, slug: str, member_id: str, connection: str) -> list[facts.MemberLeft]:
        """refuses NotInRoom"""
        if self._presence.member(slug, member_id) is None:
            raise NotInRoom()
        gone = self._presence.leave(slug, member_id, connection)
        return [facts.MemberLeft(slug, gone)] if gone else []

    def drop(self, connection: str, *, at_once: bool = False) -> None:
        """A connection ended without a word. Whether its member left shows in `sweep`, after the grace or `at_once`."""
        self._presence.drop(connection, at_once=at_once)

    def sweep(self) -> list[facts.MemberLeft]:
        """Those who dropped and did not come back in time."""
        return [facts.MemberLeft(room, member) for room, member in self._presence.sweep()]

    def news(self) -> list[facts.PresenceFact]:
        """Who came, went and changed their name elsewhere, in the rooms that have somebody here."""
        return self._presence.news()

    @property
    def is_whole(self) -> bool:
        """Whether who is here is known, wherever they are connected."""
        return self._presence.is_well

    def ousted(self) -> list[str]:
        """Connections that lost their name in a room to somebody else, and must come in anew."""
        return self._presence.ousted()

    def rename(self, slug: str, member_id: str, raw_name: object) -> tuple[Member, list[Fact]]:
        """refuses NameInvalid, NameTaken, NotInRoom"""
        member = Member(member_id, self.clean_name(raw_name))
        with self._offering_others(slug, member.name):
            self._leave_to_bots(slug, member.name)
            old_name = self._presence.rename(slug, member)
        return member, [facts.MemberRenamed(slug, member, old_name)] if old_name != member.name else []

    def check_entry(self, slug: str, member_id: str, raw_name: object) -> str:
        """The name as it would be shown, if this member came in now. refuses RoomLocked, NameInvalid, NameTaken"""
        self.approach(slug, member_id)
        name = self.clean_name(raw_name)
        with self._offering_others(slug, name):
            self._leave_to_bots(slug, name)
            if self._presence.holder(slug, name) not in (None, member_id):
                raise NameTaken(name)
        return name

    def clean_name(self, raw_name: object) -> str:
        """The name as it would be shown. refuses NameInvalid"""
        return names.clean(raw_name, self.limits.name_chars, self._reserved)

    @contextmanager
    def _offering_others(self, slug: str, name: str) -> Iterator[None]:
        """Whoever is refused a taken name is told of a few like it."""
        try:
            yield
        except NameTaken as no:
            bots = set().union(*(names.keys(bot) for bot in self._bots_of(slug)))
            no.free = names.free_like(
                name,
                lambda each: self._presence.holder(slug, each) is None and not bots & names.keys(each),
                self.limits.name_chars,
            )
            raise

    def say(self, slug: str, member_id: str, raw_body: str, client_id: str) -> tuple[Message, list[Fact]]:
        """The message as recorded. No fact means it was recorded before.

        refuses  NotInRoom, BodyEmpty, BodyTooLong, ClientIdConflict; fails Unavailable
        """
        return self.post(slug, self._here(slug, member_id), raw_body, client_id)

    def post(self, slug: str, author: Member, raw_body: str, client_id: str) -> tuple[Message, list[Fact]]:
        """What a program says, which need not be in the room. The rest is as for `say`, with RoomInvalid."""
        kind, body = messages.clean_body(raw_body, self.limits.body_chars)
        return self._record(slug, author, kind, body, client_id)

    def announce(self, slug: str, raw_body: str, client_id: str) -> tuple[Message, list[Fact]]:
        """What whoever runs the server says. refuses as `post`"""
        body = messages.clean_text(raw_body, self.limits.body_chars)
        return self._record(slug, self.operator, "notice", body, client_id)

    def kick(self, slug: str, raw_name: str) -> tuple[Member, list[Fact]]:
        """Whoever is called so in the room is to leave it. refuses PayloadInvalid, RoomInvalid"""
        member_id = self._presence.holder(rooms.require_slug(slug), raw_name)
        member = next((each for each in self._presence.members(slug) if each.id == member_id), None)
        if member is None:
            raise PayloadInvalid(f"Nobody in this room is called {raw_name}.")
        return member, [facts.MemberKicked(slug, member)]

    def typing(self, slug: str, member_id: str) -> list[Fact]:
        """refuses NotInRoom"""
        return [facts.MemberTyping(slug, self._here(slug, member_id))]

    def history(
        self, slug: str, before: int | None, after_seq: int | None, limit: int | None, after: int | None = None
    ) -> Page:
        """Older messages (`before` an id), newer ones (`after` an id) or changes (`after_seq`); with none of them the
        newest page. fails Unavailable
        """
        size = min(limit or self.limits.history_page, self.limits.history_page_most)
        if after_seq is not None:
            return self._store.changes(slug, after_seq, size)
        if after is not None:
            return self._store.oldest(slug, size, after)
        return self._store.newest(slug, size, before)

    def heads(self, slugs: Iterable[str]) -> dict[str, int]:
        """The last number of each of these rooms that has one. fails Unavailable"""
        return self._store.heads(slugs)

    def check_here(self, slug: str, member_id: str) -> None:
        """refuses NotInRoom"""
        self._here(slug, member_id)

    def name_here(self, slug: str, member_id: str) -> str | None:
        """What somebody is called in a room that they are in: another name than in the next one, maybe."""
        member = self._presence.member(slug, member_id)
        return member.name if member else None

    def members(self, slug: str) -> Sequence[Member]:
        return self._presence.members(slug)

    def peopled(self) -> dict[str, int]:
        """Every room that has somebody in it, and how many."""
        return self._presence.rooms()

    def count(self, slug: str) -> int:
        return self._presence.count(slug)

    def connections(self, slug: str, member_id: str) -> list[str]:
        return self._presence.connections(slug, member_id)

    def rooms_of(self, connection: str) -> list[str]:
        return sorted(self._presence.rooms_of(connection))

    def ping(self) -> None:
        """Return if messages can be read. fails Unavailable"""
        self._store.ping()

    def _record(self, slug: str, author: Member, kind: Kind, body: str, client_id: str) -> tuple[Message, list[Fact]]:
        room = rooms.require_slug(slug)
        message, is_new = self._store.append(messages.Draft(room, self._title(room), author, kind, body, client_id))
        self._titles.forget(room)
        return message, [facts.MessagePosted(message)] if is_new else []

    def _leave_to_bots(self, slug: str, name: str) -> None:
        """A program's name in its rooms is its own. refuses NameTaken; fails Unavailable"""
        wanted = names.keys(name)
        if any(wanted & names.keys(bot) for bot in self._bots_of(slug)):
            raise NameTaken(name)

    def _here(self, slug: str, member_id: str) -> Member:
        member = self._presence.member(slug, member_id)
        if member is None:
            raise NotInRoom()
        return member

    def _title(self, slug: str) -> str:
        return self._titles.known(slug) or rooms.title_of(slug)

    def _titled(self, room: Room) -> Room:
        """The room under the name somebody typed for it, until its first message makes that name last."""
        title = self._titles.find(room.slug) if room.created_at_ms is None else None
        if title is None:
            return room
        return Room(room.slug, title, room.epoch, room.head, room.created_at_ms, room.is_locked)
