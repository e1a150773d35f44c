"""Statements compiled once for a database and run on the driver itself: what every commit does thousands of times.

One execution takes many rows. Each lets other threads run and takes its turn again, which costs more than a row does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, Dialect, exc
from sqlalchemy.sql import ClauseElement

SIZES: Final = (64, 16, 4, 1)
Row = Sequence[Any]


class Prepared:
    """build(n): the statement about n rows, whose parameters are `names`, each with a row's number: `slug_0`."""

    def __init__(self, build: Callable[[int], ClauseElement], dialect: Dialect, names: Sequence[str]) -> None:
        self._sized = {size: _Sized(build(size), dialect, numbered(names, size)) for size in SIZES}

    def run(self, connection: Connection, rows: Sequence[Row], blank: Row | None = None) -> list[Any]:
        """What the database answers about these rows, each given once; or filled up with `blank`, where that changes
        nothing, for fewer executions. fails as SQLAlchemy would
        """
        answer: list[Any] = []
        at = 0
        while left := len(rows) - at:
            if blank is None:
                size = next(size for size in SIZES if size <= left)
            else:
                size = min((size for size in SIZES if size >= left), default=SIZES[0])
            now = rows[at : at + size]
            at += len(now)
            filled = chain(now, (blank,) * (size - len(now))) if blank is not None else now
            answer += self._sized[size].run(connection, list(chain.from_iterable(filled)))
        return answer


class _Sized:
    def __init__(self, statement: ClauseElement, dialect: Dialect, names: list[str]) -> None:
        compiled = statement.compile(dialect=dialect)
        self._sql = str(compiled)
        self._names = names
        order = getattr(compiled, "positiontup", None)
        # A driver that wants positions may want them in another order, or one value twice.
        self._places = None if order in (None, names) else [names.index(name) for name in order]
        self._is_named = order is None

    def run(self, connection: Connection, values: list[Any]) -> list[Any]:
        bound: Any = values
        if self._is_named:
            bound = dict(zip(self._names, values, strict=True))
        elif self._places is not None:
            bound = [values[place] for place in self._places]
        dialect, driver = connection.dialect, connection.connection.driver_connection
        errors = dialect.loaded_dbapi.Error
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self._sql, bound)
            return list(cursor.fetchall()) if cursor.description else []
        except errors as error:
            # The parameters stay out of it: they are what people wrote.
            is_gone = dialect.is_disconnect(error, driver, cursor)
            raise exc.DBAPIError.instance(
                self._sql, None, error, errors, connection_invalidated=is_gone, dialect=dialect
            ) from error


def numbered(names: Sequence[str], count: int) -> list[str]:
    return [f"{name}_{n}" for n in range(count) for name in names]
