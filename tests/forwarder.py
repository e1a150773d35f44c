"""A proxy in front of the server, as small as one can be: it says whom it forwards for, and passes bytes on."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Forwarder:
    """`with Forwarder(server.port, "203.0.113.9", source="127.0.0.50") as port:` everybody at `port` comes from there.

    client  the address it writes behind what X-Forwarded-For the client sent
    source  its own
    port    where it listens; any free one unless given
    """

    def __init__(self, target: int, client: str, source: str, port: int = 0) -> None:
        self._target, self._client, self._source = target, client, source
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", port), backlog=128)

    def __enter__(self) -> int:
        threading.Thread(target=self._accept, daemon=True).start()
        return int(self._listener.getsockname()[1])

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        for sock in self._sockets:
            # Closing alone does not end a socket that a thread still reads.
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def _accept(self) -> None:
        try:
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()
        except OSError:
            return

    def _serve(self, near: socket.socket) -> None:
        far = socket.create_connection(("127.0.0.1", self._target), 8, (self._source, 0))
        far.settimeout(None)
        self._sockets += [near, far]
        threading.Thread(target=_pass_on, args=(far, near, b""), daemon=True).start()
        head = b""
        while b"\r\n\r\n" not in head:
            if not (data := _read(near)):
                far.close()
                return
            head += data
        begun, _, rest = head.partition(b"\r\n\r\n")
        _pass_on(near, far, begun + f"\r\nX-Forwarded-For: {self._client}\r\n\r\n".encode() + rest)


def _read(sock: socket.socket) -> bytes:
    """What came, or nothing at its end: a socket closed here, under the reader's hands, has ended too."""
    try:
        return sock.recv(4096)
    except OSError:
        return b""


def _pass_on(source: socket.socket, sink: socket.socket, data: bytes) -> None:
    try:
        while True:
            if data:
                sink.sendall(data)
            if not (data := source.recv(65536)):
                break
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        return
