"""A WebSocket by hand that writes anything: pieces of frames, text that is none, a megabyte in a moment."""

from __future__ import annotations

import socket
import struct
import time

from tests.wire import TEXT, Closed, RawSocket

CLOSE_WITH_CODE = b"\x88\x02"


class Line(RawSocket):
    _tail = b""

    def send_bytes(self, data: bytes) -> None:
        self._sock.sendall(data)

    def send_text(self, text: str) -> None:
        """As a text frame, lone surrogates and all."""
        self.send_bytes(frame(TEXT, text.encode("utf-8", "surrogatepass")))

    def waits(self, seconds: float) -> None:
        """How long `receive` waits from now on before it fails with TimeoutError."""
        self._sock.settimeout(seconds)

    def acknowledges_at_once(self) -> None:
        """What comes next: a server that waits for our ACK before its next small write (Nagle) costs 40 ms a round."""
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

    def ends(self, within: float = 3.0) -> int | None:
        """Reads until the server ends the connection, and its close code. A socket left open fails."""
        self.waits(within)
        deadline = time.monotonic() + within
        try:
            while True:
                assert time.monotonic() < deadline, f"still open after {within} s"
                if self.receive() == "2":
                    self.send("3")
        except Closed as end:
            return end.code
        finally:
            self.close()

    def hears_little(self, size: int = 4096) -> None:
        """A small receive buffer, so that what is not read soon waits at the server."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)

    def fileno(self) -> int:
        return self._sock.fileno()

    def sends_some(self, data: bytes) -> int:
        """How much of it was taken at once."""
        try:
            return self._sock.send(data)
        except BlockingIOError:
            return 0

    def takes(self) -> bytes:
        """All that has come, frames and all. Raises Closed at the end."""
        if not (data := self._sock.recv(1 << 20)):
            raise Closed(None)
        return data

    def swallows(self) -> int:
        """Reads away what has come, seen by nobody: how many bytes. Raises Closed at the end."""
        try:
            data = self._sock.recv(65_536)
        except BlockingIOError:
            return 0
        except OSError:
            data = b""
        self._tail = (self._tail + data)[-4:]
        if data:
            return len(data)
        raise Closed(int.from_bytes(self._tail[2:], "big") if self._tail[:2] == CLOSE_WITH_CODE else None)


def frame(opcode: int, payload: bytes, *, final: bool = True) -> bytes:
    """A masked frame; the mask is zeros, which is as good as any and costs no time."""
    size = len(payload)
    first = (0x80 if final else 0) | opcode
    if size < 126:
        head = struct.pack("!BB", first, 0x80 | size)
    elif size < 65_536:
        head = struct.pack("!BBH", first, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, size)
    return head + bytes(4) + payload
