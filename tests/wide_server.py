"""A chatroom of two processes behind nginx, on PostgreSQL and Redis, for tests that ask for one server."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.proxies import OWN_ADDRESS, Nginx
from tests.live import Server
from tests.postgres import Cluster
from tests.redis_server import RedisServer

# Of a test that changes what one process keeps in its folder.
one_process = pytest.mark.skipif("CHAT_TEST_WIDE" in os.environ, reason="it looks into the folder of the one process")


class WideServer:
    """What a `Server` does, done to both; what is looked at from inside (its data, its commands) is the first's."""

    def __init__(self, folder: Path) -> None:
        for name in ("first", "second", "nginx"):
            (folder / name).mkdir()
        self._servers = [Server(folder / name) for name in ("first", "second")]
        self._redis, self._cluster = RedisServer(), Cluster("fsync=off")
        self._redis.start()
        self._cluster.start()
        self._shared = {
            "CHAT_DATABASE_URL": self._cluster.make(),
            "CHAT_REDIS_URL": self._redis.url,
            "CHAT_SECRET": "one secret for both of the servers",
            "CHAT_TRUSTED_PROXIES": OWN_ADDRESS,
        }
        self._nginx = Nginx(folder / "nginx", [server.port for server in self._servers])
        self.port = self._nginx.port
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self, **settings: str) -> None:
        for server in self._servers:
            server.start(**self._shared | settings)
        self._nginx.stop()
        self._nginx.start()

    def stop(self) -> None:
        for server in self._servers:
            server.stop()

    def kill(self) -> None:
        for server in self._servers:
            server.kill()

    def restart(self) -> None:
        for server in self._servers:
            server.restart()

    def log(self) -> str:
        return "".join(server.log() for server in self._servers)

    def end(self) -> None:
        """All that was started."""
        self.kill()
        self._nginx.stop()
        self._redis.close()
        self._cluster.remove()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._servers[0], name)
