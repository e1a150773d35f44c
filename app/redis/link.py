"""One Redis, asked by many. While it is away everybody is told so at once, and one alone looks whether it is back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.chat.refusals import Unavailable

ANSWER_S: Final = 1.0
CONNECT_S: Final = 0.5
LOOK_EVERY_S: Final = 0.5
CONNECTIONS: Final = 32
RETRY_AFTER_MS: Final = 2000
# A server that is starting, stopping, read-only or full answers, but does not serve.
AWAY: Final = (
    redis.ConnectionError,
    redis.TimeoutError,
    redis.exceptions.BusyLoadingError,
    redis.exceptions.ReadOnlyError,
    redis.exceptions.OutOfMemoryError,
    redis.exceptions.MasterDownError,
)
# Those have no class of their own: it cannot save, or has too few replicas.
REFUSALS: Final = ("MISCONF ", "NOREPLICAS ")

T = TypeVar("T")


def is_away(error: redis.RedisError) -> bool:
    return isinstance(error, AWAY) or str(error).startswith(REFUSALS)


class RedisLink:
    """`url`: redis://, rediss:// or unix://, or the same with valkey. fails ValueError for any other"""

    def __init__(self, url: str) -> None:
        pool = redis.BlockingConnectionPool.from_url(
            url.replace("valkey", "redis", 1) if url.startswith("valkey") else url,
            max_connections=CONNECTIONS,
            timeout=ANSWER_S,
            socket_timeout=ANSWER_S,
            socket_connect_timeout=CONNECT_S,
            # A connection that an earlier restart of Redis closed is found out when it is used: once more, then.
            retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
        )
        self.client = redis.Redis(connection_pool=pool)
        self.is_well = True

    def start(self) -> None:
        threading.Thread(target=self._look, name="redis", daemon=True).start()

    def ask(self, question: Callable[[redis.Redis], T]) -> T:
        """What Redis answers. fails Unavailable, at once if it was away a moment ago"""
        if not self.is_well:
            raise Away()
        try:
            return question(self.client)
        except redis.RedisError as error:
            if not is_away(error):
                raise
            self.is_well = False
            raise Away() from error

    def check(self) -> bool:
        """Whether it answers now."""
        try:
            self.client.ping()
        except redis.RedisError as error:
            if not is_away(error):
                raise
            self.is_well = False
        else:
            self.is_well = True
        return self.is_well

    def is_cluster(self) -> bool:
        """Whether keys live on several servers, of which we would ask one. fails Unavailable"""
        try:
            return bool(self.ask(lambda client: client.info("cluster"))["cluster_enabled"])
        except redis.exceptions.NoPermissionError:
            # Who may not ask finds out with the first key that lives elsewhere.
            return False

    def _look(self) -> None:
        while True:
            time.sleep(LOOK_EVERY_S)
            if not self.is_well:
                self.check()


class Away(Unavailable):
    def __init__(self) -> None:
        super().__init__("redis", RETRY_AFTER_MS)
        self.detail = "The server cannot reach its other half just now. Try again in a moment."
