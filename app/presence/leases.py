"""Names outlive the process: whoever held one when it ended gets the lease to come back in."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from app.chat.members import Member
from app.presence.memory import MemoryPresence

SAVE_EVERY_S: Final = 1.0
ROW: Final = [str, str, str]

Held = list[tuple[str, Member]]


class Leases:
    """Keeps who holds which name in a file. `run_native(function, *arguments)` is for what waits for the disk."""

    def __init__(self, presence: MemoryPresence, path: Path, run_native: Callable[..., Any]) -> None:
        self._presence = presence
        self._path = path
        self._run_native = run_native
        self._saved: Held = []
        for room, member in load(path):
            presence.hold(room, member)

    def start(self) -> None:
        threading.Thread(target=self._repeat, name="leases", daemon=True).start()

    def close(self) -> None:
        self.save()

    def save(self) -> None:
        """A disk that refuses costs names their lease over a restart, and nothing else."""
        held = self._presence.held()
        if held != self._saved:
            try:
                self._run_native(write, self._path, held)
            except OSError:
                return
            self._saved = held

    def _repeat(self) -> None:
        while True:
            time.sleep(SAVE_EVERY_S)
            self.save()


def write(path: Path, held: Held) -> None:
    """Whole or not at all. fails OSError"""
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps([[room, member.id, member.name] for room, member in held]))
    beside.replace(path)


def load(path: Path) -> Held:
    """What the file holds; nothing if there is none or it is not what we wrote."""
    try:
        rows = json.loads(path.read_text())
    except (OSError, ValueError):
        return []
    fits = isinstance(rows, list) and all(isinstance(row, list) and [type(each) for each in row] == ROW for row in rows)
    return [(room, Member(member_id, name)) for room, member_id, name in rows] if fits else []
