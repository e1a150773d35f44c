"""What is measured: each scene by its short name, with the title it has in the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bench.crowds import Burst, Idle, Return
from bench.servers import Server
from bench.talk import Talk


class Work(Protocol):
    def measure(self, server: Server, seconds: float) -> dict[str, float]:
        """Start the server, do the work, stop it. The numbers, by name and unit."""


@dataclass(frozen=True)
class Scene:
    title: str
    work: Work
    # eventlet's server takes 1,024 connections unless told otherwise, and the tutorials do not tell it.
    is_for_plain: bool = True
    needs_history: bool = False
    is_quick: bool = True
    # Two processes, and everybody at one of them.
    is_apart: bool = False


TALKS = {
    "hot-64": Scene("1 room × 100, window 64", Talk(1, 100, window=64)),
    "hot-4": Scene("1 room × 100, window 4", Talk(1, 100, window=4)),
    "rooms-64": Scene("100 rooms × 10, window 64", Talk(100, 10, window=64)),
    "crowd": Scene("1 room × 2,000, 20 messages a second", Talk(1, 2000, per_s=20), is_for_plain=False),
    "hot-slow": Scene("1 room × 100, 20 messages a second", Talk(1, 100, per_s=20)),
    "rooms-slow": Scene("100 rooms × 10, 200 messages a second", Talk(100, 10, per_s=200)),
    "apart-slow": Scene(
        "1 room × 100 over two processes, 20 messages a second", Talk(1, 100, per_s=20), is_apart=True, is_quick=False
    ),
    "apart-64": Scene(
        "1 room × 100 over two processes, window 64", Talk(1, 100, window=64), is_apart=True, is_quick=False
    ),
    "apart-crowd": Scene(
        "1 room × 2,000 over two processes, 20 messages a second",
        Talk(1, 2000, per_s=20),
        is_for_plain=False,
        is_apart=True,
        is_quick=False,
    ),
}
CROWDS = {
    "idle-1000": Scene("1,000 clients come in and stay, 100 rooms × 10", Idle(100, 10)),
    "idle-10000": Scene(
        "10,000 clients come in and stay, 100 rooms × 100", Idle(100, 100), is_for_plain=False, is_quick=False
    ),
    "burst": Scene("1,000 connected clients join one room at once", Burst(1000)),
    "return": Scene(
        "2,000 clients return after a restart, 20 rooms × 100", Return(20, 100), needs_history=True, is_quick=False
    ),
}
SCENES = TALKS | CROWDS
