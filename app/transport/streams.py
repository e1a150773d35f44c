"""An answer over HTTP that goes on: its socket is taken over, so that who only listens costs no greenlet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from eventlet import wsgi

from app.transport.hubs import soon
from app.transport.peer import Peer

# Somebody who listens has nothing more to say.
HEARD_BYTES = 4096


class NoSocket(Exception):
    """Another server than ours brought this request: it gives its sockets to nobody."""


class Stream(Peer):
    """Bytes to one listener. `on_gone(reason)` is called when it ends, `on_caught_up()` when nothing waits any more.

    Both are called by the hub: they must not wait.
    """

    __slots__ = ("_heard", "has_moved", "on_caught_up", "on_gone")

    def __init__(self, sock: Any, release: Callable[[], None]) -> None:
        super().__init__(sock, release)
        # Whether the listener took anything of what waits since somebody last looked.
        self.has_moved = False
        self.on_gone: Callable[[str], None] = _nothing
        self.on_caught_up: Callable[[], None] = _nothing
        self._heard = 0

    @property
    def is_waiting(self) -> bool:
        return self._waiting > 0

    def finish(self, last: bytes, reason: str) -> None:
        """Say what waits, then `last`, then close."""
        self._finish(last, reason)

    def _writable(self, fd: int) -> None:
        self.has_moved = True
        super()._writable(fd)

    def _caught_up(self) -> None:
        self.on_caught_up()

    def _read(self, data: bytes) -> None:
        self._heard += len(data)
        if self._heard > HEARD_BYTES:
            self._end("talks back")

    def _left(self, reason: str) -> None:
        self.on_gone(reason)


def take(environ: dict[str, Any], headers: Iterable[tuple[str, str]]) -> Stream:
    """The connection of this request, its answer begun: 200 with these headers. What the view returns is not sent.

    refuses  NoSocket, and TooMany as `Doorkeeper.take_over` does
    """
    if "chat.take_socket" not in environ:
        raise NoSocket()
    lines = ["HTTP/1.1 200 OK", "Connection: close", *(f"{name}: {value}" for name, value in headers)]
    assert not any("\r" in line or "\n" in line for line in lines)
    sock, release = environ["chat.take_socket"](environ["REMOTE_ADDR"])
    stream = Stream(sock, release)
    stream.push("\r\n".join([*lines, "", ""]).encode("latin-1"))
    soon(stream.start)
    # Tells eventlet's server that the answer is already written.
    wsgi.WSGI_LOCAL.already_handled = True
    return stream


def _nothing(*_what: object) -> None: ...
