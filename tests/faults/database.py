"""What the database holds, read by its own means: not by the program that is on trial."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.faults.history import Row, Stored


def open_database(data: Path, **options: float) -> sqlite3.Connection:
    return sqlite3.connect(data / "chat.sqlite3", isolation_level=None, **options)


def read_stored(data: Path, url: str = "") -> Stored:
    stored = Stored()
    with _moment(data, url) as database:
        stored.heads = dict(database.execute("SELECT slug, head FROM rooms").fetchall())
        query = "SELECT room, id, seq, author_id, client_id, body FROM messages ORDER BY room, id"
        for room, id_, seq, author_id, client_id, body in database.execute(query):
            stored.rows[room].append(Row(id_, seq, author_id, client_id, body))
    return stored


def read_heads(data: Path, url: str = "") -> dict[str, int]:
    with _moment(data, url) as database:
        return dict(database.execute("SELECT slug, head FROM rooms").fetchall())


@contextmanager
def _moment(data: Path, url: str) -> Iterator[Any]:
    """Everything of one moment, out of PostgreSQL at `url`, or out of the file."""
    if url:
        with psycopg.connect(url) as line:
            line.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            yield line
    else:
        with closing(open_database(data, timeout=10)) as file:
            file.execute("BEGIN")
            yield file
