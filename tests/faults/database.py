"""What the database holds, read by its own means: not by the program that is on trial."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.faults.history import Row, Stored


def open_database(data: Path, **options: float) -> sqlite3.Connection:
    return sqlite3.connect(data / "chat.sqlite3", isolation_level=None, **options)


def read_stored(data: Path) -> Stored:
    stored = Stored()
    with closing(open_database(data, timeout=10)) as database:
        database.execute("BEGIN")
        stored.heads = dict(database.execute("SELECT slug, head FROM rooms"))
        query = "SELECT room, id, seq, author_id, client_id, body FROM messages ORDER BY room, id"
        for room, id_, seq, author_id, client_id, body in database.execute(query):
            stored.rows[room].append(Row(id_, seq, author_id, client_id, body))
    return stored


def read_heads(data: Path) -> dict[str, int]:
    with closing(open_database(data, timeout=10)) as database:
        return dict(database.execute("SELECT slug, head FROM rooms"))
