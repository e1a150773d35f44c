"""How we talk to the database: which kind it is, and which of its errors mean that it is away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Engine, exc
from sqlalchemy.engine import make_url

from app.chat.refusals import Unavailable
from app.store import sqlite

# Set on connections that write. All others are for reading, everything of one moment.
WRITE: Final = {"chat_write": True}
LOCK_NOT_AVAILABLE: Final = "55P03"
# As which the connections of a server are known to PostgreSQL.
SERVER: Final = "chatroom"


def make_engine(url: str, *, is_patient: bool = False) -> Engine:
    """Connections are held by those who use them, never pooled: a pool's lock would hang a native thread.

    fails       ArgumentError
    is_patient  for work that may take long and has nobody waiting: a server in the network may take its time
    """
    parsed = make_url(url)
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        return sqlite.make_engine(parsed)
    if kind not in ("postgresql", "postgres"):
        raise exc.ArgumentError("it begins with neither sqlite:// nor postgresql://")
    # Loaded only where it is used: it takes a tenth of a second, and SQLite needs none of it.
    from app.store import postgres

    return postgres.make_engine(parsed, is_patient=is_patient)


@contextmanager
def away_is_unavailable() -> Iterator[None]:
    """A database that is locked, full, read-only or gone is `Unavailable`; anything else is a bug and stays one."""
    try:
        yield
    except (exc.OperationalError, exc.InterfaceError, exc.InternalError) as error:
        raise Unavailable(type(error.orig).__name__) from error


@contextmanager
def opened(url: str, *, is_patient: bool = False) -> Iterator[Engine]:
    """An engine, where a database that cannot be used is told to a person in one sentence. fails Unavailable"""
    try:
        yield make_engine(url, is_patient=is_patient)
    except exc.ArgumentError as error:
        raise Unavailable(f"CHAT_DATABASE_URL is not the address of a database we can speak to: {error}.") from error
    except exc.DBAPIError as error:
        reason = " ".join(str(error.orig).split()).rstrip(".")
        where = "Look at CHAT_DATA and CHAT_DATABASE_URL."
        raise Unavailable(f"The database cannot be used: {reason}. {where}") from error


def is_locked(error: exc.DBAPIError) -> bool:
    """Whether it says that somebody else held a row for too long."""
    return getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE
