"""What many ask for at once is read once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Any, TypeVar

from app.chat.refusals import Unavailable
from app.store.native import Native, Result

T = TypeVar("T")


class SharedReads:
    """Nobody is given a read that began before they asked: it could miss what they already count on."""

    def __init__(self, native: Native) -> None:
        self._native = native
        self._running: dict[Hashable, Result[Any]] = {}
        self._next: dict[Hashable, Result[Any]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, read: Callable[[], T]) -> T:
        """What `read()` gives. While one read of `key` runs, all who ask for it wait for the next."""
        with self._lock:
            shared: Result[T] | None = self._next.get(key)
            if shared is None:
                mine: Result[T] = self._native.result()
                self._next[key] = mine
                earlier = self._running.get(key)
        return shared.result() if shared is not None else self._lead(key, mine, earlier, read)

    def _lead(self, key: Hashable, mine: Result[T], earlier: Result[Any] | None, read: Callable[[], T]) -> T:
        try:
            if earlier is not None:
                with suppress(Exception):
                    earlier.result()
            with self._lock:
                self._running[key] = self._next.pop(key)
            found = read()
        except BaseException as error:
            # Whoever leads may run out of time; whoever follows is told only that this read did not happen.
            mine.set_exception(error if isinstance(error, Exception) else Unavailable("the read was given up"))
            raise
        else:
            mine.set_result(found)
            return found
        finally:
            with self._lock:
                for reads in (self._next, self._running):
                    if reads.get(key) is mine:
                        del reads[key]
