"""One client of the live door: frames and packets in, one packet handled after the other."""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Protocol

from app.transport import frames, packets
from app.transport.frames import FrameReader, FrameRefused
from app.transport.hubs import begin
from app.transport.packets import Packet, PacketRefused
from app.transport.payloads import PayloadReader
from app.transport.peer import Peer
from app.transport.strikes import Strikes

# Fits 5,000 characters of any script, written as JSON escapes.
MESSAGE_BYTES: Final = 64 * 1024
# Packets read ahead of the one being handled; then the client has to wait.
INBOX: Final = 128


class Engine(Protocol):
    """Whom a connection reports to."""

    events: dict[str, PayloadReader]

    def handle(self, connection: Connection, packet: Packet) -> None: ...

    def gone(self, connection: Connection, reason: str) -> None: ...


class Connection(Peer):
    """`sid` is Engine.IO's name for it, `name` Socket.IO's (empty before CONNECT)."""

    __slots__ = (
        "_engine",
        "_inbox",
        "_is_working",
        "_reader",
        "broke_rules",
        "is_answer_due",
        "is_paused",
        "name",
        "rooms",
        "sid",
        "strikes",
    )

    def __init__(self, engine: Engine, sock: socket.socket, sid: str, release: Callable[[], None]) -> None:
        super().__init__(sock, release)
        self.sid = sid
        self.name = ""
        self.rooms: set[str] = set()
        self.broke_rules = False
        self.is_answer_due = False
        self.strikes = Strikes()
        self._engine = engine
        self._reader = FrameReader(MESSAGE_BYTES)
        self._inbox: deque[Packet] = deque()
        self._is_working = False
        self.is_paused = False

    def send(self, packet: Any) -> None:
        """An Engine.IO packet from the library."""
        self.push(frames.text(packet.encode()))

    # reading

    def _read(self, data: bytes) -> None:
        try:
            for opcode, payload in self._reader.feed(data):
                self._receive(opcode, payload)
                if self.closed:
                    return
        except FrameRefused as no:
            self.fail(no.code, f"bad frame: {no}")
        except PacketRefused as no:
            self.fail(frames.PROTOCOL_ERROR, f"bad packet: {no}")

    def _receive(self, opcode: int, payload: str | bytes) -> None:
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
        """Say what waits and why it ends, then close."""
        self._finish(frames.close(code), reason)

    def _left(self, reason: str) -> None:
        self._inbox.clear()
        # Timers hold this object for some seconds more: not what was half read, too.
        self._reader = FrameReader(MESSAGE_BYTES)
        self._engine.gone(self, reason)
