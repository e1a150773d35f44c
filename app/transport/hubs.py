"""Listening to a descriptor without a greenlet that waits for it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Final

from eventlet import hubs
from greenlet import getcurrent, greenlet


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
    _in_next_turn(lambda: (spare.pop() if spare else greenlet(_work_on, hubs.get_hub().greenlet)).switch(work))


def wake(waiting: greenlet) -> None:
    """In the hub's next turn."""
    _in_next_turn(waiting.switch)


# One timer for all that is due, and greenlets that are used again: a new one asks the kernel for memory.
_due: deque[Callable[[], object]] = deque()
spare: list[greenlet] = []
SPARE: Final = 64


def _in_next_turn(switch: Callable[[], object]) -> None:
    if not _due:
        soon(_take_turns)
    _due.append(switch)


def _take_turns() -> None:
    try:
        while _due:
            # It leaves the line afterwards, so that whoever it wakes joins the line and needs no timer.
            _due[0]()
            _due.popleft()
    except BaseException:
        _due.popleft()
        if _due:
            soon(_take_turns)
        raise


def _work_on(work: Callable[[], None]) -> None:
    me, hub = getcurrent(), hubs.get_hub().greenlet
    while True:
        work()
        if len(spare) == SPARE:
            return
        spare.append(me)
        work = hub.switch()


def _never_thrown_into(*_error: object) -> None:
    """The hub throws into greenlets that wait for a closed file; no greenlet waits for these."""
