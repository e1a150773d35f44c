"""Three processes, PostgreSQL and Redis: nobody stays at the process they came from, and each may be in trouble."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests.faults.crowd import Crowd
from tests.faults.history import History, Row, Stored
from tests.faults.stage import GENEROUS, FaultServer, Stage, quantile
from tests.faults.trouble import Probe
from tests.postgres import Cluster
from tests.redis_server import RedisServer

PROCESSES = 3
ACKED_WITHIN_S = 0.5
REFUSED_WITHIN_S = 2.0
HEALED_WITHIN_S = 6.0


class WideStage(Stage):
    """Each process as on a machine of its own: only the database, Redis and the secret are the same."""

    ghost_within_s = 20.0

    def __init__(self, name: str, seed: int, folder: Path, *, is_long: bool) -> None:
        super().__init__(name, seed, folder, is_long=is_long)
        self.redis = RedisServer()
        self.cluster = Cluster()
        self.servers = [self.server]
        for number in range(1, PROCESSES):
            (folder / str(number)).mkdir()
            self.servers.append(FaultServer(folder / str(number)))
        self._database = ""

    def ports(self) -> list[int]:
        return [server.port for server in self.servers]

    async def start(self, **settings: str) -> None:
        await asyncio.to_thread(self.redis.start)
        await asyncio.to_thread(self.cluster.start)
        url = await asyncio.to_thread(self.cluster.make)
        self._database = urlsplit(url).path.removeprefix("/")
        shared = {
            "CHAT_DATABASE_URL": url,
            "CHAT_REDIS_URL": self.redis_url(),
            "CHAT_SECRET": "one secret for all of our servers",
            "CHAT_RECONNECT_MAX_S": "2",
        }
        for server in self.servers:
            await asyncio.to_thread(server.start, **GENEROUS | shared | settings)

    def locker(self) -> psycopg.Connection[Any]:
        """Somebody else at the database, inside a transaction."""
        return psycopg.connect(self.cluster.url(self._database))

    def redis_url(self) -> str:
        return self.redis.url

    def close(self) -> None:
        for server in self.servers:
            server.kill()
        self.redis.close()
        self.cluster.remove()

    def stored(self, people: Sequence[History]) -> Stored:
        stored = Stored()
        with self.cluster.line(self._database) as line:
            stored.heads = dict(line.execute("SELECT slug, head FROM rooms").fetchall())
            query = "SELECT room, id, seq, author_id, client_id, body FROM messages ORDER BY room, id"
            for room, *row in line.execute(query):
                stored.rows[room].append(Row(*row))
        return stored

    def heads(self) -> dict[str, int]:
        with self.cluster.line(self._database) as line:
            return dict(line.execute("SELECT slug, head FROM rooms").fetchall())


async def endure(
    stage: WideStage,
    begin: Callable[[], object],
    end: Callable[[], object],
    seconds: float,
    *,
    acks: bool = True,
    refuses: bool = False,
) -> None:
    """Trouble for some seconds while people talk everywhere, and what they may expect meanwhile and soon after.

    acks     each message is acknowledged in time all the while, and seen by the others in time
    refuses  some messages must be refused meanwhile: else the trouble was none
    """
    crowd = Crowd(stage, 18, 3)
    probe = Probe(stage)
    async with crowd:
        talk = asyncio.create_task(crowd.talk(20))
        await asyncio.sleep(1)
        await probe.enter()
        await probe.look()
        await asyncio.to_thread(begin)
        if acks:
            # Who comes in meanwhile may have to wait, and comes in.
            stage.rng.choice(crowd.clients).reload()
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            await probe.look()
        await asyncio.to_thread(end)
        stage.report.hold("accepts again after, s", await probe.accepted_after(), at_most=5.0)
        talk.cancel()
        await crowd.settle()
    probe.leave()
    crowd.others.append(probe.history)
    stage.report.note("trouble lasted, s", seconds)
    if acks:
        stage.report.hold("slowest ack, s", max(probe.acked_s), at_most=ACKED_WITHIN_S)
        note_lags(crowd)
    stage.report.hold("refused to one writer", len(probe.refused_s), at_most=0 if acks else None, at_least=refuses)
    stage.report.hold("slowest refusal, s", max(probe.refused_s, default=0), at_most=REFUSED_WITHIN_S)
    crowd.check()


def note_lags(crowd: Crowd) -> None:
    lags = crowd.lags()
    crowd.stage.report.note("from the ack to another's page, p50, s", quantile(lags, 0.5))
    crowd.stage.report.hold("the slowest, s", max(lags), at_most=HEALED_WITHIN_S)
