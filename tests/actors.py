"""People in a live room: python-socketio clients that say what a test means and wait for what it expects."""

from __future__ import annotations

import secrets
import socket
import threading
from concurrent.futures import Future
from typing import Any

import engineio
import socketio

from tests.live import Server, Visitor

WITHIN = 8.0


class Answer(dict[str, Any]):
    """An ack."""

    @property
    def ok(self) -> bool:
        return self["ok"] is True

    @property
    def refused(self) -> str | None:
        return None if self.ok else self["error"]["code"]

    @property
    def detail(self) -> str:
        return str(self["error"]["detail"])

    @property
    def bodies(self) -> list[str]:
        return [message["body"] for message in self["messages"]]


class InOrder(engineio.Client):
    """The stock client starts a thread for each packet, and so may hand them over out of order."""

    def _trigger_event(self, event: str, *args: Any, **options: Any) -> Any:
        return super()._trigger_event(event, *args, **{**options, "run_async": False})


class Client(socketio.Client):
    def _engineio_client_class(self) -> type[engineio.Client]:
        return InOrder


class Guest:
    """One connection. `room` is where it speaks unless told otherwise; `people` is whom it sees in each room."""

    def __init__(
        self, url: str, room: str, name: str, token: str | None = None, visitor: Visitor | None = None
    ) -> None:
        self.name = name
        self.room = room
        self.people: dict[str, dict[str, str]] = {}
        self.closed = threading.Event()
        self._news = threading.Condition()
        self._heard: list[tuple[str, Any]] = []
        self._client = Client(reconnection=False, handle_sigint=False)
        self._client.on("*", self._hear)
        self._client.on("disconnect", lambda *reason: self.closed.set())
        auth: dict[str, Any] = {"v": 1} | ({"token": token} if token else {})
        headers = {"Cookie": visitor.cookie} if visitor else {}
        self._client.connect(url, headers=headers, auth=auth, transports=["websocket"], wait_timeout=WITHIN)
        self.ready: dict[str, Any] = self.waits_for("session:ready")
        self.id: str = self.ready["member"]["id"]
        self.token: str | None = self.ready.get("token", token)

    # what a client asks

    def fires(self, event: str, payload: Any) -> Future[Answer]:
        """Ask without waiting for the answer."""
        answer: Future[Answer] = Future()

        def on_ack(ack: dict[str, Any]) -> None:
            # A snapshot replaces the picture at its place in the stream, so before any later push is folded in.
            if event == "room:join" and ack["ok"]:
                self.people[ack["room"]["slug"]] = {member["id"]: member["name"] for member in ack["members"]}
            answer.set_result(Answer(ack))

        self._client.emit(event, payload, callback=on_ack)
        return answer

    def asks(self, event: str, payload: Any) -> Answer:
        return self.fires(event, payload).result(WITHIN)

    def joins(self, room: str | None = None, name: str | None = None, **since: Any) -> Answer:
        return self.asks("room:join", {"room": room or self.room, "name": self.name if name is None else name, **since})

    def leaves(self, room: str | None = None) -> Answer:
        return self.asks("room:leave", {"room": room or self.room})

    def renames(self, name: str, room: str | None = None) -> Answer:
        return self.asks("name:change", {"room": room or self.room, "name": name})

    def says(self, body: str, client_id: str | None = None, room: str | None = None) -> Answer:
        return self.starts_saying(body, client_id, room).result(WITHIN)

    def starts_saying(self, body: str, client_id: str | None = None, room: str | None = None) -> Future[Answer]:
        client_id = client_id or secrets.token_hex(16)
        return self.fires("message:send", {"room": room or self.room, "client_id": client_id, "body": body})

    def reads(self, room: str | None = None, **where: int) -> Answer:
        return self.asks("history:fetch", {"room": room or self.room, **where})

    def types(self, room: str | None = None) -> Answer:
        return self.asks("typing:start", {"room": room or self.room})

    # what a client hears

    def waits_for(self, event: str, within: float = WITHIN, **fields: Any) -> Any:
        """The first push of this name whose payload has these fields, heard already or still to come."""

        def found() -> Any:
            return next((p for e, p in self._heard if e == event and fields.items() <= p.items()), None)

        with self._news:
            if not self._news.wait_for(found, within):
                raise AssertionError(f"{self.name} did not hear {event} {fields} in {within} s, but {self._heard}")
            return found()

    def sees(self, *names: str, room: str | None = None, within: float = WITHIN) -> None:
        """Waits until the people of the room are exactly these."""

        def here() -> list[str]:
            return sorted(self.people.get(room or self.room, {}).values())

        with self._news:
            if not self._news.wait_for(lambda: here() == sorted(names), within):
                raise AssertionError(f"{self.name} sees {here()}, not {sorted(names)}, after {within} s")

    def heard(self, event: str) -> list[Any]:
        """Every push of this name so far, and none of those already on their way is missed."""
        self.types("nowhere-at-all")
        with self._news:
            return [payload for e, payload in self._heard if e == event]

    def hears(self) -> list[str]:
        """The bodies of all messages posted to this connection so far."""
        return [message["body"] for message in self.heard("message:posted")]

    def forgets(self) -> None:
        with self._news:
            self._heard.clear()

    def _hear(self, event: str, payload: Any) -> None:
        with self._news:
            self._heard.append((event, payload))
            if event == "members:changed":
                self._fold(payload)
            self._news.notify_all()

    def _fold(self, digest: dict[str, Any]) -> None:
        people = self.people.setdefault(digest["room"], {})
        people.update({member["id"]: member["name"] for member in digest["joined"] + digest["renamed"]})
        for member in digest["left"]:
            people.pop(member["id"], None)

    # how a client goes

    def closes(self) -> None:
        """As a tab that is closed: the socket ends without a word."""
        sock = self._client.eio.ws.sock if self._client.eio.ws else None
        if sock:
            sock.shutdown(socket.SHUT_RDWR)
        self.closed.wait(WITHIN)

    def goes(self) -> None:
        if self._client.connected:
            self._client.disconnect()


class House:
    """One test's people around one fresh room. All are sent home when the test ends."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.room = self.fresh_room()
        self._guests: list[Guest] = []

    @staticmethod
    def fresh_room() -> str:
        return f"room-{secrets.token_hex(5)}"

    def guest(
        self, name: str, *, token: str | None = None, visitor: Visitor | None = None, url: str | None = None
    ) -> Guest:
        """A new connection, of a new member unless it brings a token or a browser's cookies."""
        guest = Guest(url or self.server.url, self.room, name, token, visitor)
        self._guests.append(guest)
        return guest

    def member(self, name: str) -> Guest:
        """A guest who has joined the room, and whose coming has been told."""
        guest = self.guest(name)
        assert guest.joins().ok
        guest.waits_for("members:changed")
        guest.forgets()
        return guest

    def visitor(self) -> Visitor:
        return Visitor(self.server.port)

    def close(self) -> None:
        for guest in self._guests:
            guest.goes()
