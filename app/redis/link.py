"""One Redis, asked by many. While it is away everybody is told so at once, and one alone looks whether it is back.

It may be a cluster: then it is away while one of its servers is, until another has taken that one's place.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.cluster import RedisCluster
from redis.exceptions import AskError, MovedError, NoScriptError, RedisClusterException, TryAgainError
from redis.retry import Retry

from app.chat.refusals import Unavailable

ANSWER_S: Final = 1.0
CONNECT_S: Final = 0.5
LOOK_EVERY_S: Final = 0.5
# So many ask at once, and the rest wait; some more connections are for listening.
ASKING: Final = 32
CONNECTIONS: Final = ASKING + 8
RETRY_AFTER_MS: Final = 2000
# The first with channels that live on one server of a cluster.
OLDEST: Final = 7
# What a cluster says of keys that it moves just now: nothing was done.
MOVING: Final = (AskError, TryAgainError)
TRIES: Final = 5
MOVING_S: Final = 0.05
ERRORS: Final = (redis.RedisError, RedisClusterException)
ALONE: Final = ""

T = TypeVar("T")
Words = tuple[str | bytes | int | float, ...]

logger = logging.getLogger("chat")


class TooOld(Exception):
    """It lacks the channels of a cluster, which one server has too."""


class RedisLink:
    """`url`: redis://, rediss:// or unix://, or the same with valkey. fails ValueError for any other"""

    def __init__(self, url: str) -> None:
        self._url = url.replace("valkey", "redis", 1) if url.startswith("valkey") else url
        pool = redis.BlockingConnectionPool.from_url(self._url, timeout=ANSWER_S, **self._ways())
        self.client: redis.Redis | RedisCluster = redis.Redis(connection_pool=pool)
        self.is_well = True
        self.is_closed = False
        self._turns = threading.BoundedSemaphore(ASKING)

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
        if not self.is_well or not self._turns.acquire(timeout=ANSWER_S):
            raise Away()
        try:
            return question(self.client)
        except ERRORS as error:
            self._lose(error)
            raise Away() from error
        finally:
            self._turns.release()

    def send(self, asked: Sequence[Words]) -> list[Any]:
        """Each answer, in the place of a script's that is not known the error. Over one way there and back to each
        server; what one server has is done in order. Nothing is done twice: whether what is not answered was done,
        nobody knows.

        fails  Unavailable
        """
        return self.ask(lambda _: self._send(asked))

    def turns(self, asked: Sequence[Words]) -> list[list[Words]]:
        """To be sent one after the other, where the order counts: what one server has next to each other is together.

        fails  Unavailable
        """
        return self.ask(lambda _: [list(turn) for _, turn in groupby(asked, lambda words: self.place(_key(words)))])

    def check(self) -> bool:
        """Whether it answers now, each server of it."""
        try:
            self.refresh()
            for place in self.places():
                self.at(place).ping()
        except ERRORS as error:
            self._lose(error)
        else:
            self.is_well = not self.is_closed
        return self.is_well

    def refresh(self) -> None:
        """Learn which server has what by now. fails as Redis does"""
        if isinstance(self.client, RedisCluster):
            self.client.nodes_manager.initialize(disconnect_startup_nodes_pools=False)

    def places(self) -> set[str]:
        """The servers that have keys and channels, by what they are called in a cluster."""
        if isinstance(self.client, RedisCluster):
            return {nodes[0].name for nodes in self.client.nodes_manager.slots_cache.values()}
        return {ALONE}

    def place(self, key: str) -> str:
        """The server that has the key or the channel. fails as Redis does"""
        if isinstance(self.client, RedisCluster):
            return str(self.client.get_node_from_key(key).name)  # type: ignore[no-untyped-call]
        return ALONE

    def at(self, place: str) -> redis.Redis:
        """fails ConnectionError if it is no part of the cluster any more"""
        if not isinstance(self.client, RedisCluster):
            return self.client
        node = self.client.get_node(node_name=place)  # type: ignore[no-untyped-call]
        if node is None:
            raise redis.ConnectionError("gone")
        return self.client.get_redis_connection(node)

    def _send(self, asked: Sequence[Words]) -> list[Any]:
        answers: list[Any] = [None] * len(asked)
        left = list(range(len(asked)))
        for _ in range(TRIES):
            for place, some in self._by_place(asked, left):
                for at, answer in zip(some, _pipe(self.at(place), [asked[at] for at in some]), strict=True):
                    answers[at] = self._follow(answer, asked[at])
            left = [at for at in left if isinstance(answers[at], MOVING)]
            if not left:
                break
            time.sleep(MOVING_S)
            self.refresh()
        for answer in answers:
            if isinstance(answer, ERRORS) and not isinstance(answer, NoScriptError):
                raise answer
        return answers

    def _by_place(self, asked: Sequence[Words], left: Sequence[int]) -> Iterator[tuple[str, list[int]]]:
        places: dict[str, list[int]] = {}
        for at in left:
            places.setdefault(self.place(_key(asked[at])), []).append(at)
        yield from places.items()

    def _follow(self, answer: Any, words: Words) -> Any:
        """Of a key that moves just now, where it is already."""
        if not isinstance(answer, AskError) or isinstance(answer, MovedError):
            return answer
        return _pipe(self.at(f"{answer.host}:{answer.port}"), [("ASKING",), words])[1]

    def _look(self) -> None:
        while not self.is_closed:
            if not self.is_well and self.check():
                logger.warning("redis is back")
            time.sleep(LOOK_EVERY_S)

    def _lose(self, error: Exception) -> None:
        if self.is_well:
            logger.warning("redis is away: %s", str(error).encode("ascii", "backslashreplace").decode())
        self.is_well = False

    @staticmethod
    def _ways() -> dict[str, Any]:
        # A connection that was closed meanwhile is found out before it is used: nothing need be sent again.
        never = Retry(NoBackoff(), 0)
        waits = {"socket_timeout": ANSWER_S, "socket_connect_timeout": CONNECT_S}
        return {**waits, "max_connections": CONNECTIONS, "retry": never}


def _key(words: Words) -> str:
    return str(words[3] if words[0] in ("EVAL", "EVALSHA") else words[1])


def _pipe(client: redis.Redis, asked: Sequence[Words]) -> list[Any]:
    with client.pipeline(transaction=False) as pipeline:
        for words in asked:
            pipeline.execute_command(*words)  # type: ignore[no-untyped-call]
        return pipeline.execute(raise_on_error=False)


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
