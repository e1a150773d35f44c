"""Three processes, PostgreSQL and Redis: nobody stays at the process they came from, and each may be in trouble."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.faults.stage import GENEROUS, FaultServer, Stage
from tests.postgres import Cluster
from tests.redis_cluster import RedisClusterServers
from tests.redis_server import RedisServer

PROCESSES = 3


class WideStage(Stage):
    """Each process as on a machine of its own: only the database, Redis and the secret are the same."""

    crowd = (18, 3)
    ghost_within_s = 20.0

    def __init__(self, name: str, seed: int, folder: Path, *, is_long: bool) -> None:
        super().__init__(name, seed, folder, is_long=is_long)
        self.redis: RedisServer | RedisClusterServers = RedisServer()
        self.cluster = Cluster()
        self.servers = [self.server]
        for number in range(1, PROCESSES):
            (folder / str(number)).mkdir()
            self.servers.append(FaultServer(folder / str(number)))

    def ports(self) -> list[int]:
        return [server.port for server in self.servers]

    async def start(self, **settings: str) -> None:
        await asyncio.to_thread(self.redis.start)
        await asyncio.to_thread(self.cluster.start)
        self.database_url = await asyncio.to_thread(self.cluster.make)
        shared = {
            "CHAT_DATABASE_URL": self.database_url,
            "CHAT_REDIS_URL": self.redis_url(),
            "CHAT_SECRET": "one secret for all of our servers",
            "CHAT_RECONNECT_MAX_S": "2",
        }
        for server in self.servers:
            await asyncio.to_thread(server.start, **GENEROUS | shared | settings)

    def redis_url(self) -> str:
        return self.redis.url

    def close(self) -> None:
        for server in self.servers:
            server.kill()
        self.redis.close()
        self.cluster.remove()
