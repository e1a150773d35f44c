"""The same clients and the same checker against bench/plain.py, the chat as tutorials write it.

It keeps nothing, so what rests in the end is the best anybody can say: all that anyone was told, in the order in
which they were told.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.faults.claimant import Claimant
from tests.faults.client import Client
from tests.faults.history import History, Line, Row, Sent, Stored
from tests.faults.stage import FaultServer, Stage
from tests.faults.wire import Connection

RUNS = ("kill", "cuts", "acks", "names", "stops")


class PlainServer(FaultServer):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.words = (sys.executable, "bench/plain.py", "--port", str(self.port))


class PlainClient(Client):
    """Joins, sends until it has an ack, and shows what it is told: there is no more to ask this server for."""

    def lines(self, room: str) -> list[Line]:
        return list(self.history.shown)

    def has(self, room: str, head: int) -> bool:
        return True

    def _auth(self) -> dict[str, Any] | None:
        return None

    def _packet(self, sent: Sent) -> tuple[str, Any]:
        return "message", {"room": sent.room, "body": sent.body}

    def _confirm(self, sent: Sent, answer: Any) -> None:
        self.history.acked.append(self._line(sent.body))
        self.outbox.remove(sent)

    async def _join(self, room: str) -> None:
        self.history.member_id = self.history.owns[room] = self.name
        await self._ask("join", {"room": room, "name": self.name}, lambda answer: self._enter(room, answer))

    def _enter(self, room: str, answer: Any) -> None:
        self.history.people[room] = {name: name for name in answer["members"]}

    async def _heal(self, room: str) -> None:
        await asyncio.Event().wait()

    def _hear(self, event: str, payload: Any) -> None:
        if event == "message":
            self.history.shown.append(self._line(payload["body"]))
            return
        name, _, happened = payload["text"].partition(" has ")
        people = self.history.people[self.rooms[0]]
        people.pop(name, None)
        if happened.startswith("entered"):
            people[name] = name

    def _line(self, body: str) -> Line:
        return Line(self.rooms[0], None, body.rpartition(" ")[2], body)


class PlainClaimant(Claimant):
    async def connect(self, port: int) -> None:
        self.history.member_id = self.history.name
        self.connection = await Connection.open(port, lambda event, payload: None, None)

    async def claims(self, room: str, name: str) -> str:
        assert self.connection
        await self.connection.ask("join", {"room": room, "name": name}, 10)
        self.history.owns[room] = name
        return ""

    async def renames(self, room: str, name: str) -> str:
        return await self.claims(room, name)


class PlainStage(Stage):
    client = PlainClient
    claimant = PlainClaimant
    server_type = PlainServer
    # Its messages do not say which room they are of.
    rooms_each = 1
    # It never tells of a lost connection, so there is nothing to wait for.
    ghost_within_s = 2.0

    def stored(self, people: Sequence[History]) -> Stored:
        stored = Stored()
        for room in {room for person in people for room in person.view}:
            views = sorted((person.view[room] for person in people if room in person.view), key=len, reverse=True)
            told = _merged(views)
            stored.rows[room] = [Row(number, number, "", line.key, line.body) for number, line in enumerate(told, 1)]
            stored.heads[room] = len(told)
        return stored

    def heads(self) -> dict[str, int]:
        return {}


def _merged(views: list[list[Line]]) -> list[Line]:
    """The first view, and what only the others have, each after the line it followed there."""
    told = list(views[0])
    for view in views[1:]:
        known = {line.key for line in told}
        place = 0
        for line in view:
            if line.key in known:
                place = next(index for index, each in enumerate(told) if each.key == line.key) + 1
            else:
                told.insert(place, line)
                place += 1
    return told
