"""What many ask for at once is read once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Any, TypeVar

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
        if shared is not None:
            return shared.result()
        if earlier is not None:
            with suppress(Exception):
                earlier.result()
        with self._lock:
            del self._next[key]
            self._running[key] = mine
        return self._lead(key, mine, read)

    def _lead(self, key: Hashable, mine: Result[T], read: Callable[[], T]) -> T:
        try:
            found = read()
        except BaseException as error:
            mine.set_exception(error)
            raise
        else:
            mine.set_result(found)
            return found
        finally:
            with self._lock:
                if self._running.get(key) is mine:
                    del self._running[key]
