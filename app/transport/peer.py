"""The other end of one socket. No greenlet: the hub calls when there is something to read or room to write."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any, Final

from eventlet.hubs.hub import READ, WRITE

from app.transport.hubs import ignore, listen, soon

READ_BYTES: Final = 64 * 1024
# What a slow reader may make us hold; from half of it on, what can be learnt again later is left out.
WAITING_BYTES: Final = 256 * 1024
LINGER_S: Final = 2.0

# One for all, emptied before the next one reads: a new one for each read would cost the kernel more than what it holds.
_READ: Final = memoryview(bytearray(READ_BYTES))


class Peer:
    """Bytes out, as fast as they are read there; bytes in, to `_read`. `release` is called once it is closed."""

    __slots__ = ("_reading", "_release", "_rest", "_sock", "_waiting", "_writing", "closed", "is_behind")

    def __init__(self, sock: socket.socket, release: Callable[[], None]) -> None:
        self.closed = False
        # Half of what may wait does: what can be learnt again later is better left out.
        self.is_behind = False
        self._sock = sock
        self._release = release
        self._rest: list[bytes] = []
        self._waiting = 0
        self._reading: Any = None
        self._writing: Any = None

    # what each kind of peer makes of it

    def _read(self, data: bytes) -> None:
        raise NotImplementedError

    def _left(self, reason: str) -> None:
        """It is over: nothing more is read, and nothing but what waits is written."""
        raise NotImplementedError

    def _caught_up(self) -> None:
        """Nothing waits any more."""

    # writing

    def push(self, data: bytes) -> None:
        """Write at once what the socket takes; the rest waits, in order. A client that does not read is closed."""
        if self._waiting:
            if self._waiting > WAITING_BYTES:
                self._end("slow reader")
            elif not self.closed:
                self._rest.append(data)
                self._wait_with(self._waiting + len(data))
            return
        if self.closed:
            return
        try:
            sent = self._sock.send(data)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError:
            self._end("transport error")
            return
        if sent < len(data):
            self._rest.append(data[sent:])
            self._wait_with(len(data) - sent)
            self._writing = listen(WRITE, self._sock.fileno(), self._writable)

    def _writable(self, _fd: int) -> None:
        data = b"".join(self._rest)
        try:
            sent = self._sock.send(data)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._end("transport error")
            return
        self._wait_with(self._waiting - sent)
        self._rest = [data[sent:]] if self._waiting else []
        if not self._waiting:
            self._stop_writing()
            if self.closed:
                self._say_no_more()
            else:
                self._caught_up()

    def _wait_with(self, size: int) -> None:
        self._waiting = size
        self.is_behind = size > WAITING_BYTES // 2

    @property
    def is_open(self) -> bool:
        """Whether the socket is still ours to write to or to read from."""
        return self._sock.fileno() >= 0

    # reading

    def start(self) -> None:
        """Called in the hub's own greenlet, which then is all that an idle client needs."""
        if not self.closed:
            self._reading = listen(READ, self._sock.fileno(), self._readable)

    def _readable(self, _fd: int) -> None:
        try:
            size = self._sock.recv_into(_READ)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._end("transport error")
            return
        if not size:
            self._end("transport close")
        elif not self.closed:
            self._read(bytes(_READ[:size]))

    # ending

    def _finish(self, last: bytes, reason: str) -> None:
        """Say what waits, then `last`, then close; a client that still sends is given a moment to hear it."""
        if self.closed:
            return
        self.push(last)
        if self.closed:
            return
        self._leave(reason)
        self._stop_reading()
        self._reading = listen(READ, self._sock.fileno(), self._discard)
        soon(self._let_go, LINGER_S)
        if not self._waiting:
            self._say_no_more()

    def _say_no_more(self) -> None:
        try:
            self._sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._let_go()

    def _discard(self, _fd: int) -> None:
        try:
            data = self._sock.recv(READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            self._let_go()

    def _end(self, reason: str) -> None:
        """The link is gone: nothing more can be said."""
        if not self.closed:
            self._leave(reason)
        self._let_go()

    def _leave(self, reason: str) -> None:
        self.closed = True
        self._left(reason)

    def _let_go(self) -> None:
        self._stop_reading()
        self._stop_writing()
        self._rest.clear()
        self._wait_with(0)
        if self.is_open:
            self._sock.close()
            self._release()

    def _stop_reading(self) -> None:
        if self._reading is not None:
            ignore(self._reading)
            self._reading = None

    def _stop_writing(self) -> None:
        if self._writing is not None:
            ignore(self._writing)
            self._writing = None
