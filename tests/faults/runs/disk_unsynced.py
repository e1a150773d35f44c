"""The disk takes every write and fails every sync: nothing written is safe."""

from __future__ import annotations

from tests.faults.saboteur import sabotage
from tests.faults.stage import Stage


async def run(stage: Stage) -> None:
    await sabotage(stage, "fsync,fdatasync:error=EIO")
