"""Everything of one database into another, a batch at a time: what backup, restore and import have in common."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Table, delete, func, insert, select

from app.store.engine import WRITE, opened
from app.store.migrate import NEWEST, version
from app.store.record import epoch_of
from app.store.schema import messages, metadata, rooms, seeds, tokens

TOGETHER: Final = 1000

Row = dict[str, Any]
Progress = Callable[[int, int], None]
Change = Callable[[Table, Row], Row]


class NotCopied(Exception):
    """One sentence that says why not, and what to do."""


class Copied(NamedTuple):
    rooms: int
    messages: int

    def __str__(self) -> str:
        return f"{_counted(self.rooms, 'room')} with {_counted(self.messages, 'message')}"


@contextmanager
def reading(url: str, name: str) -> Iterator[Connection]:
    """A connection to a database of ours that sees one moment of it. refuses NotCopied  fails Unavailable"""
    with opened(url, is_patient=True) as engine, engine.connect() as connection, connection.begin():
        found = version(connection)
        if found is None:
            raise NotCopied(f"There is no chatroom in {name}.")
        if found != NEWEST:
            how = "python -m app migrate, with CHAT_DATABASE_URL set to it"
            raise NotCopied(f"{name} has schema {found}, not {NEWEST}. Bring it up to date first: {how}.")
        yield connection


@contextmanager
def writing(url: str) -> Iterator[Connection]:
    """A connection whose transaction ends with the block: all of it, or nothing. fails Unavailable"""
    with (
        opened(url, is_patient=True) as engine,
        engine.connect().execution_options(**WRITE) as connection,
        connection.begin(),
    ):
        yield connection


def copy(source: Connection, target: Connection, progress: Progress, change: Change) -> Copied:
    """All rows, instead of those that `target` has. `progress`: so many messages of so many are there."""
    for table in reversed(metadata.sorted_tables):
        target.execute(delete(table))
    counts = Copied(*(_count(source, table) for table in (rooms, messages)))
    for table in metadata.sorted_tables:
        done = 0
        ordered = select(table).order_by(*table.primary_key).execution_options(yield_per=TOGETHER)
        with source.execute(ordered) as found:
            for part in found.mappings().partitions():
                target.execute(insert(table), [change(table, dict(row)) for row in part])
                if table is messages:
                    done += len(part)
                    progress(done, counts.messages)
    return counts


def as_it_is(_table: Table, row: Row) -> Row:
    return row


def begun_anew() -> Change:
    """Rows of a database that was put back: the epochs are new, so that nobody goes on from a number behind it."""
    seed = secrets.token_hex(16)

    def change(table: Table, row: Row) -> Row:
        if table is seeds:
            row["seed"] = seed
        elif table is rooms:
            row["epoch"] = epoch_of(seed, row["slug"])
        return row

    return change


def is_empty(connection: Connection) -> bool:
    """Whether nobody has said anything, closed a room or made a token."""
    return not any(connection.execute(select(table).limit(1)).first() for table in (rooms, tokens))


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
