"""Statements compiled once for a database and run on the driver itself: what every commit does thousands of times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, exc
from sqlalchemy.sql import ClauseElement


class Prepared:
    """`names`: the parameters, in the order in which `run` and `many` are given their values."""

    def __init__(self, statement: ClauseElement, dialect: Dialect, names: Sequence[str]) -> None:
        compiled = statement.compile(dialect=dialect)
        self._sql = str(compiled)
        self._names = tuple(names)
        order = getattr(compiled, "positiontup", None)
        # A driver that wants positions may want them in another order, or one value twice.
        self._places = None if order is None else [self._names.index(name) for name in order]

    def run(self, connection: Connection, values: Sequence[Any]) -> Any:
        """The driver's cursor after one execution. fails as SQLAlchemy would"""
        return self._on_driver(connection, "execute", self._bound(values))

    def many(self, connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
        self._on_driver(connection, "executemany", [self._bound(row) for row in rows])

    def _bound(self, values: Sequence[Any]) -> Any:
        if self._places is None:
            return dict(zip(self._names, values, strict=True))
        return tuple([values[place] for place in self._places])

    def _on_driver(self, connection: Connection, how: str, parameters: Any) -> Any:
        driver = connection.dialect.loaded_dbapi
        cursor = connection.connection.cursor()
        try:
            getattr(cursor, how)(self._sql, parameters)
        except driver.OperationalError as error:
            # The parameters stay out of it: they are what people wrote.
            raise exc.OperationalError(self._sql, None, error, hide_parameters=True) from error
        return cursor
