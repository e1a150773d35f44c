"""Statements compiled once for a database and run on the driver itself: what every commit does thousands of times.

One execution takes many rows. Each lets other threads run and takes its turn again, which costs more than a row does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, Final, Protocol

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    FromClause,
    any_,
    bindparam,
    column,
    exc,
    func,
    values,
)
from sqlalchemy.sql import ClauseElement

SIZES: Final = (64, 16, 4, 1)
Row = Sequence[Any]


class Given(Protocol):
    """The rows that a statement is about, as it can speak of them."""

    def rows(self) -> FromClause: ...

    def hold(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether a column is among the values of their first one."""


class Prepared:
    """build(given): the statement about rows that have these columns."""

    def __init__(
        self, build: Callable[[Given], ClauseElement], dialect: Dialect, columns: Sequence[Column[Any]]
    ) -> None:
        self._has_arrays = dialect.name == "postgresql"
        if self._has_arrays:
            self._any = _Statement(build(Arrays(columns)), dialect, [each.name for each in columns])
        else:
            self._sized = {
                size: _Statement(build(Listed(columns, size)), dialect, _numbered(columns, size)) for size in SIZES
            }

    def run(self, connection: Connection, rows: Sequence[Row], blank: Row | None = None) -> list[Any]:
        """What the database answers about these rows, each given once; or filled up with `blank`, where that changes
        nothing, for fewer executions. fails as SQLAlchemy would
        """
        if self._has_arrays:
            return self._any.run(connection, [list(each) for each in zip(*rows, strict=True)]) if rows else []
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


class Listed:
    """So many rows, each value a parameter of its own: `slug_0`."""

    def __init__(self, columns: Sequence[Column[Any]], count: int) -> None:
        self._columns = columns
        self._count = count

    def rows(self) -> FromClause:
        data = [tuple(self._value(each, n) for each in self._columns) for n in range(self._count)]
        return values(*_bare(self._columns), name="given").data(data).cte("given")

    def hold(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        return column.in_([self._value(self._columns[0], n) for n in range(self._count)])

    @staticmethod
    def _value(column: Column[Any], n: int) -> Any:
        return bindparam(f"{column.name}_{n}", type_=column.type)


class Arrays:
    """Any number of rows in one text that the server plans once: each column is one parameter."""

    def __init__(self, columns: Sequence[Column[Any]]) -> None:
        self._columns = columns

    def rows(self) -> FromClause:
        arrays = func.unnest(*(self._values(each) for each in self._columns))
        return arrays.table_valued(*_bare(self._columns), name="given").render_derived()

    def hold(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        return column == any_(self._values(self._columns[0]))

    @staticmethod
    def _values(column: Column[Any]) -> Any:
        return bindparam(column.name, type_=ARRAY(column.type))


class _Statement:
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


def _numbered(columns: Sequence[Column[Any]], count: int) -> list[str]:
    return [f"{each.name}_{n}" for n in range(count) for each in columns]


def _bare(columns: Sequence[Column[Any]]) -> list[Any]:
    return [column(each.name, each.type) for each in columns]
