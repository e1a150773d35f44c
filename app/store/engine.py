"""How we talk to the database: what a connection is set to, and which of its errors mean that it is away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, exc
from sqlalchemy.pool import NullPool

from app.chat.refusals import Unavailable

# How long a statement waits for somebody else's lock on the file before the sender is told to try again. Who sends
# while a batch waits, waits once more for as long: both together stay below the two seconds an answer may take.
LOCK_WAIT_S: Final = 0.8
WRITE: Final = {"chat_write": True}
# 32 MB: a commit that finds so much in the log copies it back itself. `CopyBack` is earlier, unless it failed.
WAL_PAGES: Final = 8000


def make_engine(url: str) -> Engine:
    """Connections are held by those who use them, never pooled: a pool's lock would hang a native thread."""
    is_sqlite = url.startswith("sqlite")
    options = {"timeout": LOCK_WAIT_S, "check_same_thread": False} if is_sqlite else {}
    # Errors end up in the log, and what people wrote must not.
    engine = create_engine(url, poolclass=NullPool, connect_args=options, hide_parameters=True)
    if is_sqlite:
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def away_is_unavailable() -> Iterator[None]:
    """A database that is locked, full, read-only or gone is `Unavailable`; anything else is a bug and stays one."""
    try:
        yield
    except (exc.OperationalError, exc.InterfaceError) as error:
        raise Unavailable(type(error.orig).__name__) from error


def _set_up_sqlite(connection: Any, _record: object) -> None:
    # The driver's own idea of transactions begins them late; `_begin_sqlite` says when.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # What undoes half a statement would otherwise be a file of its own, made and removed for each.
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer that reads first and locks later can be refused in between; it locks at once.
    is_write = connection.get_execution_options().get("chat_write")
    driver = connection.connection.dbapi_connection
    try:
        driver.execute("BEGIN IMMEDIATE" if is_write else "BEGIN")  # type: ignore[union-attr]
    except connection.dialect.loaded_dbapi.OperationalError as error:
        raise exc.OperationalError("BEGIN", None, error) from error
