"""Where the store may block, and how one waits for another: given by whoever knows what kind of process this is."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Result(Protocol[T]):
    """One value, handed over once. Any number may wait for it."""

    def set_result(self, value: T, /) -> None: ...

    def set_exception(self, error: BaseException, /) -> None: ...

    def result(self) -> T: ...


class Native(Protocol):
    def run(self, function: Callable[..., Any], /, *args: Any) -> Any:
        """`function(*args)` in a native thread; only the caller waits."""

    def result(self) -> Result[Any]:
        """A new one, to be set later."""


class Threaded:
    """For a process whose threads are real: the caller's own may block."""

    def run(self, function: Callable[..., Any], /, *args: Any) -> Any:
        return function(*args)

    def result(self) -> Result[Any]:
        return Future()


THREADED = Threaded()
