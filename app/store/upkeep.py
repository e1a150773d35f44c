"""What whoever runs the chatroom does to its database by hand. Each gives a sentence that says what was done."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, text

from app.store.copying import (
    Change,
    Copied,
    NotCopied,
    Progress,
    as_it_is,
    begun_anew,
    copy,
    is_empty,
    reading,
    writing,
)
from app.store.engine import SERVER
from app.store.migrate import NEWEST, bring_up_to_date


def migrate(url: str) -> str:
    """fails Unavailable"""
    before = bring_up_to_date(url)
    if before == NEWEST:
        return f"The database has schema {NEWEST}, the newest this version knows: nothing to do."
    if before is None:
        return f"The database was empty, and has schema {NEWEST} now."
    safe = "Servers that run on it may go on, and be restarted one after another."
    return f"The database was at schema {before}, and has {NEWEST} now. {safe}"


def backup(url: str, file: Path, progress: Progress) -> str:
    """One moment of the database, as a SQLite file for its owner alone; whole or not at all.

    refuses  NotCopied
    fails    Unavailable
    """
    with reading(url, "the database") as source, _made_whole(file) as part:
        bring_up_to_date(f"sqlite:///{part}")
        with writing(f"sqlite:///{part}") as target:
            copied = copy(source, target, progress, as_it_is)
    return f"{file} holds {copied}."


def restore(url: str, file: Path, *, replace: bool, progress: Progress) -> str:
    """What a backup holds, in a database that is empty, or emptied with `replace`; with epochs of its own.

    refuses  NotCopied
    fails    Unavailable
    """
    hint = "Give --replace to lose it, after a backup."
    copied = _fill(url, file, progress, begun_anew(), "" if replace else hint)
    return f"The database holds {copied}, as in {file}. Open pages load their rooms anew."


def import_sqlite(url: str, file: Path, progress: Progress) -> str:
    """Everything in a SQLite file of ours, as it is there, in an empty database.

    refuses  NotCopied
    fails    Unavailable
    """
    copied = _fill(url, file, progress, as_it_is, "Name another in CHAT_DATABASE_URL.")
    return f"The database holds {copied}, as in {file}. Open pages go on where they are."


def _fill(url: str, file: Path, progress: Progress, change: Change, if_not_empty: str) -> Copied:
    """`if_not_empty`: what to do when something is there; "" does away with it."""
    if not file.is_file():
        raise NotCopied(f"There is no file {file}.")
    with reading(f"sqlite:///{file}", str(file)) as source:
        bring_up_to_date(url)
        with writing(url) as target:
            _require_unused(target)
            if if_not_empty and not is_empty(target):
                raise NotCopied(f"The database is not empty. {if_not_empty}")
            return copy(source, target, progress, change)


def _require_unused(connection: Connection) -> None:
    """refuses NotCopied while a server runs on this database. Of SQLite only the data folder knows; see the command."""
    if connection.dialect.name == "postgresql":
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = :name"
        if connection.execute(text(others), {"name": SERVER}).scalar_one():
            raise NotCopied("A server runs on this database. Stop it first.")


@contextmanager
def _made_whole(file: Path) -> Iterator[Path]:
    """Where to write what becomes `file`, with no trace if it fails. refuses NotCopied"""
    part = file.with_name(file.name + ".part")
    if file.exists():
        raise NotCopied(f"{file} is there already. Choose another name.")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL, 0o600))
        try:
            yield part
            _as_one_file(part)
            part.rename(file)
        finally:
            for trace in ("", "-wal", "-shm"):
                part.with_name(part.name + trace).unlink(missing_ok=True)
    except FileExistsError:
        raise NotCopied(
            f"{part} is there: another backup is writing it, or was cut off. Remove it if none runs."
        ) from None
    except OSError as error:
        raise NotCopied(f"{file} cannot be written: {error.strerror}.") from None


def _as_one_file(part: Path) -> None:
    """Nothing beside it, and on disk."""
    with closing(sqlite3.connect(part)) as line:
        line.execute("PRAGMA journal_mode = DELETE")
    for place, flags in ((part, os.O_RDONLY), (part.parent, os.O_RDONLY | os.O_DIRECTORY)):
        handle = os.open(place, flags)
        os.fsync(handle)
        os.close(handle)
