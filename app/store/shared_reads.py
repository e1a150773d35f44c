"""What many ask for at once is read once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future, wait
from typing import Any, TypeVar

T = TypeVar("T")


class SharedReads:
    """Nobody is given a read that began before they asked: it could miss what they already count on."""

    def __init__(self) -> None:
        self._running: dict[Hashable, Future[Any]] = {}
        self._next: dict[Hashable, Future[Any]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, read: Callable[[], T]) -> T:
        """What `read()` gives. While one read of `key` runs, all who ask for it wait for the next."""
        with self._lock:
            shared: Future[T] | None = self._next.get(key)
            if shared is None:
                mine: Future[T] = Future()
                self._next[key] = mine
                earlier = self._running.get(key)
        if shared is not None:
            return shared.result()
        if earlier is not None:
            wait([earlier])
        with self._lock:
            del self._next[key]
            self._running[key] = mine
        return self._lead(key, mine, read)

    def _lead(self, key: Hashable, mine: Future[T], read: Callable[[], T]) -> T:
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
