"""The tokens of programs on a SQL database."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from app.chat.tokens import Kind, Token
from app.store.clock import now_ms
from app.store.schema import token_rooms, tokens

T = TypeVar("T")


class Read(Protocol):
    def __call__(self, key: Hashable, work: Callable[[Connection], T], /) -> T:
        """`work` in one transaction, shared by all who ask for `key`."""


class Write(Protocol):
    def __call__(self, work: Callable[[Connection], T], /) -> T:
        """`work` in one transaction; returns when it is on disk."""


class SqlTokens:
    """A `TokenStore`."""

    def __init__(self, read: Read, write: Write) -> None:
        self._read = read
        self._write = write

    def add(self, id_: str, kind: Kind, name: str, rooms: Sequence[str], digest: str) -> Token:
        token = Token(id_, kind, name, tuple(sorted(rooms)), now_ms())

        def work(connection: Connection) -> None:
            row = {"id": id_, "digest": digest, "kind": kind, "name": name, "created_at_ms": token.created_at_ms}
            connection.execute(insert(tokens), row)
            connection.execute(insert(token_rooms), [{"room": room, "token": id_} for room in token.rooms])

        self._write(work)
        return token

    def find(self, digest: str) -> Token | None:
        found = self._some(("token", digest), tokens.c.digest == digest)
        return found[0] if found else None

    def of_room(self, slug: str) -> list[Token]:
        its = select(token_rooms.c.token).where(token_rooms.c.room == slug)
        return self._some(("tokens of", slug), tokens.c.id.in_(its))

    def all(self) -> list[Token]:
        return self._some(("tokens",))

    def remove(self, id_: str) -> bool:
        def work(connection: Connection) -> bool:
            connection.execute(delete(token_rooms).where(token_rooms.c.token == id_))
            return connection.execute(delete(tokens).where(tokens.c.id == id_)).rowcount > 0

        return self._write(work)

    def _some(self, key: Hashable, *which: ColumnElement[bool]) -> list[Token]:
        def work(connection: Connection) -> list[Token]:
            rows = connection.execute(select(tokens).where(*which).order_by(tokens.c.created_at_ms, tokens.c.id)).all()
            return [_token(row, connection) for row in rows]

        return self._read(key, work)


def _token(row: Any, connection: Connection) -> Token:
    rooms = select(token_rooms.c.room).where(token_rooms.c.token == row.id).order_by(token_rooms.c.room)
    return Token(row.id, row.kind, row.name, tuple(connection.execute(rooms).scalars()), row.created_at_ms)
