"""What a connection to PostgreSQL is set to, and how long its server may leave us waiting.

Nobody waits for ever: a server that is frozen, or behind a link that swallows everything, is given up after
`ANSWER_WITHIN_S`. Who sends while a batch waits, waits once more for as long: both together stay below the two seconds
an answer may take.
"""

from __future__ import annotations

import math
import time
from _socket import IPPROTO_TCP, SOCK_STREAM, getaddrinfo
from collections.abc import Generator
from ipaddress import ip_address
from typing import Any, Final, Self, TypeVar

import psycopg
from psycopg import IsolationLevel, waiting
from psycopg.abc import PQGen, PQGenConn
from psycopg.pq import TransactionStatus
from sqlalchemy import URL, Connection, Engine, create_engine, event, exc
from sqlalchemy.pool import NullPool

from app.store.engine import SERVER

T = TypeVar("T")

# For a connection, or for everything in one transaction.
ANSWER_WITHIN_S: Final = 0.9
# For work that nobody waits for.
CONNECTED_WITHIN_S: Final = 10.0
# The server gives up before we do, and says why.
TIMEOUTS_MS: Final = {"lock_timeout": 600, "statement_timeout": 800, "idle_in_transaction_session_timeout": 10_000}
# A commit is on the server's disk before it is told, whatever the database or its role are set to.
DURABLE: Final = {"synchronous_commit": "on"}
# All that a server reads has its index. A planner whose figures are from before the last crowd would not believe it and
# look through the whole table: a seventh of the speed, measured on a new database.
BY_INDEX: Final = {"enable_seqscan": "off"}
# After a silence all others are told no at once for so long; each would wait its time in turn.
SILENT_S: Final = 0.5


def make_engine(url: URL, *, is_patient: bool) -> Engine:
    settings = DURABLE if is_patient else DURABLE | TIMEOUTS_MS | BY_INDEX
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        poolclass=NullPool,
        # Nothing needs undoing: what goes back is closed.
        pool_reset_on_return=None,
        use_native_hstore=False,
        # Errors end up in the log, and what people wrote must not.
        hide_parameters=True,
        connect_args={
            "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
            "application_name": f"{SERVER} command" if is_patient else SERVER,
        },
    )
    kind, silence = Patient if is_patient else Bounded, Silence()

    def connect(_dialect: object, _record: object, _args: object, params: dict[str, Any]) -> Bounded:
        silence.refuse()
        try:
            connection = kind.connect(**params | addresses(params))
        except psycopg.errors.ConnectionTimeout:
            silence.begin()
            raise
        connection.silence = silence
        return connection

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "begin", _begin)
    return engine


class Silence:
    """Whether the server was waited for in vain just now."""

    def __init__(self) -> None:
        self._until = 0.0

    def begin(self) -> None:
        self._until = time.monotonic() + SILENT_S

    def refuse(self) -> None:
        """fails psycopg.OperationalError"""
        if time.monotonic() < self._until:
            raise psycopg.OperationalError("the server does not answer")


class Bounded(psycopg.Connection[Any]):
    """A connection whose server must answer before `until`, by the monotonic clock; else it is closed."""

    within_s = connect_within_s = ANSWER_WITHIN_S
    until = math.inf
    silence = Silence()

    def allow(self) -> None:
        """A new transaction begins, with the time there is for one. fails psycopg.OperationalError"""
        self.silence.refuse()
        self.until = time.monotonic() + self.within_s

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        left = None if self.until == math.inf else max(0.0, self.until - time.monotonic())
        try:
            return super().wait(gen, interval, left)
        except psycopg.OperationalError:
            # Given up in the middle: nobody could tell the rest of this answer from the next one.
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.silence.begin()
                self.close()
            raise

    def rollback(self) -> None:
        """Nothing, once it is closed: whoever rolls back wants to hear of what went wrong before."""
        if not self.closed:
            super().rollback()

    @classmethod
    def _connect_gen(cls, conninfo: str = "") -> PQGenConn[Self]:
        # Waited for here. The library would wait by `selectors`, which in a patched process belong to the hub.
        steps = super()._connect_gen(conninfo)
        until = time.monotonic() + cls.connect_within_s
        try:
            fd, wanted = next(steps)
            while ready := waiting.wait(_once(wanted), fd, max(0.0, until - time.monotonic())):
                fd, wanted = steps.send(ready)
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return]
        raise psycopg.errors.ConnectionTimeout("the server does not answer")
        yield


class Patient(Bounded):
    """Waits as long as it takes."""

    within_s, connect_within_s = math.inf, CONNECTED_WITHIN_S


def addresses(params: dict[str, Any]) -> dict[str, str]:
    """`host` and `hostaddr` with a name looked up, in a way that blocks this thread and no other.

    fails  psycopg.OperationalError
    """
    host = params.get("host", "")
    if not host or "hostaddr" in params or "," in host or host.startswith("/") or _is_address(host):
        return {}
    try:
        found = {str(entry[4][0]) for entry in getaddrinfo(host, params.get("port"), 0, SOCK_STREAM, IPPROTO_TCP)}
    except OSError as error:
        raise psycopg.OperationalError(f"{host} is not found: {error.strerror}") from None
    return {"host": ",".join([host] * len(found)), "hostaddr": ",".join(found)}


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _once(wanted: Any) -> Generator[Any, Any, Any]:
    return (yield wanted)


def _begin(connection: Connection) -> None:
    """A reader sees everything of one moment."""
    driver: Any = connection.connection.driver_connection
    is_reader = not connection.get_execution_options().get("chat_write")
    if driver.read_only != is_reader:
        driver.read_only = is_reader
        driver.isolation_level = IsolationLevel.REPEATABLE_READ if is_reader else IsolationLevel.READ_COMMITTED
    try:
        driver.allow()
    except psycopg.OperationalError as error:
        raise exc.OperationalError("BEGIN", None, error) from error
