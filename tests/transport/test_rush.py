"""Many come into the same rooms at the same moment: in the end everybody sees everybody."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.actors import House
from tests.faults import loop
from tests.faults.wire import Connection

ROOMS, PEOPLE, ROUNDS = 10, 30, 15


@pytest.fixture(scope="module")
def server_settings():
    return {"CHAT_ADMIT_PER_S": "5000", "CHAT_ADDRESS_POINTS_PER_10S": "1000000"}


class Person:
    """Keeps a list of who is here, as the wire tells it: the ack is the list, each later digest changes it."""

    def __init__(self) -> None:
        self.id = ""
        self.people: set[str] = set()
        self.line: Connection

    async def comes(self, port: int, room: str, name: str) -> None:
        self.line = await Connection.open(port, self._hears, {"v": 1})
        await self.line.ask("room:join", {"room": room, "name": name}, 20, self._joined)

    def _joined(self, answer: Any) -> None:
        self.id = answer["me"]["id"]
        self.people = {member["id"] for member in answer["members"]}

    def _hears(self, event: str, payload: Any) -> None:
        if event == "members:changed":
            self.people |= {member["id"] for member in payload["joined"]}
            self.people -= {member["id"] for member in payload["left"]}


async def becomes_true(condition: Callable[[], bool], within_s: float) -> None:
    async with asyncio.timeout(within_s):
        while not condition():
            await asyncio.sleep(0.02)


async def rush(port: int) -> None:
    rooms = [House.fresh_room() for _ in range(ROOMS)]
    crowd = [Person() for _ in range(PEOPLE)]
    coming: list[Awaitable[None]] = [
        person.comes(port, rooms[number % ROOMS], f"p{number}") for number, person in enumerate(crowd)
    ]
    await asyncio.gather(*coming)
    groups = [crowd[number::ROOMS] for number in range(ROOMS)]

    def everybody_sees_everybody() -> bool:
        return all(person.people == {other.id for other in group} for group in groups for person in group)

    await becomes_true(everybody_sees_everybody, 5)
    for person in crowd:
        person.line.abort()


def test_whoever_comes_at_the_same_moment_sees_everybody(server):
    for _ in range(ROUNDS):
        loop.run(rush(server.port))
