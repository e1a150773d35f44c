"""One client. No greenlet of its own: the hub calls when there is something to read, or room to write again."""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Protocol

from eventlet.hubs.hub import READ, WRITE

from app.transport import frames, packets
from app.transport.frames import FrameReader, FrameRefused
from app.transport.hubs import begin, ignore, listen, soon
from app.transport.packets import Packet, PacketRefused
from app.transport.strikes import Strikes

READ_BYTES: Final = 64 * 1024
# Fits 5,000 characters of any script, written as JSON escapes.
MESSAGE_BYTES: Final = 64 * 1024
# What a slow reader may make us hold; from half of it on, what can be learnt again later is left out.
WAITING_BYTES: Final = 256 * 1024
# Packets read ahead of the one being handled; then the client has to wait.
INBOX: Final = 128
LINGER_S: Final = 2.0

# One for all, emptied before the next one reads: a new one for each read would cost the kernel more than what it holds.
_READ: Final = memoryview(bytearray(READ_BYTES))


class Engine(Protocol):
    """Whom a connection reports to."""

    events: set[str]

    def handle(self, connection: Connection, packet: Packet) -> None: ...

    def gone(self, connection: Connection, reason: str) -> None: ...


class Connection:
    """`sid` is Engine.IO's name for it, `name` Socket.IO's (empty before CONNECT)."""

    __slots__ = (
        "_engine",
        "_inbox",
        "_is_working",
        "_reader",
        "_reading",
        "_release",
        "_rest",
        "_sock",
        "_waiting",
        "_writing",
        "broke_rules",
        "closed",
        "is_answer_due",
        "is_behind",
        "is_paused",
        "name",
        "rooms",
        "sid",
        "strikes",
    )

    def __init__(self, engine: Engine, sock: socket.socket, sid: str, release: Callable[[], None]) -> None:
        self.sid = sid
        self.name = ""
        self.rooms: set[str] = set()
        self.closed = False
        self.broke_rules = False
        self.is_answer_due = False
        # Half of what may wait does: what can be learnt again later is better left out.
        self.is_behind = False
        self.strikes = Strikes()
        self._engine = engine
        self._sock = sock
        self._release = release
        self._reader = FrameReader(MESSAGE_BYTES)
        self._inbox: deque[Packet] = deque()
        self._is_working = False
        self.is_paused = False
        self._rest: list[bytes] = []
        self._waiting = 0
        self._reading: Any = None
        self._writing: Any = None

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

    def send(self, packet: Any) -> None:
        """An Engine.IO packet from the library."""
        self.push(frames.text(packet.encode()))

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

    def _read(self, data: bytes) -> None:
        try:
            for opcode, payload in self._reader.feed(data):
                self._receive(opcode, payload)
        except FrameRefused as no:
            self.fail(no.code, str(no))
        except PacketRefused as no:
            self.fail(frames.PROTOCOL_ERROR, str(no))

    def _receive(self, opcode: int, payload: str | bytes) -> None:
        if self.closed:
            return
        if isinstance(payload, str):
            packet = packets.parse(payload, self._engine.events)
            if packet is packets.PONG and self.is_answer_due:
                self.is_answer_due = False
            elif packet is packets.PONG:
                self._bear()
            elif packet is packets.GOODBYE:
                self.finish(frames.NORMAL, "client disconnect")
            else:
                self._take(packet)
        elif opcode == frames.CLOSE:
            self.finish(frames.close_answer(payload), "transport close")
        else:
            self._bear()
            if opcode == frames.PING:
                self.push(frames.frame(frames.PONG, payload))

    def _bear(self) -> None:
        """What nobody asked for is allowed, but it costs its sender nothing: many are a flood."""
        if self.strikes.add():
            self.fail(frames.REFUSED, "flood")

    def _take(self, packet: Packet) -> None:
        self._inbox.append(packet)
        if not self._is_working:
            self._is_working = True
            begin(self._work)
        if len(self._inbox) > INBOX and self._reading is not None:
            self.is_paused = True
            self._stop_reading()

    def _work(self) -> None:
        """One packet after the other: two events of one client never overtake each other."""
        try:
            while self._inbox and not self.closed:
                self._engine.handle(self, self._inbox.popleft())
        finally:
            self._is_working = False
        if self.is_paused and not self.closed:
            self.is_paused = False
            self.start()

    # ending

    def close(self, wait: bool = False, abort: bool = False, reason: str | None = None) -> None:
        """As the library closes one."""
        self.finish(frames.NORMAL, reason or "server disconnect")

    def fail(self, code: int, why: str) -> None:
        """The client broke a rule: it is out now, and what still waits for it is not worth writing."""
        self.broke_rules = True
        if self._waiting:
            # Half a frame may be on its way: nothing that is written now would be understood.
            self._end(why)
        else:
            self.finish(code, why)

    def finish(self, code: int, reason: str) -> None:
        """Say what waits and why it ends, then close; a client that still sends is given a moment to hear it."""
        if self.closed:
            return
        self.push(frames.close(code))
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
        self._inbox.clear()
        # Timers hold this object for some seconds more: not what was half read, too.
        self._reader = FrameReader(MESSAGE_BYTES)
        self._engine.gone(self, reason)

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
