"""One module a fault. Each has `run(stage)`, which leaves its figures and what is broken in `stage.report`."""

from __future__ import annotations

import importlib
import tempfile
from pathlib import Path

from tests.faults.loop import run
from tests.faults.stage import Report, Stage

NAMES = (
    "kill",
    "failpoints",
    "synced",
    "cuts",
    "acks",
    "pushes",
    "names",
    "disk_full",
    "disk_read_only",
    "disk_unsynced",
    "disk_locked",
    "stops",
    "frozen",
    "clock",
    "returning",
    "snapshots",
    "pages",
    "redis",
    "redis_cluster",
    "database",
    "bells",
    "process_killed",
    "process_frozen",
    "names_apart",
    "rolling",
)


def play(name: str, seed: int, *, is_long: bool, kind: type[Stage] = Stage) -> Report:
    """One fault from beginning to end, in a folder of its own; what it started is gone afterwards."""
    module = importlib.import_module(f"tests.faults.runs.{name}")
    kind = getattr(module, "STAGE", kind)
    with tempfile.TemporaryDirectory(prefix="chat-faults-") as folder:
        stage = kind(name, seed, Path(folder), is_long=is_long)
        try:
            run(module.run(stage))
        finally:
            stage.close()
    return stage.report
