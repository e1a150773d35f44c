"""One module a fault. Each has `run(stage)`, which leaves its figures and what is broken in `stage.report`."""

from __future__ import annotations

import asyncio
import importlib
import tempfile
from pathlib import Path

from tests.faults.stage import Report, Stage

NAMES = ("kill", "cuts", "acks", "names")


def play(name: str, seed: int, *, is_long: bool) -> Report:
    """One fault from beginning to end, in a folder of its own; the server is gone afterwards."""
    module = importlib.import_module(f"tests.faults.runs.{name}")
    with tempfile.TemporaryDirectory(prefix="chat-faults-") as folder:
        stage = Stage(name, seed, Path(folder), is_long=is_long)
        try:
            asyncio.run(module.run(stage))
        finally:
            stage.server.kill()
    return stage.report
