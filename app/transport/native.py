"""Native threads for what blocks: the hub serves everybody else meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eventlet import tpool


def run_native(function: Callable[..., Any], /, *args: Any) -> Any:
    """`function(*args)` in a native thread; only the calling greenlet waits.

    What runs there must not log, emit or take a lock that others contend for: those are patched and would hang.
    """
    return tpool.execute(function, *args)
