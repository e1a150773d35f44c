"""Somebody who only wants a name."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.faults.history import History
from tests.faults.wire import Connection


class Claimant:
    """A member without a page: claims, and remembers what it owns."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.connection: Connection | None = None
        self._token: str | None = None

    async def connect(self, port: int) -> None:
        auth = {"v": 1} | ({"token": self._token} if self._token else {})
        self.connection = await Connection.open(port, self._hear, auth)
        while not self.history.member_id:
            await asyncio.sleep(0.01)

    async def claims(self, room: str, name: str) -> str:
        """The code of the refusal, or an empty text."""
        assert self.connection
        while True:
            answer = await self.connection.ask("room:join", {"room": room, "name": name}, 10)
            code = "" if answer["ok"] else str(answer["error"]["code"])
            if code != "too_fast":
                break
            await asyncio.sleep(answer["error"]["retry_after_ms"] / 1000)
        if not code:
            self.history.owns[room] = answer["me"]["name"]
        else:
            self.history.codes[code] += 1
        return code

    async def renames(self, room: str, name: str) -> str:
        assert self.connection
        answer = await self.connection.ask("name:change", {"room": room, "name": name}, 10)
        if answer["ok"]:
            self.history.owns[room] = answer["me"]["name"]
        return "" if answer["ok"] else str(answer["error"]["code"])

    def _hear(self, event: str, payload: Any) -> None:
        if event == "session:ready":
            self.history.member_id = payload["member"]["id"]
            self._token = payload["token"]
