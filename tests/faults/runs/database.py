"""PostgreSQL in trouble under three processes: rooms locked, connections killed, the server stopped, and frozen."""

from __future__ import annotations

import threading

import psycopg

from tests.faults.trouble import Trouble, endure
from tests.faults.wide import WideStage
from tests.postgres import Cluster

KILL = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name = 'chatroom' AND pid <> pg_backend_pid()"""


STAGE = WideStage


async def run(stage: WideStage) -> None:
    """A lock for 30 s, 10 s of everything else."""
    await stage.start()
    locked, seconds = stage.choose((2.0, 2.0), (30.0, 10.0))
    locks, kills = Locks(stage.database_url), Kills(stage.cluster)
    await endure(
        stage,
        Trouble(locks.begin, locks.end, locked, "locked"),
        Trouble(kills.begin, kills.end, seconds, "killed", refuses=False, is_readable=False),
        Trouble(stage.cluster.stop, stage.cluster.start, seconds, "stopped", is_readable=False),
        Trouble(stage.cluster.freeze, stage.cluster.thaw, seconds, "frozen", is_readable=False),
        is_certain=False,
    )


class Locks:
    """Somebody holds the row of every room."""

    def __init__(self, url: str) -> None:
        self._url = url

    def begin(self) -> None:
        self._line = psycopg.connect(self._url)
        self._line.execute("SELECT * FROM rooms FOR UPDATE")

    def end(self) -> None:
        self._line.close()


class Kills:
    """Every connection of the chatroom ends, again and again."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._work)

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._is_over.set()
        self._thread.join()

    def _work(self) -> None:
        with self._cluster.line("postgres") as line:
            while not self._is_over.wait(0.2):
                line.execute(KILL)
