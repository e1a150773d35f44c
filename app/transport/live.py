"""The live side: rooms of connections, events straight to our handlers, a frame encoded once for all who hear it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any, Final, NamedTuple

import flask_socketio
import msgspec
import socketio
from flask import Flask
from msgspec import Struct

from app import protocol
from app.transport import frames, json
from app.transport.connection import Connection
from app.transport.engine import GuardedEngine
from app.transport.fanout import Fanout
from app.transport.hubs import soon
from app.transport.packets import Event
from app.transport.payloads import PayloadReader

# What a client learns again by itself: left out for one that reads too slowly.
DROPPABLE: Final = frozenset({"typing:changed", "members:changed", "room:head"})

Handler = Callable[..., Any]


class Newcomer(NamedTuple):
    """Who knocks: the connection's name, the address it comes from, and the session in the browser's cookie."""

    connection: str
    address: str
    session: MutableMapping[str, Any]


class Server(socketio.Server):  # type: ignore[misc]
    """Socket.IO's server on our engine, with a moment after CONNECT."""

    after_connect: Callable[[str, str], None]
    eio: GuardedEngine

    def _engineio_server_class(self) -> type[GuardedEngine]:
        return GuardedEngine

    def _handle_connect(self, eio_sid: str, namespace: str | None, data: Any) -> None:
        super()._handle_connect(eio_sid, namespace, data)
        sid = self.manager.sid_from_eio_sid(eio_sid, "/")
        # The handshake's request has served: an idle client need not keep its headers in memory.
        self.environ.update({eio_sid: {}} if eio_sid in self.environ else {})
        connection = self.eio.sockets.get(eio_sid)
        if sid is None and connection is not None:
            connection.finish(frames.NORMAL, "refused")
        elif connection is not None:
            self.after_connect(eio_sid, sid)


class SocketIO(flask_socketio.SocketIO):  # type: ignore[misc]
    """Flask-SocketIO around our server: it mounts it on the application."""

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
        self._app = app
        self._server: Server = SocketIO(
            app, async_mode="eventlet", ping_interval=ping_interval_s, ping_timeout=ping_timeout_s, json=json
        ).server
        self._server.after_connect = self._after_connect
        self._server.eio.on_event = self._dispatch
        self._handlers: dict[str, Handler] = {}
        self._unknown: Handler
        self._ready: Callable[[str], None]
        self._named: dict[str, Connection] = {}
        self._fanout = Fanout(soon)

    def on_connect(self, decide: Callable[[Newcomer, Any], None], ready: Callable[[str], None]) -> None:
        """`decide(newcomer, auth)` may raise `refused`; `ready(connection)` comes after CONNECT is sent."""

        def connect(sid: str, environ: dict[str, Any], auth: Any = None) -> None:
            # Only what is asked for: a whole request context costs more than everything else that connecting needs.
            request = self._app.request_class(environ)
            session: MutableMapping[str, Any] = self._app.session_interface.open_session(self._app, request) or {}
            decide(Newcomer(sid, request.remote_addr or "", session), auth)

        self._server.on("connect", connect)
        self._ready = ready

    def on_disconnect(self, handler: Callable[[str, str, bool], None]) -> None:
        """`handler(connection, why, was_sent_away)`"""

        def gone(sid: str, reason: str) -> None:
            was_sent_away = sid in self._named and self._named[sid].broke_rules
            self._forget(sid)
            handler(sid, reason, was_sent_away)

        self._server.on("disconnect", gone)

    def on(self, event: str, model: type[Struct], handler: Handler) -> None:
        """`handler(connection, *arguments)`; what it returns is the ack (bytes: JSON already). No request context.

        A payload that can be read as `model` at once is the only argument; any other is for the handler to look at.
        """
        self._handlers[event] = handler
        self._server.eio.events[event] = PayloadReader(model)

    def on_unknown(self, handler: Handler) -> None:
        """`handler(event, connection, *arguments)` for whatever nobody listens to."""
        self._unknown = handler

    def subscribe(self, name: str, room: str) -> None:
        self._fanout.enter(room, self._named[name])

    def unsubscribe(self, name: str, room: str) -> None:
        self._fanout.leave(room, self._named[name])

    def send_away(self, name: str) -> None:
        """End a connection. Its client comes back by itself, as a new one."""
        connection = self._named.get(name)
        if connection is not None:
            self._fanout.flush()
            connection.finish(frames.GOING_AWAY, "sent away")

    def is_heard(self, room: str) -> bool:
        """Whether anybody is subscribed to it."""
        return self._fanout.has(room)

    def tell_room(self, room: str, event: str, payload: Struct | bytes, skip: Iterable[str] = ()) -> None:
        passed_over = [self._named[name] for name in skip if name in self._named]
        self._fanout.tell_room(room, _event_frame(event, payload), passed_over, is_droppable=event in DROPPABLE)

    def tell(self, name: str, event: str, payload: Struct | bytes) -> None:
        if name in self._named:
            self._fanout.tell(self._named[name], _event_frame(event, payload))

    def close(self, timeout_s: float) -> None:
        """Write what is waiting for each client, then close its socket. No goodbye packet: clients would not return."""
        deadline = time.monotonic() + timeout_s
        self._fanout.flush()
        connections = list(self._named.values())
        for connection in connections:
            connection.finish(frames.GOING_AWAY, "server stopping")
        while any(connection.is_open for connection in connections) and time.monotonic() < deadline:
            time.sleep(0.02)

    def connections(self) -> list[str]:
        return list(self._named)

    @property
    def count(self) -> int:
        """How many are connected."""
        return len(self._named)

    @property
    def rooms(self) -> int:
        """How many rooms somebody is subscribed to."""
        return self._fanout.rooms

    @property
    def deliveries(self) -> int:
        """Events and answers handed to connections since the start."""
        return self._fanout.deliveries

    @property
    def ended(self) -> Counter[str]:
        """Connections that ended since the start, by reason: a few words each."""
        return self._server.eio.ended

    def _after_connect(self, eio_sid: str, name: str) -> None:
        connection = self._server.eio.sockets[eio_sid]
        connection.name = name
        self._named[name] = connection
        self._ready(name)

    def _dispatch(self, connection: Connection, event: Event) -> None:
        handler = self._handlers.get(event.name)
        if handler is not None:
            answer = handler(connection.name, *event.arguments)
        else:
            answer = self._unknown(event.name, connection.name, *event.arguments)
        if event.ack_id is not None:
            self._fanout.tell(connection, _ack_frame(event.ack_id, answer))
        # A refusal is a dict, and nothing else is.
        if isinstance(answer, dict) and connection.strikes.add():
            # Told why, but gone at once.
            connection.broke_rules = True
            self._fanout.flush()
            connection.finish(frames.REFUSED, "flood")

    def _forget(self, name: str) -> None:
        connection = self._named.pop(name, None)
        if connection is not None:
            for room in list(connection.rooms):
                self._fanout.leave(room, connection)


def refused(code: str, detail: str) -> Exception:
    """What `decide` raises to turn a connection away."""
    refusal: Exception = socketio.exceptions.ConnectionRefusedError(detail, {"code": code, "detail": detail})
    return refusal


def _event_frame(event: str, payload: Struct | bytes) -> bytes:
    """`payload` as bytes is JSON already. An event's name needs no escapes."""
    return frames.frame(frames.TEXT, b'42["%b",%b]' % (event.encode(), _json(payload)))


def _ack_frame(ack_id: int, answer: Any) -> bytes:
    return frames.frame(frames.TEXT, b"43%d[%b]" % (ack_id, _json(answer)))


def _json(value: Any) -> bytes:
    return value if isinstance(value, bytes) else msgspec.json.encode(value)
