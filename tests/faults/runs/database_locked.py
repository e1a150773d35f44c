"""Somebody holds the rows of all rooms, as a careless hand at the database does."""

import psycopg

from tests.faults.trouble import ROOM
from tests.faults.wide import WideStage, endure

STAGE = WideStage


async def run(stage: WideStage) -> None:
    await stage.start()
    held: list[psycopg.Connection] = []

    def hold() -> None:
        line = stage.locker()
        line.execute("SELECT 1 FROM rooms WHERE slug = %s FOR UPDATE", [ROOM])
        held.append(line)

    await endure(stage, hold, lambda: held.pop().close(), stage.choose(3.0, 30.0), acks=False, refuses=True)
