"""What a connection to SQLite is set to."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc
from sqlalchemy.pool import NullPool

# How long a statement waits for somebody else's lock on the file before the sender is told to try again. Who sends
# while a batch waits, waits once more for as long: both together stay below the two seconds an answer may take.
LOCK_WAIT_S: Final = 0.8
# 32 MB: a commit that finds so much in the log copies it back itself. `CopyBack` is earlier, unless it failed.
WAL_PAGES: Final = 8000


def make_engine(url: URL) -> Engine:
    options = {"timeout": LOCK_WAIT_S, "check_same_thread": False}
    # Errors end up in the log, and what people wrote must not.
    engine = create_engine(url, poolclass=NullPool, connect_args=options, hide_parameters=True)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: Any, _record: object) -> None:
    # The driver's own idea of transactions begins them late; `_begin` says when.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # What undoes half a statement would otherwise be a file of its own, made and removed for each.
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")


def _begin(connection: Connection) -> None:
    # A writer that reads first and locks later can be refused in between; it locks at once.
    is_write = connection.get_execution_options().get("chat_write")
    driver = connection.connection.dbapi_connection
    try:
        driver.execute("BEGIN IMMEDIATE" if is_write else "BEGIN")  # type: ignore[union-attr]
    except connection.dialect.loaded_dbapi.OperationalError as error:
        raise exc.OperationalError("BEGIN", None, error) from error
