"""SQLite's log, copied back between two commits: inside one, those who wait for that one would wait for this too."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from sqlalchemy import Connection

from app.store.native import Native

# Messages. Each puts two or three pages into the log; the longer it is, the more often a page in it was written again.
TOGETHER: Final = 2000


class CopyBack:
    """Other databases see to it themselves."""

    def __init__(self, native: Native) -> None:
        self._native = native
        self._due = 0

    def wrote(self, count: int) -> None:
        """So many messages more are in the log."""
        self._due += count

    def if_due(self, writer: Connection | None) -> None:
        """`writer` is what nobody writes with now. Only the caller waits."""
        if writer is not None and self._due >= TOGETHER:
            self._due = 0
            if writer.dialect.name == "sqlite":
                self._native.run(_copy, writer)


def _copy(writer: Connection) -> None:
    # A disk that refuses is told to whoever writes next. Nothing is lost, and the next time takes it all.
    with suppress(writer.dialect.loaded_dbapi.Error):
        writer.connection.driver_connection.execute("PRAGMA wal_checkpoint(PASSIVE)").close()  # type: ignore[union-attr]
