"""One Redis, asked by many. While it is away everybody is told so at once, and one alone looks whether it is back.

It may be a cluster: then it is away while one of its servers is, until another has taken that one's place.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.cluster import RedisCluster
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
    # A cluster that lacks a server, or just now moves keys to another.
    redis.exceptions.AskError,
    redis.exceptions.ClusterCrossSlotError,
    redis.exceptions.ClusterError,
    redis.exceptions.RedisClusterException,
    redis.exceptions.TryAgainError,
)
ERRORS: Final = (redis.RedisError, redis.exceptions.RedisClusterException)
# Those have no class of their own: it cannot save, or has too few replicas.
REFUSALS: Final = ("MISCONF ", "NOREPLICAS ")
# The first with channels that live on one server of a cluster.
OLDEST: Final = 7
ALONE: Final = ""

T = TypeVar("T")


def is_away(error: Exception) -> bool:
    return isinstance(error, AWAY) or str(error).startswith(REFUSALS)


class TooOld(Exception):
    """It lacks the channels of a cluster, which one server has too."""


class RedisLink:
    """`url`: redis://, rediss:// or unix://, or the same with valkey. fails ValueError for any other"""

    def __init__(self, url: str) -> None:
        self._url = url.replace("valkey", "redis", 1) if url.startswith("valkey") else url
        pool = redis.BlockingConnectionPool.from_url(
            self._url, max_connections=CONNECTIONS, timeout=ANSWER_S, **self._ways()
        )
        self.client: redis.Redis | RedisCluster = redis.Redis(connection_pool=pool)
        self.is_well = True
        self.is_closed = False

    def meet(self) -> None:
        """Learn what answers: one server, or a cluster. fails Unavailable, TooOld"""
        about = self.ask(_hello)
        if int(about["version"].split(".")[0]) < OLDEST:
            raise TooOld()
        if about["mode"] == "cluster":
            self.client = self.ask(lambda _: RedisCluster.from_url(self._url, **self._ways()))

    def start(self) -> None:
        threading.Thread(target=self._look, name="redis", daemon=True).start()

    def close(self) -> None:
        """Whatever goes on by itself over this link ends."""
        self.is_closed = True
        self.is_well = False
        self.client.close()

    def ask(self, question: Callable[[Any], T]) -> T:
        """What Redis answers. fails Unavailable, at once if it was away a moment ago"""
        if not self.is_well:
            raise Away()
        try:
            return question(self.client)
        except ERRORS as error:
            if not is_away(error):
                raise
            self.is_well = False
            raise Away() from error

    def check(self) -> bool:
        """Whether it answers now, each server of it."""
        try:
            self.refresh()
            if isinstance(self.client, RedisCluster):
                self.client.ping(target_nodes=RedisCluster.PRIMARIES)
            else:
                self.client.ping()
        except ERRORS as error:
            if not is_away(error):
                raise
            self.is_well = False
        else:
            self.is_well = True
        return self.is_well

    def refresh(self) -> None:
        """Learn which server has what by now. fails as Redis does"""
        if isinstance(self.client, RedisCluster):
            self.client.nodes_manager.initialize(disconnect_startup_nodes_pools=False)

    def places(self) -> set[str]:
        """The servers that have channels, by what they are called in a cluster."""
        if isinstance(self.client, RedisCluster):
            return {node.name for node in self.client.get_primaries()}  # type: ignore[no-untyped-call]
        return {ALONE}

    def place(self, channel: str) -> str:
        """The server that has the channel. fails as Redis does"""
        if isinstance(self.client, RedisCluster):
            return str(self.client.get_node_from_key(channel).name)  # type: ignore[no-untyped-call]
        return ALONE

    def at(self, place: str) -> redis.Redis:
        """fails ConnectionError if it is no part of the cluster any more"""
        if not isinstance(self.client, RedisCluster):
            return self.client
        node = self.client.get_node(node_name=place)  # type: ignore[no-untyped-call]
        if node is None:
            raise redis.ConnectionError("gone")
        return self.client.get_redis_connection(node)

    @staticmethod
    def _ways() -> dict[str, Any]:
        return {
            "socket_timeout": ANSWER_S,
            "socket_connect_timeout": CONNECT_S,
            # A connection that an earlier restart of Redis closed is found out when it is used: once more, then.
            "retry": Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
        }

    def _look(self) -> None:
        while not self.is_closed:
            if not self.is_well:
                self.check()
            time.sleep(LOOK_EVERY_S)


def _hello(client: redis.Redis) -> dict[str, str]:
    """`version`, and `mode`: standalone or cluster. Unlike INFO it is open to everybody."""
    try:
        about: dict[bytes, Any] = client.execute_command("HELLO")  # type: ignore[no-untyped-call]
    except redis.ResponseError:
        raise TooOld() from None
    return {word: about[word.encode()].decode() for word in ("version", "mode")}


class Away(Unavailable):
    def __init__(self) -> None:
        super().__init__("redis", RETRY_AFTER_MS)
        self.detail = "The server cannot reach its other half just now. Try again in a moment."
