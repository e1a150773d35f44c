"""Listening to a descriptor without a greenlet that waits for it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from eventlet import hubs
from greenlet import greenlet


def listen(kind: str, fd: int, callback: Callable[[int], None]) -> Any:
    """Stays until `ignore`: the hub does not ask the kernel anew for every read. `callback` must not wait."""
    return hubs.get_hub().add(kind, fd, callback, _never_thrown_into, None)


def ignore(listener: Any) -> None:
    hubs.get_hub().remove(listener)


def soon(work: Callable[[], None], after_s: float = 0) -> None:
    """In the hub's next turn, or later; `work` must not wait."""
    hubs.get_hub().schedule_call_global(after_s, work)


def begin(work: Callable[[], None]) -> None:
    """`work` in a greenlet of its own, where it may wait; in the hub's next turn."""
    wake(greenlet(work, hubs.get_hub().greenlet))


def wake(waiting: greenlet) -> None:
    """In the hub's next turn, together with whoever else is woken until then: one timer for all of them."""
    if not _woken:
        soon(_wake_all)
    _woken.append(waiting)


_woken: deque[greenlet] = deque()


def _wake_all() -> None:
    try:
        while _woken:
            # It leaves the line afterwards, so that whoever it wakes joins the line and needs no timer.
            _woken[0].switch()
            _woken.popleft()
    except BaseException:
        _woken.popleft()
        if _woken:
            soon(_wake_all)
        raise


def _never_thrown_into(*_error: object) -> None:
    """The hub throws into greenlets that wait for a closed file; no greenlet waits for these."""
