"""The disk has become read-only: every write to a file is refused."""

from __future__ import annotations

from tests.faults.saboteur import sabotage
from tests.faults.stage import Stage


async def run(stage: Stage) -> None:
    await sabotage(stage, "pwrite64:error=EROFS")
