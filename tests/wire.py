"""The wire under the client libraries: bare WebSocket frames, and a link that can go dead."""

from __future__ import annotations

import base64
import json
import os
import secrets
import socket
import struct
import threading
from typing import Any

HANDSHAKE = "/socket.io/?EIO=4&transport=websocket"
TEXT, CLOSE = 0x1, 0x8


class Closed(Exception):
    """The other side ended the socket. `code` is the WebSocket close code, if it gave one."""

    def __init__(self, code: int | None = None) -> None:
        super().__init__(f"closed ({code})")
        self.code = code


class RawSocket:
    """A WebSocket spoken by hand. After `RawSocket(port)`, `status` tells whether the handshake was accepted (101)."""

    def __init__(self, port: int, path: str = HANDSHAKE, *, source: str = "127.0.0.1", **headers: str) -> None:
        self._sock = socket.create_connection(("127.0.0.1", port), 8, (source, 0))
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: Upgrade", "Upgrade: websocket"]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self._sock.sendall("\r\n".join([*lines, "", ""]).encode())
        self.head = self._read_head()
        self.status = int(self.head.split()[1])

    def send(self, text: str) -> None:
        self.send_frame(TEXT, text.encode())

    def send_frame(self, opcode: int, payload: bytes, *, final: bool = True) -> None:
        mask = secrets.token_bytes(4)
        size = len(payload)
        first = (0x80 if final else 0) | opcode
        if size < 126:
            head = struct.pack("!BB", first, 0x80 | size)
        elif size < 65536:
            head = struct.pack("!BBH", first, 0x80 | 126, size)
        else:
            head = struct.pack("!BBQ", first, 0x80 | 127, size)
        self._sock.sendall(head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload)))

    def receive(self) -> str:
        """The next text frame. Raises Closed when the server ended the connection."""
        try:
            first, size = self._read(2)
            if size == 126:
                (size,) = struct.unpack("!H", self._read(2))
            elif size == 127:
                (size,) = struct.unpack("!Q", self._read(8))
            payload = self._read(size)
        except ConnectionError:
            raise Closed from None
        if first & 0x0F == CLOSE:
            raise Closed(struct.unpack("!H", payload[:2])[0] if len(payload) >= 2 else None)
        return payload.decode()

    def receive_until(self, start: str) -> str:
        """The first text frame beginning with `start`, answering pings on the way."""
        while not (text := self.receive()).startswith(start):
            if text == "2":
                self.send("3")
        return text

    def opens(self, **auth: Any) -> dict[str, Any]:
        """CONNECT, and the payload of session:ready."""
        self.send("40" + json.dumps({"v": 1} | auth))
        return dict(json.loads(self.receive_until('42["session:ready"')[2:])[1])

    def asks(self, event: str, *arguments: Any, ack: int = 7) -> Any:
        """One event with any arguments; its ack's first value."""
        self.send(f"42{ack}" + json.dumps([event, *arguments]))
        return json.loads(self.receive_until(f"43{ack}")[len(f"43{ack}") :])[0]

    def wait_closed(self) -> Closed:
        """Reads on until the server ends the connection. A socket left open fails: no ping comes that soon."""
        self._sock.settimeout(3)
        try:
            while True:
                self.receive()
        except Closed as end:
            return end

    def close(self) -> None:
        self._sock.close()

    def _read_head(self) -> str:
        head = b""
        while b"\r\n\r\n" not in head:
            head += self._read(1)
        return head.decode("latin-1")

    def _read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = self._sock.recv(size - len(data))
            if not piece:
                raise ConnectionResetError
            data += piece
        return data


class Link:
    """A TCP proxy before the server. `go_dead` stops it without closing anything, as a cable pulled out would."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._alive = threading.Event()
        self._alive.set()
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def go_dead(self) -> None:
        self._alive.clear()

    def close(self) -> None:
        self._alive.clear()
        for sock in [self._listener, *self._sockets]:
            sock.close()

    def _accept(self) -> None:
        try:
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target), timeout=8)
                far.settimeout(None)
                self._sockets += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._forward, args=(source, sink), daemon=True).start()
        except OSError:
            return

    def _forward(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                if self._alive.is_set():
                    sink.sendall(data)
            if self._alive.is_set():
                sink.shutdown(socket.SHUT_WR)
        except OSError:
            return
