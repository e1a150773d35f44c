"""Several processes on one Redis, as far as presence can tell: each has its own link, ears, keeper and mirrors."""

from __future__ import annotations

from pathlib import Path

from app.presence.redis import RedisPresence
from app.redis.link import RedisLink
from tests.live import until
from tests.presence.contract import CAPACITY, GRACE_S, LEASE_S
from tests.redis_server import RedisServer

PASS_TIME = Path(__file__).with_name("pass_time.lua").read_text("utf-8")


class Processes:
    def __init__(self, server: RedisServer) -> None:
        self.server = server
        self._started: list[RedisPresence] = []

    def start(self) -> RedisPresence:
        link = RedisLink(self.server.url)
        link.start()
        presence = RedisPresence(link, GRACE_S, LEASE_S, CAPACITY)
        presence.start()
        until(lambda: presence.is_well, what="presence that hears")
        self._started.append(presence)
        return presence

    def kill(self, presence: RedisPresence) -> None:
        """It says no more that it lives, and not that it ends."""
        presence._keeper.stop()

    def wait(self, seconds: float) -> None:
        self.server.asks("EVAL", PASS_TIME, "0", str(seconds))

    def close(self) -> None:
        for presence in self._started:
            presence.close()
