"""A client as the protocol's page asks for one: a durable outbox, one message in flight a room, a page that heals."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.faults.comeback import Comeback
from tests.faults.history import Line, Sent
from tests.faults.outbox import Outbox
from tests.faults.timeline import Message, Timeline
from tests.faults.wire import NoAnswer

# Not an answer to the message itself: the same one goes again, under the same client_id.
PASSING = {"too_fast", "unavailable", "server_error", "not_in_room"}
PAGE = 200


@dataclass(frozen=True, slots=True)
class Manner:
    """How long an answer may take, and how many times at most a message is sent at once."""

    answer_within_s: float = 3.0
    repeats: int = 1


class Client(Comeback):
    """One member in some rooms. `start`, then `write`; `history` tells the rest."""

    def __init__(
        self, name: str, rooms: list[str], port: Callable[[], int], rng: random.Random, manner: Manner | None = None
    ) -> None:
        super().__init__(name, rooms, port, rng)
        self.outbox = Outbox()
        self.timelines: dict[str, Timeline] = {}
        self._manner = manner or Manner()
        self._token: str | None = None
        self._lacking: dict[str, asyncio.Event] = {}
        self._new_page()

    # what a run does with it

    def write(self, room: str) -> Sent:
        key = f"{self._rng.getrandbits(128):032x}"
        sent = Sent(room, key, f"{self.name} writes line {len(self.history.sent)} {key}")
        self.history.sent.append(sent)
        self.outbox.put(sent)
        return sent

    def reload(self) -> None:
        """As a page that crashed: everything is forgotten but the outbox and who it is."""
        if self.connection:
            self.connection.abort()
        self._new_page()

    async def go(self) -> None:
        """Gone for good, without a word."""
        self.history.is_present = False
        await self.stop()

    async def stop(self) -> None:
        """The end of a run: what it shows now is its final view."""
        await super().stop()
        self.history.waiting = self.outbox.waiting()
        self.history.view = {room: self.lines(room) for room in self.rooms}

    def lines(self, room: str) -> list[Line]:
        return [line_of(message) for _, message in sorted(self.timelines[room].lines.items())]

    def has(self, room: str, head: int) -> bool:
        """Whether its page shows everything up to `head`."""
        timeline = self.timelines[room]
        return (timeline.seq or 0) >= head and not timeline.gaps

    # in a room

    async def _be_in(self, room: str) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._heal(room))
            group.create_task(self._speak(room))

    async def _speak(self, room: str) -> None:
        while True:
            sent = await self.outbox.first(room)
            answer = await self._send(sent)
            if answer is None:
                continue
            if answer["ok"]:
                self._confirm(sent, answer)
            elif answer["error"]["code"] in PASSING:
                await self._pass(answer["error"])
                if answer["error"]["code"] == "not_in_room":
                    await self._enter(room)
            else:
                self.history.refused[sent.key] = answer["error"]["code"]
                self.outbox.remove(sent)

    async def _send(self, sent: Sent) -> Any:
        """One answer, or None when there was none in time."""
        times = self._rng.randint(1, self._manner.repeats)
        self.history.attempts[sent.key] += times
        asked = [self._ask(*self._packet(sent)) for _ in range(times)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        for answer in answers:
            if isinstance(answer, BaseException) and not isinstance(answer, NoAnswer):
                raise answer
        given = [answer for answer in answers if not isinstance(answer, BaseException)]
        self.history.acked += [self._acked(sent, answer) for answer in given if answer["ok"]]
        return next((answer for answer in given if answer["ok"]), given[0] if given else None)

    async def _ask(self, event: str, payload: Any, at_once: Callable[[Any], None] = lambda answer: None) -> Any:
        assert self.connection
        answer = await self.connection.ask(event, payload, self._manner.answer_within_s, at_once)
        if not answer.get("ok", True):
            self.history.codes[answer["error"]["code"]] += 1
        return answer

    async def _pass(self, error: dict[str, Any]) -> None:
        """Wait as long as the refusal says."""
        if "retry_after_ms" not in error and error["code"] in ("too_fast", "unavailable"):
            self.history.faults.append(f"{error['code']} without retry_after_ms")
        wait_s = error.get("retry_after_ms", 500) / 1000
        self.history.longest_wait_s = max(self.history.longest_wait_s, wait_s)
        await asyncio.sleep(wait_s)

    def _show(self, message: Message) -> None:
        line = line_of(message)
        self.history.shown.append(line)
        self.history.shown_at.setdefault(line.key, asyncio.get_running_loop().time())
        # Without its client_id a page cannot tell that this is the pending line it shows already.
        if message["author"]["id"] == self.history.member_id and message.get("client_id") != line.key:
            self.history.shown.append(line)

    def _new_page(self) -> None:
        """The lines shown before are gone with the old page; showing them again is not showing them twice."""
        self.history.shown.clear()
        self.history.people = {room: {} for room in self.rooms}
        self.timelines = {room: Timeline(self._show) for room in self.rooms}
        self._lacking = {room: asyncio.Event() for room in self.rooms}

    # the words of the wire; a client of another server has its own

    def _auth(self) -> dict[str, Any] | None:
        return {"v": 1} | ({"token": self._token} if self._token else {})

    def _packet(self, sent: Sent) -> tuple[str, Any]:
        return "message:send", {"room": sent.room, "client_id": sent.key, "body": sent.body}

    def _acked(self, sent: Sent, answer: Any) -> Line:
        return line_of(answer["message"])

    def _confirm(self, sent: Sent, answer: Any) -> None:
        self.outbox.remove(sent)
        self.history.acked_at[sent.key] = asyncio.get_running_loop().time()
        self.timelines[sent.room].pushed(answer["message"])

    async def _enter(self, room: str) -> None:
        while True:
            since = self.timelines[room].joining()
            words = {"room": room, "name": self.name} | ({"since": since} if since else {})
            with contextlib.suppress(NoAnswer):
                answer = await self._ask("room:join", words, lambda answer: self._entered_by(room, answer))
                if answer["ok"]:
                    break
                if answer["error"]["code"] == "name_taken":
                    self.history.faults.append("shut out by its own name")
                await self._pass(answer["error"])

    def _entered_by(self, room: str, answer: Any) -> None:
        if answer["ok"]:
            self.timelines[room].joined(answer)
            self.history.people[room] = {member["id"]: member["name"] for member in answer["members"]}
            self.history.owns[room] = answer["me"]["name"]
            self._lacking[room].set()

    async def _heal(self, room: str) -> None:
        """Ask for what the page lacks, whenever it notices."""
        timeline = self.timelines[room]
        while True:
            if not timeline.lacks_changes and not timeline.gaps:
                self._lacking[room].clear()
                await self._lacking[room].wait()
                continue
            gap = None if timeline.lacks_changes else timeline.gaps[-1]
            where = {"before": gap[1]} if gap else {"after_seq": timeline.seq}
            with contextlib.suppress(NoAnswer):
                page = await self._ask("history:fetch", {"room": room, "limit": PAGE, **where})
                if not page["ok"]:
                    await self._pass(page["error"])
                elif gap:
                    timeline.older(gap, page)
                else:
                    timeline.changed(page)

    def _hear(self, event: str, payload: Any) -> None:
        match event:
            case "message:posted" | "message:changed":
                self.timelines[payload["room"]].pushed(payload)
                self._lacking[payload["room"]].set()
            case "room:head":
                self.timelines[payload["room"]].told_head(payload["epoch"], payload["head"])
                self._lacking[payload["room"]].set()
            case "members:changed":
                people = self.history.people[payload["room"]]
                people.update({member["id"]: member["name"] for member in payload["joined"] + payload["renamed"]})
                for member in payload["left"]:
                    people.pop(member["id"], None)
                    self.history.told_left[member["id"]] += 1
            case "session:ready":
                self._token = payload.get("token")
                self.history.member_id = payload["member"]["id"]
                self._reconnect_s = (payload["reconnect"]["min_ms"] / 1000, payload["reconnect"]["max_ms"] / 1000)
            case "server:stopping":
                self.history.stopping_ms.append(payload["reconnect_in_ms"])
                self._told_wait_s = payload["reconnect_in_ms"] / 1000


def line_of(message: Message) -> Line:
    return Line(message["room"], message["id"], message["body"].rpartition(" ")[2], message["body"])
