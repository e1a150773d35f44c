"""Native threads for what blocks: the hub serves everybody else meanwhile."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, Generic, TypeVar

from eventlet import hubs, patcher
from eventlet.hubs.hub import READ
from greenlet import getcurrent

from app.transport.hubs import listen, wake

T = TypeVar("T")
THREADS: Final = 8

_threading = patcher.original("threading")
_queue = patcher.original("queue")


class Result(Generic[T]):
    """One value for greenlets that wait for it: a `Future` without locks, for a process where nothing runs at once."""

    __slots__ = ("_error", "_is_set", "_value", "_waiting")

    def __init__(self) -> None:
        self._is_set = False
        self._value: T | None = None
        self._error: BaseException | None = None
        self._waiting: list[Any] = []

    def set_result(self, value: T) -> None:
        self._value = value
        self._wake()

    def set_exception(self, error: BaseException) -> None:
        self._error = error
        self._wake()

    def result(self) -> T:
        if not self._is_set:
            self._waiting.append(getcurrent())
            hubs.get_hub().switch()
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value]

    def _wake(self) -> None:
        self._is_set = True
        for greenlet in self._waiting:
            wake(greenlet)


class NativeThreads:
    """`run(function, *args)` in a native thread; only the calling greenlet waits.

    What runs there must not log, emit or take a lock that others contend for: those are patched and would hang.
    """

    def __init__(self, count: int = THREADS) -> None:
        self._asked: Any = _queue.SimpleQueue()
        self._done: deque[tuple[Result[Any], Any, BaseException | None]] = deque()
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        listen(READ, self._reader, self._deliver)
        for _ in range(count):
            _threading.Thread(target=self._work, daemon=True).start()

    def run(self, function: Callable[..., Any], /, *args: Any) -> Any:
        answer: Result[Any] = Result()
        self._asked.put((answer, function, args))
        return answer.result()

    def result(self) -> Result[Any]:
        return Result()

    def _work(self) -> None:
        while True:
            answer, function, args = self._asked.get()
            try:
                self._done.append((answer, function(*args), None))
            except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits
                self._done.append((answer, None, error))
            _ring(self._writer)

    def _deliver(self, _fd: int) -> None:
        _drain(self._reader)
        while self._done:
            answer, value, error = self._done.popleft()
            if error is None:
                answer.set_result(value)
            else:
                answer.set_exception(error)


# The patched calls would wait for the descriptor in a thread that has no hub.
_os = patcher.original("os")


def _ring(fd: int) -> None:
    # Full of rings already: one is enough.
    with suppress(BlockingIOError):
        _os.write(fd, b"!")


def _drain(fd: int) -> None:
    try:
        while len(_os.read(fd, 4096)) == 4096:
            pass
    except BlockingIOError:
        pass
