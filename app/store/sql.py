"""The message store on a SQL database."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from sqlalchemy import Connection, Select, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.chat import rooms as room_rules
from app.chat.messages import Draft, Message
from app.chat.ports import Page
from app.chat.refusals import Refusal, Unavailable
from app.chat.rooms import Room
from app.store import reads
from app.store.clock import now_ms
from app.store.copy_back import CopyBack
from app.store.engine import WRITE, away_is_unavailable, is_locked, opened
from app.store.group_commit import GroupCommit
from app.store.migrate import bring_up_to_date
from app.store.native import THREADED, Native
from app.store.record import Outcome, Recorder, epoch_of, held_rooms, lock_room, message_of
from app.store.schema import seeds
from app.store.shared_reads import SharedReads
from app.store.tokens import SqlTokens

# A page goes out in one answer, and an answer must fit what a client may have waiting.
PAGE_BYTES: Final = 128 * 1024
FRAME_OF_A_MESSAGE: Final = 256
# Databases bound how many values one statement may name.
ROOMS_AT_ONCE: Final = 500

T = TypeVar("T")
Statement = Select[tuple[object, ...]]


def open_store(url: str, native: Native = THREADED) -> SqlStore:
    """The store at a database URL, its schema brought up to date. fails Unavailable"""
    bring_up_to_date(url)
    with opened(url) as engine:
        # The first connection of an engine sets it up, behind a lock: not in several native threads at once.
        first = engine.connect()
        with first.begin():
            seed = first.execute(select(seeds.c.seed)).scalar_one()
    return SqlStore(first, seed, native)


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'chat.sqlite3'}"


class SqlStore:
    """A `MessageStore`. Every statement runs where it may block; see `Native`."""

    def __init__(self, first: Connection, seed: str, native: Native) -> None:
        self._engine = first.engine
        self._seed = seed
        self._native = native
        self._recorder = Recorder(first.dialect, seed)
        self._writer: Connection | None = None
        # Held from the start: by it others see that the database is in use.
        self._readers = [first]
        self._reads = SharedReads(native)
        self._log = CopyBack(native)
        self._commits = GroupCommit(self._commit, native, lambda: self._log.if_due(self._writer))
        self.commits = self._commits.tally
        self.tokens = SqlTokens(self._read, self._write)

    def append(self, draft: Draft) -> tuple[Message, bool]:
        outcome = self._commits.append(draft)
        if isinstance(outcome, Refusal | Unavailable):
            raise outcome
        return outcome

    def room(self, slug: str) -> Room:
        return self._read(("room", slug), lambda connection: self._room(connection, slug))

    def newest(self, slug: str, limit: int, before: int | None = None) -> Page:
        statement = reads.NEWEST if before is None else reads.OLDER
        found = self._page(slug, limit, [statement], before=before)
        return Page(found.room, found.messages[::-1], found.more)

    def oldest(self, slug: str, limit: int, after: int) -> Page:
        return self._page(slug, limit, [reads.NEWER], after_id=after)

    def changes(self, slug: str, after_seq: int, limit: int) -> Page:
        return self._page(slug, limit, [reads.SAID, reads.CHANGED], after=after_seq)

    def alike(self, slug: str, title: str) -> list[Room]:
        wanted = {"room": slug, "looks": sorted(room_rules.looks_of(slug, title))}

        def work(connection: Connection) -> list[Room]:
            return [room_of(row) for row in connection.execute(reads.ALIKE, wanted)]

        return self._read(("alike", slug, title), work)

    def heads(self, slugs: Iterable[str]) -> dict[str, int]:
        wanted = sorted(slugs)

        def work(connection: Connection) -> dict[str, int]:
            found: dict[str, int] = {}
            for at in range(0, len(wanted), ROOMS_AT_ONCE):
                rows = connection.execute(reads.HEADS, {"slugs": wanted[at : at + ROOMS_AT_ONCE]})
                found.update((row.slug, row.head) for row in rows)
            return found

        return self._read(("heads", *wanted), work)

    def set_locked(self, slug: str, title: str, locked: bool) -> None:
        def work(connection: Connection) -> None:
            lock_room(connection, slug, title, self._seed, now_ms(), is_locked=locked)

        self._write(work)

    def ping(self) -> None:
        self._read(("ping",), lambda connection: connection.execute(select(seeds.c.seed)).scalar_one())

    def close(self) -> None:
        self._commits.close()
        for connection in (self._writer, *self._readers):
            if connection is not None:
                connection.close()
        self._writer, self._readers = None, []
        self._engine.dispose()

    def _commit(self, drafts: list[Draft]) -> list[Outcome]:
        with away_is_unavailable():
            try:
                outcomes = self._record(drafts)
            except IntegrityError:
                # Another process took a client_id after we had looked. Now it is found.
                outcomes = self._record(drafts)
            except DBAPIError as error:
                if is_locked(error):
                    outcomes = self._record(drafts, within_reach=True)
                elif error.connection_invalidated:
                    # The server may be back already, or never have been away. A commit that was cut off is found.
                    outcomes = self._record(drafts)
                else:
                    raise
        self._log.wrote(len(drafts))
        return outcomes

    def _record(self, drafts: list[Draft], *, within_reach: bool = False) -> list[Outcome]:
        """One transaction. `within_reach`: it leaves out rooms that somebody else holds."""
        connection = self._writer or self._open(write=True)
        # Back only when all went well: after an error the next batch begins with a new connection.
        self._writer = None
        try:
            with connection.begin():
                held = held_rooms(connection, {draft.room for draft in drafts}) if within_reach else frozenset()
                free = [draft for draft in drafts if draft.room not in held]
                outcomes = iter(self._recorder.record(connection, free, now_ms()))
        except BaseException:
            connection.close()
            raise
        self._writer = connection
        return [Unavailable("the room is held") if draft.room in held else next(outcomes) for draft in drafts]

    def _page(self, slug: str, limit: int, statements: list[Statement], **place: int | None) -> Page:
        def work(connection: Connection) -> Page:
            room = self._room(connection, slug)
            values = {"room": slug, "count": limit + 1, **place}
            found = [message_of(row) for each in statements for row in connection.execute(each, values)]
            if len(statements) > 1:
                found.sort(key=lambda message: message.seq)
            fits = min(limit, fitting(found))
            return Page(room, found[:fits], len(found) > fits)

        return self._read(("page", slug, limit, *place.items()), work)

    def _room(self, connection: Connection, slug: str) -> Room:
        row = connection.execute(reads.ROOM, {"room": slug}).one_or_none()
        if row is None:
            return Room(slug, room_rules.title_of(slug), epoch_of(self._seed, slug), 0, None, False)
        return room_of(row)

    def _read(self, key: Hashable, work: Callable[[Connection], T]) -> T:
        """`work` inside one transaction, so that all it reads is of one moment; shared by all who ask for `key`."""

        def in_transaction() -> T:
            with away_is_unavailable():
                try:
                    return self._read_on(self._idle_reader() or self._open(), work)
                except DBAPIError as error:
                    # A connection that was kept ends with the server; a new one finds it back, or says that it is not.
                    if not error.connection_invalidated:
                        raise
                    return self._read_on(self._open(), work)

        return self._reads.get(key, lambda: cast(T, self._native.run(in_transaction)))

    def _write(self, work: Callable[[Connection], T]) -> T:
        """`work` in a transaction of its own, for what is rare; messages are committed in groups."""

        def in_transaction() -> T:
            with away_is_unavailable(), self._open(write=True) as connection, connection.begin():
                return work(connection)

        return cast(T, self._native.run(in_transaction))

    def _read_on(self, connection: Connection, work: Callable[[Connection], T]) -> T:
        try:
            with connection.begin():
                found = work(connection)
        except BaseException:
            connection.close()
            raise
        self._readers.append(connection)
        return found

    def _idle_reader(self) -> Connection | None:
        # Several native threads ask at once: only the pop itself is one step.
        with suppress(IndexError):
            return self._readers.pop()
        return None

    def _open(self, *, write: bool = False) -> Connection:
        try:
            connection = self._engine.connect()
        except Exception as error:
            raise Unavailable("no connection to the database") from error
        return connection.execution_options(**WRITE) if write else connection


def fitting(found: Sequence[Message]) -> int:
    """How many of these stay within the bytes of a page; at least one."""
    left = PAGE_BYTES
    for count, message in enumerate(found):
        left -= len(message.body.encode()) + FRAME_OF_A_MESSAGE
        if left < 0:
            return max(count, 1)
    return len(found)


def room_of(row: Any) -> Room:
    return Room(row.slug, row.title, row.epoch, row.head, row.created_at_ms, row.is_locked)
