"""Listening to a descriptor without a greenlet that waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eventlet import hubs


def listen(kind: str, fd: int, callback: Callable[[int], None]) -> Any:
    """Stays until `ignore`: the hub does not ask the kernel anew for every read. `callback` must not wait."""
    return hubs.get_hub().add(kind, fd, callback, _never_thrown_into, None)


def ignore(listener: Any) -> None:
    hubs.get_hub().remove(listener)


def soon(work: Callable[[], None], after_s: float = 0) -> None:
    """In the hub's next turn, or later; `work` must not wait."""
    hubs.get_hub().schedule_call_global(after_s, work)


def _never_thrown_into(*_error: object) -> None:
    """The hub throws into greenlets that wait for a closed file; no greenlet waits for these."""
