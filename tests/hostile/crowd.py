"""Honest people who talk in one room at a steady pace while something goes on, and how long they wait."""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from collections.abc import Callable
from typing import Any

from tests.faults.wire import Connection, Lost, NoAnswer
from tests.live import least

ANSWER_WITHIN_S = 8.0


class Crowd:
    """`with Crowd(port, room, 20) as crowd:` has them talk in a thread of its own until the block ends."""

    def __init__(self, port: int, room: str, people: int, pause_s: float = 0.5) -> None:
        self.room = room
        self.ids: set[str] = set()
        # Seconds from the moment of saying until the ack, and until each of the others heard it.
        self.waits: list[float] = []
        self.refusals: list[str] = []
        self.lost: list[str] = []
        self._port, self._people, self._pause_s = port, people, pause_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._talk()), daemon=True)

    def __enter__(self) -> Crowd:
        self._thread.start()
        deadline = time.monotonic() + 20
        while len(self.ids) < self._people:
            assert not self.refusals, self.refusals
            assert not self.lost, self.lost
            assert time.monotonic() < deadline, f"only {len(self.ids)} came in"
            time.sleep(0.02)
        # The bustle of coming in is not what is measured.
        time.sleep(self._pause_s)
        self.waits.clear()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(20)

    def p99_ms(self) -> float:
        assert len(self.waits) > 100, "too few waits to judge by"
        return 1000 * sorted(self.waits)[int(len(self.waits) * 0.99)]

    async def _talk(self) -> None:
        await asyncio.gather(*(self._person(number) for number in range(self._people)))

    async def _person(self, number: int) -> None:
        def hear(event: str, payload: Any) -> None:
            if event == "message:posted" and payload["author"]["id"] in self.ids:
                self.waits.append(time.monotonic() - float(payload["body"]))

        try:
            line = await Connection.open(self._port, hear, {"v": 1})
            joined = await self._ask(line, "room:join", room=self.room, name=f"honest {number}")
            self.ids.add(joined["me"]["id"] if joined["ok"] else "")
            await asyncio.sleep(self._pause_s * number / self._people)
            while not self._over.is_set():
                began = time.monotonic()
                await self._ask(
                    line, "message:send", room=self.room, client_id=secrets.token_hex(16), body=str(time.monotonic())
                )
                self.waits.append(time.monotonic() - began)
                await asyncio.sleep(self._pause_s)
            line.abort()
        except (Lost, NoAnswer) as end:
            self.lost.append(f"{number}: {type(end).__name__} {end}")

    async def _ask(self, line: Connection, event: str, **payload: Any) -> Any:
        answer = await line.ask(event, payload, ANSWER_WITHIN_S)
        if not answer["ok"]:
            self.refusals.append(answer["error"]["code"])
        return answer


def least_p99_ms(bound_ms: float, scenario: Callable[[], Crowd]) -> float:
    """The best of three; nobody may be refused or lost in any."""

    def measure() -> float:
        crowd = scenario()
        assert (crowd.lost, crowd.refusals) == ([], [])
        return crowd.p99_ms()

    return least(bound_ms, measure)
