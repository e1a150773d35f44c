"""Two processes of a kind in front of the same rooms: what they tell each other goes over Redis."""

from __future__ import annotations

import contextlib

from bench.servers import OurServer, Server, on_server_core
from tests.postgres import Cluster
from tests.redis_server import RedisServer


class Pair:
    """Like a server, of two. Redis and PostgreSQL share their core and are not counted in their CPU."""

    def __init__(self, kind: type[Server]) -> None:
        self.wire = kind.wire
        self.servers = [kind(), kind()]
        self._redis = RedisServer()
        self._ours: dict[str, str] = {}
        self._ends = contextlib.ExitStack()
        self._ends.callback(self._redis.close)

    def start(self, **settings: str) -> None:
        with on_server_core():
            self._redis.start()
            shared = self._shared() if isinstance(self.servers[0], OurServer) else {}
        for server in self.servers:
            server.redis_url = self._redis.url
            server.start(**settings | shared)

    def _shared(self) -> dict[str, str]:
        cluster = Cluster()
        self._ends.callback(cluster.remove)
        cluster.start()
        return {
            "CHAT_DATABASE_URL": cluster.make(),
            "CHAT_REDIS_URL": self._redis.url,
            "CHAT_SECRET": "one secret for both of the servers",
        }

    @property
    def ports(self) -> list[int]:
        return [server.port for server in self.servers]

    def cpu_s(self) -> float:
        return sum(server.cpu_s() for server in self.servers)

    def stop(self) -> None:
        for server in self.servers:
            server.stop()

    def end(self) -> None:
        for server in self.servers:
            server.end()
        self._ends.close()
