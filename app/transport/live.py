"""The live side: one Socket.IO server whose events go straight to our handlers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

import flask_socketio
import socketio
from flask import Flask
from msgspec import Struct

from app import protocol
from app.transport import json

# Fits 5,000 characters of any script, written as JSON escapes.
FRAME_BYTES = 64 * 1024
RESERVED = ("connect", "disconnect")
UNKNOWN = "*"


class Server(socketio.Server):  # type: ignore[misc]
    """Socket.IO's server with two gaps closed: a moment after CONNECT, and no way for a client to play the library."""

    ready: Callable[[str], None]

    def _handle_connect(self, eio_sid: str, namespace: str | None, data: Any) -> None:
        if self.manager.sid_from_eio_sid(eio_sid, namespace or "/") is not None:
            # The library would make a second session of it and forget the first without a disconnect.
            return
        super()._handle_connect(eio_sid, namespace, data)
        sid = self.manager.sid_from_eio_sid(eio_sid, namespace or "/")
        if sid is not None and self.manager.is_connected(sid, namespace or "/"):
            self.ready(sid)

    def _handle_event(self, eio_sid: str, namespace: str | None, ack_id: int | None, data: Any) -> None:
        # The library runs its own connect and disconnect handlers for a client's event of that name.
        if not isinstance(data, list) or not data or not isinstance(data[0], str) or data[0] in RESERVED:
            data = ["unknown"]
        super()._handle_event(eio_sid, namespace, ack_id, data)


class SocketIO(flask_socketio.SocketIO):  # type: ignore[misc]
    """Flask-SocketIO around our server: it mounts it on the application and gives `connect` a request."""

    def init_app(self, app: Flask, **options: Any) -> None:
        app.extensions["socketio"] = self
        self.manage_session = False
        self.server = Server(**options)
        self.async_mode = self.server.async_mode
        self.sockio_mw = flask_socketio._SocketIOMiddleware(self.server, app, socketio_path=protocol.PATH.strip("/"))
        app.wsgi_app = self.sockio_mw  # type: ignore[method-assign]


class Live:
    """Rooms and connections. A connection's name is the library's sid."""

    def __init__(self, app: Flask, ping_interval_s: int, ping_timeout_s: int) -> None:
        self._socketio = SocketIO(
            app,
            async_mode="eventlet",
            # Two events of one client must be handled in the order they came.
            async_handlers=False,
            # Polling leaves greenlets waiting for ever.
            transports=["websocket"],
            ping_interval=ping_interval_s,
            ping_timeout=ping_timeout_s,
            max_http_buffer_size=FRAME_BYTES,
            json=json,
        )
        self._server: Server = self._socketio.server

    def on_connect(self, decide: Callable[[str, Any], None], ready: Callable[[str], None]) -> None:
        """`decide(connection, auth)` runs inside the request and may raise `refused`; `ready` after CONNECT is sent."""

        def connect(auth: Any = None) -> None:
            import flask

            decide(flask.request.sid, auth)  # type: ignore[attr-defined]

        self._socketio.on_event("connect", connect)
        self._server.ready = ready

    def on_disconnect(self, handler: Callable[[str], None]) -> None:
        self._server.on("disconnect", lambda sid, reason: handler(sid))

    def on(self, event: str, handler: Callable[..., Any]) -> None:
        """`handler(connection, *arguments)`; what it returns is the ack. No request context, no greenlet of its own."""
        self._server.on(event, handler)

    def on_unknown(self, handler: Callable[..., Any]) -> None:
        """`handler(event, connection, *arguments)` for whatever nobody listens to."""
        self._server.on(UNKNOWN, handler)

    def subscribe(self, connection: str, room: str) -> None:
        self._server.enter_room(connection, _channel(room))

    def unsubscribe(self, connection: str, room: str) -> None:
        self._server.leave_room(connection, _channel(room))

    def tell_room(self, room: str, event: str, payload: Struct, skip: Iterable[str] = ()) -> None:
        self._server.emit(event, protocol.plain(payload), to=_channel(room), skip_sid=list(skip))

    def tell(self, connection: str, event: str, payload: Struct) -> None:
        self._server.emit(event, protocol.plain(payload), to=connection)

    def close(self, timeout_s: float) -> None:
        """Write what is waiting for each client, then close its socket. No goodbye packet: clients would not return."""
        deadline = time.monotonic() + timeout_s
        for sock in list(self._server.eio.sockets.values()):
            sock.close(wait=False, abort=True)
        while self._server.eio.sockets and time.monotonic() < deadline:
            time.sleep(0.02)

    def connections(self) -> list[str]:
        return [sid for sid, _ in self._server.manager.get_participants("/", None)]


def refused(code: str, detail: str) -> Exception:
    """What `decide` raises to turn a connection away."""
    refusal: Exception = socketio.exceptions.ConnectionRefusedError(detail, {"code": code, "detail": detail})
    return refusal


def _channel(room: str) -> str:
    """Socket.IO keeps a room per connection too, named by its sid; ours can never be one of those."""
    return f"room:{room}"
