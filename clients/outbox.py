"""What I wrote and the room does not have yet. On disk before it is first sent; taken out by an ok ack, or by me.

Several programs of one person may write here. One of them at a time empties a room's queue (`sender`).
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

_SCHEMA = """CREATE TABLE IF NOT EXISTS waiting (
    place INTEGER PRIMARY KEY AUTOINCREMENT, client_id TEXT NOT NULL UNIQUE, room TEXT NOT NULL, member TEXT,
    body TEXT NOT NULL, written_at_ms INTEGER NOT NULL, code TEXT, reason TEXT)"""
_SELECT = "SELECT client_id, room, body, written_at_ms, code, reason FROM waiting WHERE"


@dataclass(frozen=True, slots=True)
class Entry:
    """`code` and `reason` are those of its refusal; None while it waits to be sent."""

    client_id: str
    room: str
    body: str
    written_at_ms: int
    code: str | None = None
    reason: str | None = None


class Outbox:
    """The queue of each room of one server. Every call may raise sqlite3.Error or OSError: the disk said no."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with self._database() as database:
            database.execute(_SCHEMA)

    def add(self, room: str, body: str) -> Entry:
        """Kept, for good, when it returns."""
        entry = Entry(secrets.token_hex(16), room, body, time.time_ns() // 1_000_000)
        with self._database() as database:
            database.execute(
                "INSERT INTO waiting (client_id, room, body, written_at_ms) VALUES (?, ?, ?, ?)",
                (entry.client_id, room, body, entry.written_at_ms),
            )
        return entry

    def waiting(self, room: str) -> list[Entry]:
        """Everything of one room, in the order written, refused ones too."""
        with self._database() as database:
            rows = database.execute(f"{_SELECT} room = ? ORDER BY place", (room,))
            return [Entry(*row) for row in rows]

    def belong_to(self, member: str) -> None:
        """What was written before anybody knew me is mine. What an earlier identity wrote is not sent in my name."""
        with self._database() as database:
            database.execute("UPDATE waiting SET member = ? WHERE member IS NULL", (member,))
            why = "You are somebody else to this server now. /retry sends it in your new name."
            database.execute(
                "UPDATE waiting SET code = 'other_member', reason = ? WHERE member != ? AND code IS NULL", (why, member)
            )

    def first(self, room: str, member: str) -> Entry | None:
        """The next to send."""
        with self._database() as database:
            database.execute("UPDATE waiting SET member = ? WHERE member IS NULL AND room = ?", (member, room))
            row = database.execute(
                f"{_SELECT} room = ? AND member = ? AND code IS NULL ORDER BY place LIMIT 1", (room, member)
            ).fetchone()
            return Entry(*row) if row else None

    def refuse(self, client_id: str, code: str, reason: str) -> None:
        with self._database() as database:
            database.execute("UPDATE waiting SET code = ?, reason = ? WHERE client_id = ?", (code, reason, client_id))

    def retry(self, room: str, member: str | None) -> int:
        """Send what was refused once more, at its old place; how many there are."""
        with self._database() as database:
            refused = database.execute(
                "SELECT client_id, code FROM waiting WHERE room = ? AND code IS NOT NULL", (room,)
            ).fetchall()
            for client_id, code in refused:
                spent = code in ("client_id_conflict", "other_member")
                database.execute(
                    "UPDATE waiting SET client_id = ?, member = ?, code = NULL, reason = NULL WHERE client_id = ?",
                    (secrets.token_hex(16) if spent else client_id, member, client_id),
                )
            return len(refused)

    def discard(self, room: str) -> int:
        """Forget what was refused; how many there were."""
        with self._database() as database:
            return database.execute("DELETE FROM waiting WHERE room = ? AND code IS NOT NULL", (room,)).rowcount

    def remove(self, client_id: str) -> None:
        with self._database() as database:
            database.execute("DELETE FROM waiting WHERE client_id = ?", (client_id,))

    def sender(self, room: str) -> FileLock:
        """Held by the one program that sends. It ends with the program, however that ends."""
        name = hashlib.sha256(room.encode()).hexdigest()[:16]
        return FileLock(self._folder / f"sender-{name}.lock", timeout=0, thread_local=False)

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """One transaction. EXTRA: when it has ended, no loss of power takes it back."""
        database = sqlite3.connect(self._folder / "outbox.sqlite3", timeout=5)
        try:
            database.execute("PRAGMA synchronous = EXTRA")
            with database:
                yield database
        finally:
            database.close()
