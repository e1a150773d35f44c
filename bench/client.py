"""One client of the load: opens, connects, joins; then counts what arrives, or reads it frame by frame."""

from __future__ import annotations

import errno
import json
import select
import socket
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from bench.frames import CLOSE, Splitter, text
from bench.wires import Cursor, Entry, number_in

if TYPE_CHECKING:
    from bench.load import Load

# More than the longest marker, less than any frame that has one.
TAIL = 32
PING, PONG = b"\x81\x012", text(b"3")


class Lost(Exception):
    """The server ended the connection."""


class Client:
    """Counting costs the load least: large pieces, no parsing. Reading gives each frame, for joins and latencies."""

    __slots__ = (
        "_head", "_load", "_ping_due", "_ping_s", "_sock", "_splitter", "_tail", "_token", "_unsent",
        "asked", "cursor", "fd", "is_counting", "missed", "name", "on_connected", "on_entered", "on_lost",
        "room", "stopping_ms",
    )  # fmt: skip

    def __init__(self, load: Load, room: str, name: str) -> None:
        self.room, self.name = room, name
        self.cursor: Cursor | None = None
        # How many messages the last join brought.
        self.missed = 0
        # Numbers of messages of ours whose ack is due, in order.
        self.asked: deque[int] = deque()
        self.on_connected: Callable[[Client], None] = lambda client: None
        self.on_entered: Callable[[Client], None] = lambda client: None
        self.on_lost: Callable[[Client, str], None] = _raise_lost
        # Whoever returns is the same member.
        self._token: str | None = None
        self._load = load
        self.stopping_ms: int | None = None

    def open(self) -> None:
        self._head: bytes | None = b""
        self._splitter = Splitter()
        self._tail = bytearray(TAIL)
        self._ping_s, self._ping_due = 0.0, 0.0
        self.is_counting = False
        self._sock = sock = socket.socket()
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        port = self._load.port()
        failed = sock.connect_ex(("127.0.0.1", port))
        if failed not in (0, errno.EINPROGRESS):
            sock.close()
            self.on_lost(self, errno.errorcode[failed])
            return
        self.fd = sock.fileno()
        self._unsent = (
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        ).encode()
        self._load.clients[self.fd] = self
        self._load.epoll.register(self.fd, select.EPOLLIN | select.EPOLLOUT)

    def close(self) -> None:
        if self._load.clients.pop(self.fd, None):
            self._load.epoll.unregister(self.fd)
            self._sock.close()

    def send(self, packet: bytes) -> None:
        self._write(text(packet))

    def join(self) -> None:
        self.send(self._load.wire.join(self.room, self.name, self.cursor))

    def count(self) -> None:
        """From now on only count. What is half read already is counted where its marker ends."""
        rest, load = self._splitter.rest, self._load
        load.delivered += rest.count(load.wire.delivery)
        self._tail = (bytearray(TAIL) + rest)[-TAIL:]
        self.is_counting = True

    # called by the load's loop

    def writable(self) -> None:
        waiting, self._unsent = self._unsent, b""
        self._load.epoll.modify(self.fd, select.EPOLLIN)
        self._write(waiting)

    def readable(self) -> None:
        load, buffer = self._load, self._load.buffer
        try:
            got = self._sock.recv_into(load.after_tail)
        except BlockingIOError:
            return
        except OSError as error:
            self._lose(str(error))
            return
        if not got:
            self._lose("closed")
            return
        end = TAIL + got
        if not self.is_counting:
            self._read(bytes(buffer[TAIL:end]))
            return
        buffer[:TAIL] = self._tail
        # Begins so far back that only a marker cut in two is found in the tail.
        load.delivered += buffer.count(load.wire.delivery, load.delivery_from, end)
        if self.asked:
            self._acked(buffer.count(load.wire.ack, load.ack_from, end))
        if load.now >= self._ping_due and buffer.find(PING, TAIL - 2, end) >= 0:
            self._pong()
        self._tail = buffer[end - TAIL : end]

    # the rest

    def _write(self, data: bytes) -> None:
        if self._unsent:
            self._unsent += data
            return
        try:
            sent = self._sock.send(data)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            self._lose(str(error))
            return
        if sent < len(data):
            self._unsent = data[sent:]
            self._load.epoll.modify(self.fd, select.EPOLLIN | select.EPOLLOUT)

    def _lose(self, why: str) -> None:
        self.close()
        self.on_lost(self, why)

    def _acked(self, count: int) -> None:
        for _ in range(count):
            self._load.ack(self, self.asked.popleft())

    def _pong(self) -> None:
        # Scanning for pings costs, so it begins shortly before the next can come.
        self._ping_due = self._load.now + self._ping_s * 0.8
        self._write(PONG)

    def _read(self, data: bytes) -> None:
        if self._head is not None:
            self._head += data
            head, end, data = self._head.partition(b"\r\n\r\n")
            if not end:
                return
            if b" 101 " not in head.partition(b"\r\n")[0]:
                self._lose(head.partition(b"\r\n")[0].decode())
                return
            self._head = None
        for opcode, payload in self._splitter.feed(data):
            if opcode == CLOSE:
                self._lose(f"close {int.from_bytes(payload[:2], 'big')}")
                return
            self._take(payload)

    def _take(self, packet: bytes) -> None:
        load = self._load
        if packet.startswith(load.wire.delivery, 2):
            load.deliver(number_in(packet))
        elif packet[:3] == b"430":
            self._enter(load.wire.entered(json.loads(packet[3:])[0]))
        elif packet[:2] == b"43":
            self._acked(packet.count(load.wire.ack))
        elif packet == b"2":
            self._pong()
        elif packet[:2] == b"40":
            self.on_connected(self)
        elif packet[:1] == b"0":
            self._ping_s = json.loads(packet[1:])["pingInterval"] / 1000
            self._ping_due = load.now + self._ping_s * 0.8
            self.send(load.wire.connect(self._token))
        elif packet.startswith(b'42["session:ready"'):
            self._token = json.loads(packet[2:])[1]["token"]
        elif packet.startswith(b'42["server:stopping"'):
            self.stopping_ms = json.loads(packet[2:])[1]["reconnect_in_ms"]

    def _enter(self, entry: Entry) -> None:
        if entry.retry_after_ms is not None:
            self._load.later(entry.retry_after_ms / 1000, self.join)
            return
        self.cursor, self.missed = entry.cursor, entry.messages
        self.on_entered(self)


def _raise_lost(client: Client, why: str) -> None:
    raise Lost(f"{client.name} in {client.room}: {why}")
