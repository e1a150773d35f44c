"""Programs beside the people: a bot with a token, a webhook, and somebody who follows a room over plain HTTP."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any

from tests.live import Reply, Server, Visitor


class Program(Visitor):
    """Speaks the HTTP API. `token` is sent when there is one."""

    def __init__(self, server: Server, token: str = "", source: str = "") -> None:
        super().__init__(server.port, source=source)
        self.token = token

    def reads(self, room: str, query: str = "", **headers: str) -> Reply:
        return self.calls("GET", f"rooms/{room}/messages{query}", **headers)

    def says(self, room: str, body: str, client_id: str | None = None) -> Reply:
        key = {"client_id": client_id} if client_id else {}
        return self.calls("POST", f"rooms/{room}/messages", {"body": body} | key)

    def calls(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        sent = {"Accept": "*/*", "Content-Type": "application/json"} | headers
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        data = body if body is None or isinstance(body, str | bytes) else json.dumps(body)
        return self.asks(method, f"/api/v1/{path}", data, sent)


class Follower:
    """The events of a room as they come. `place` is the id of the last one heard."""

    def __init__(self, server: Server, room: str, place: str = "", token: str = "", source: str = "127.0.0.1") -> None:
        self.place = place
        self.comments = 0
        self.retry_ms = 0
        self._line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10, source_address=(source, 0))
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": place} if place else {})
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        self._line.request("GET", f"/api/v1/rooms/{room}/events", headers=headers)
        self.response = self._line.getresponse()
        self.status = self.response.status

    def hears(self) -> tuple[str, dict[str, Any]] | None:
        """(event, data) of the next event; None when the connection has ended."""
        name, data, place = "", "", self.place
        while line := self.response.readline().decode():
            field, _, value = line.rstrip("\n").partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                data = value
            elif field == "id":
                place = value
            elif field == "retry":
                self.retry_ms = int(value)
            elif field == ":":
                self.comments += 1
            elif not field and data:
                self.place = place
                return name, json.loads(data)
        return None

    def hears_up_to(self, body: str) -> list[str]:
        """The bodies of all messages up to this one."""
        bodies: list[str] = []
        while body not in bodies:
            heard = self.hears()
            assert heard is not None, f"ended before {body!r}: {bodies}"
            if heard[0].startswith("message:"):
                bodies.append(heard[1]["body"])
        return bodies

    def hears_the_end(self) -> list[str]:
        """The names of all events until the connection ends."""
        names = []
        while (heard := self.hears()) is not None:
            names.append(heard[0])
        return names

    def waits_for_life(self, comments: int) -> None:
        while self.comments < comments:
            line = self.response.readline()
            assert line, "ended"
            self.comments += line == b":\n"

    def reads_little(self, size: int = 32 * 1024) -> None:
        sock = self._line.sock or self.response.fp.raw._sock  # type: ignore[union-attr]
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)

    def close(self) -> None:
        self.response.close()
        self._line.close()


def new_token(server: Server, *rooms: str, name: str = "Tea bot", webhook: bool = False) -> str:
    """The token of a new bot; of a webhook, its address."""
    where = [word for room in rooms for word in ("--room", room)]
    done = server.command("token", name, *where, *(["--webhook"] if webhook else []))
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[0]


def operator(server: Server) -> Program:
    return Program(server, (server.data / "operator.token").read_text())
