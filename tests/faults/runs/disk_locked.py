"""Somebody else holds the database's write lock, as a backup or a curious shell does."""

from __future__ import annotations

import sqlite3

from tests.faults.database import open_database
from tests.faults.stage import Stage
from tests.faults.trouble import Trouble, endure


async def run(stage: Stage) -> None:
    locks: list[sqlite3.Connection] = []

    def lock() -> None:
        locks.append(open_database(stage.server.data, timeout=5, check_same_thread=False))
        locks[-1].execute("BEGIN IMMEDIATE")

    def unlock() -> None:
        locks[-1].execute("ROLLBACK")
        locks[-1].close()

    await stage.start()
    await endure(stage, Trouble(lock, unlock, stage.choose(3.0, 10.0)))
