"""Engine.IO as we let it in: WebSocket only, guarded, no greenlet per client."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import engineio
import eventlet
from engineio import packet as eio_packet
from eventlet import wsgi

from app.transport import frames, handshake, packets
from app.transport.connection import MESSAGE_BYTES, Connection
from app.transport.doorkeeper import TooMany
from app.transport.hubs import soon
from app.transport.packets import Event, Packet
from app.transport.payloads import PayloadReader
from app.transport.pulse import Pulse

CONNECT_WITHIN_S: Final = 10
OTHER_SERVER: Final = "Live connections need the chat's own server: start it with `python -m app` or `python wsgi.py`."


class GuardedEngine(engineio.Server):  # type: ignore[misc]
    """The library's server with its way in replaced. Sessions are `Connection`s; events go to `on_event`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(monitor_clients=False, **options)
        self.events: dict[str, PayloadReader] = {}
        # By the reason's first words.
        self.ended: Counter[str] = Counter()
        self.on_event: Callable[[Connection, Event], None]
        self._pulse = Pulse(self.ping_interval, self.ping_timeout)
        eventlet.spawn_n(self._pulse.run)

    def handle_request(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        """An HTTP request for a live connection, as WSGI."""
        try:
            if "chat.take_socket" not in environ:
                raise handshake.HandshakeRefused(OTHER_SERVER, "503 Service Unavailable")
            answer = handshake.accept(environ)
            sock, release = environ["chat.take_socket"](environ["REMOTE_ADDR"])
        except TooMany:
            start_response("503 Service Unavailable", [("Content-Type", "text/plain"), ("Retry-After", "10")])
            return [b"Too many connections are open from your address.\n"]
        except handshake.HandshakeRefused as no:
            start_response(no.status, [("Content-Type", "text/plain")])
            return [f"{no}\n".encode()]
        sid = self.generate_id()
        connection = Connection(self, sock, sid, release)
        self.sockets[sid] = connection
        self._pulse.add(connection)
        connection.push(answer + frames.text(self._open_packet(sid)))
        self._trigger_event("connect", sid, environ, run_async=False)
        soon(connection.start)
        soon(lambda: self._end_unless_named(sid), CONNECT_WITHIN_S)
        # Tells eventlet's server that the answer is already written.
        wsgi.WSGI_LOCAL.already_handled = True
        return []

    def handle(self, connection: Connection, packet: Packet) -> None:
        """In a greenlet of the client's own, one packet at a time."""
        if isinstance(packet, Event):
            if not connection.name:
                connection.fail(frames.PROTOCOL_ERROR, "event before CONNECT")
            else:
                self.on_event(connection, packet)
        elif isinstance(packet, packets.Connect):
            if connection.name:
                connection.fail(frames.PROTOCOL_ERROR, "second CONNECT")
            else:
                self._trigger_event("message", connection.sid, packet.text, run_async=False)

    def gone(self, connection: Connection, reason: str) -> None:
        self.ended[reason.partition(":")[0]] += 1
        self.sockets.pop(connection.sid, None)
        self._pulse.forget(connection)
        eventlet.spawn_n(self._trigger_event, "disconnect", connection.sid, reason)

    def _end_unless_named(self, sid: str) -> None:
        connection = self.sockets.get(sid)
        if connection is not None and not connection.name:
            connection.fail(frames.REFUSED, "no CONNECT")

    def _open_packet(self, sid: str) -> str:
        about = {
            "sid": sid,
            "upgrades": [],
            "pingInterval": int(self.ping_interval * 1000),
            "pingTimeout": int(self.ping_timeout * 1000),
            "maxPayload": MESSAGE_BYTES,
        }
        encoded: str = eio_packet.Packet(eio_packet.OPEN, about).encode()
        return encoded
