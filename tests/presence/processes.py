"""Several processes on one Redis, as far as presence can tell: each has its own link, ears, keeper and mirrors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.presence.redis import RedisPresence
from app.presence.scripts import room_key
from app.redis.ears import Hear
from app.redis.link import RedisLink
from tests.live import until
from tests.presence.contract import CAPACITY, GRACE_S, LEASE_S
from tests.redis_cluster import RedisClusterServers
from tests.redis_server import RedisServer

PASS_TIME = Path(__file__).with_name("pass_time.lua").read_text("utf-8")


class Processes:
    def __init__(self, server: RedisServer | RedisClusterServers) -> None:
        self.server = server
        self._started: list[RedisPresence] = []

    def start(self) -> RedisPresence:
        link = RedisLink(self.server.url)
        link.meet()
        link.start()
        presence = RedisPresence(link, GRACE_S, LEASE_S, CAPACITY)
        presence.start()
        until(lambda: presence.is_well, what="presence that hears")
        self._started.append(presence)
        return presence

    def kill(self, presence: RedisPresence) -> None:
        """Or put to sleep: it says no more that it lives, not that it ends, and hears nothing."""
        presence._keeper.stop()
        self._hears(presence, lambda *heard: None)

    @contextmanager
    def deafen(self, presence: RedisPresence, room: str) -> Iterator[None]:
        """What is published meanwhile, one thing at least, is lost on its way to it; not what was before."""
        said = int(presence._hosting.ask(("HGET", room_key(room, "room"), "version"))[0])
        until(lambda: presence._hosting.rooms[room].mirror.heard >= said, what="what was said before")
        lost: list[object] = []
        self._hears(presence, lambda *heard: lost.append(heard))
        yield
        until(lambda: lost, what="something to miss")
        self._hears(presence, presence._hosting._hear)

    @staticmethod
    def _hears(presence: RedisPresence, hear: Hear) -> None:
        for ear in presence._hosting.ears._ears.values():
            ear._hear = hear

    def wait(self, seconds: float) -> None:
        for server in self.server.primaries:
            server.asks("EVAL", PASS_TIME, "0", str(seconds))
        # So much time would not have passed without a sign of life of those who live.
        for presence in self._started:
            if not presence._keeper._is_stopped:
                presence._keeper.beat()

    def close(self) -> None:
        for presence in self._started:
            presence.close()
