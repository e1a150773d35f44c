"""A room as full as rooms get: 2,000 people in it and 10,000 messages, most of them said by a few."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.actors import Guest, House
from tests.hostile.line import Line
from tests.live import Server

PEOPLE, MESSAGES = 2_000, 10_000
NAMES = ("Ann", "Bob", "Çağla", "Dmitri", "Élodie", "Farah", "Grüße", "Håkon", "Ioana", "Jürgen", "Keiko", "Łukasz")
WORDS = (
    "yes",
    "not today",
    "see you there",
    "that is what I thought: we should ask the others first",
    "🎉",
    "why?",
)
COUNTS = ("MESSAGES", "CONNECTION_POINTS", "ADDRESS_POINTS", "ROOM_POINTS", "JOINS")


@contextmanager
def full_house() -> Iterator[tuple[Server, str]]:
    """The server, and the address of the room. Nobody in it answers a ping, so the server sends none for long."""
    settings = {f"CHAT_{count}_PER_10S": "1000000" for count in COUNTS}
    settings |= {"CHAT_PING_INTERVAL_S": "600", "CHAT_CONNECTIONS_PER_ADDRESS": "5000", "CHAT_ADMIT_PER_S": "5000"}
    with tempfile.TemporaryDirectory() as folder:
        server, room, lines = Server(Path(folder)), House.fresh_room(), []
        server.start(**settings)
        try:
            _talk(server, room)
            with ThreadPoolExecutor(8) as threads:
                lines = list(threads.map(lambda number: _enter(server, room, number), range(PEOPLE)))
            yield server, room
        finally:
            for line in lines:
                line.close()
            server.stop()


def _talk(server: Server, room: str) -> None:
    guests = [Guest(server.url, room, name) for name in NAMES]
    for guest in guests:
        assert guest.joins().ok
    for first in range(0, MESSAGES, 500):
        said = (guests[n // 3 % len(guests)].starts_saying(f"{WORDS[n % 6]} {n}") for n in range(first, first + 500))
        for answer in list(said):
            assert answer.result(20).ok
    for guest in guests:
        guest.goes()


def _enter(server: Server, room: str, number: int) -> Line:
    line = Line(server.port)
    line.opens()
    name = f"{NAMES[number % len(NAMES)]} {secrets.token_hex(2)}"
    assert line.asks("room:join", {"room": room, "name": f"{name} {number}"})["ok"]
    return line
