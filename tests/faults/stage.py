"""What every fault run stands on: a seed, a folder, the real server, a report that holds figures to their bounds."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tests.faults.checker import Violation
from tests.faults.claimant import Claimant
from tests.faults.client import Client
from tests.faults.database import read_heads, read_stored
from tests.faults.history import History, Stored
from tests.live import Server

T = TypeVar("T")

# The harness is faster than any person; the limits are on trial in tests of their own.
GENEROUS = {
    "CHAT_MESSAGES_PER_10S": "100000",
    "CHAT_JOINS_PER_10S": "100000",
    "CHAT_READS_PER_10S": "100000",
    "CHAT_CONNECTION_POINTS_PER_10S": "10000000",
    "CHAT_ADDRESS_POINTS_PER_10S": "10000000",
    "CHAT_ROOM_POINTS_PER_10S": "10000000",
}


class FaultServer(Server):
    """The server of the live tests, which can also be started by another program, signalled and timed."""

    def signal(self, how: signal.Signals) -> None:
        os.kill(self.pid, how)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def timed_restart(self) -> float:
        """Seconds from its start to its first answer."""
        begin = time.monotonic()
        self.restart()
        return time.monotonic() - begin

    def wait_dead(self, within_s: float) -> int | None:
        """Its exit code if it ends by itself; None if it still runs."""
        assert self._process is not None
        with suppress(TimeoutError):
            deadline = time.monotonic() + within_s
            while time.monotonic() < deadline:
                if (code := self._process.poll()) is not None:
                    self._process = None
                    return code
                time.sleep(0.01)
        return None


@dataclass(slots=True)
class Report:
    """Figures in the order they were noted, and everything that is not as promised."""

    name: str
    seed: int
    figures: dict[str, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    promises: Counter[str] = field(default_factory=Counter)

    def note(self, what: str, value: object) -> None:
        self.figures[what] = f"{value:.2f}" if isinstance(value, float) else str(value)

    def hold(self, what: str, value: float, *, at_most: float | None = None, at_least: float | None = None) -> None:
        """A figure with a bound: outside of it, it is a violation."""
        self.note(what, value)
        if at_most is not None and value > at_most:
            self.broken.append(f"{what}: {value:.2f}, more than {at_most}")
        if at_least is not None and value < at_least:
            self.broken.append(f"{what}: {value:.2f}, less than {at_least}")

    def check(self, violations: Iterable[Violation]) -> None:
        found = list(violations)
        self.note("violations", len(found))
        self.broken += map(str, found)
        self.promises.update(violation.promise for violation in found)

    def __str__(self) -> str:
        lines = [f"{self.name} (seed {self.seed})", *(f"  {what}: {value}" for what, value in self.figures.items())]
        counts = [f"  BROKEN {promise}: {times} times" for promise, times in self.promises.items()]
        return "\n".join([*lines, *counts, *(f"    {each}" for each in self.broken[:20])])


class Stage:
    """One run's. Everything drawn by chance comes from `rng`, and so from the seed that is printed."""

    client: type[Client] = Client
    claimant: type[Claimant] = Claimant
    server_type: type[FaultServer] = FaultServer
    rooms_each = 2
    # Of a crowd in trouble: people, rooms.
    crowd = (10, 2)
    # Where messages rest, unless it is the file in the data folder.
    database_url = ""
    # Somebody who left without a word is told to be gone by then.
    ghost_within_s = 30.0

    def __init__(self, name: str, seed: int, folder: Path, *, is_long: bool) -> None:
        self.rng = random.Random(f"{seed} {name}")
        self.is_long = is_long
        self.folder = folder
        self.report = Report(name, seed)
        self.server = self.server_type(folder)

    def ports(self) -> list[int]:
        """Where a client may come in, now or next time."""
        return [self.server.port]

    def close(self) -> None:
        self.server.kill()

    def choose(self, short: T, long: T) -> T:
        return long if self.is_long else short

    async def start(self, **settings: str) -> None:
        # Waiting for clients to come back is most of a run; the short form makes them wait less.
        hasty = self.choose({"CHAT_RECONNECT_MAX_S": "2"}, {})
        database = {"CHAT_DATABASE_URL": self.database_url} if self.database_url else {}
        await asyncio.to_thread(self.server.start, **GENEROUS | hasty | database | settings)

    def stored(self, people: Sequence[History]) -> Stored:
        """What is at rest when all is over, whatever people say."""
        return read_stored(self.server.data, self.database_url)

    def heads(self) -> dict[str, int]:
        return read_heads(self.server.data, self.database_url)


def quantile(values: list[float], share: float) -> float:
    """The value that `share` of them do not exceed; 0 of none."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0
