"""The rooms in which this process has somebody. Who is connected here is known here; whose a name is, in Redis."""

from __future__ import annotations

import itertools
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec

from app.chat import names
from app.chat.facts import PresenceFact
from app.chat.refusals import Unavailable
from app.presence import scripts
from app.presence.mirror import Change, Mirror, change_of, seat_of
from app.redis.ears import Ears
from app.redis.link import RedisLink, Words

pack = msgspec.msgpack.Encoder().encode


class Hosted:
    """One room.

    verbs     held by whoever asks Redis something of the room: one at a time, so that what is read is never between
              a change of our own and its answer
    own       member → connections here
    left      who left while Redis was away
    lives     the names under which this process may have spoken in the room
    is_stale  the mirror may be wrong, or Redis: both are put right by `Hosting.begin`
    """

    def __init__(self, room: str) -> None:
        self.room = room
        self.verbs = threading.Lock()
        self.mirror = Mirror(room)
        self.own: dict[str, dict[str, None]] = {}
        self.left: set[str] = set()
        self.lives: set[str] = set()
        self.host = ""
        self.heard_early: list[Change] = []
        self.expected = 0
        self.is_open = self.is_stale = self.is_closed = False


@dataclass(frozen=True, slots=True)
class Answer:
    """`before`: the member it was about, as Redis knew them; `changes`: what it made of them."""

    status: str
    before: Change | None
    changes: list[Change]


def changes_of(packed: Iterable[bytes]) -> list[Change]:
    return [change_of(each) for each in packed]


class Hosting:
    """`grace_s`: how long a drop goes unnoticed."""

    def __init__(self, link: RedisLink, grace_s: float) -> None:
        self.process = secrets.token_hex(6)
        self.life = secrets.token_hex(6)
        self.grace_ms = round(grace_s * 1000)
        self.rooms: dict[str, Hosted] = {}
        self.rooms_of: dict[str, dict[str, str]] = {}
        self.news: deque[PresenceFact] = deque()
        self.ousted: deque[str] = deque()
        self.wake = threading.Event()
        self.begun = 0
        self.cut_at = float("-inf")
        self.link = link
        self.ears = Ears(link, self._hear, scripts.EVERYBODY)
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)

    def ask(self, *asked: Words) -> list[Any]:
        """One thing after the other. fails Unavailable"""
        return self._ask(scripts.run_in_turn, asked)

    def ask_at_once(self, *asked: Words) -> list[Any]:
        """Of several rooms, in no order. fails Unavailable"""
        return self._ask(scripts.run, asked)

    @contextmanager
    def at(self, room: str) -> Iterator[Hosted]:
        """The room, for oneself. It is let go of when nobody is left in it here."""
        while True:
            with self._lock:
                here = self.rooms.get(room)
                if here is None:
                    here = self.rooms[room] = Hosted(room)
            with here.verbs:
                if not here.is_closed:
                    try:
                        yield here
                    finally:
                        self._close_empty(here)
                    return

    def open(self, room: str) -> Hosted | None:
        here = self.rooms.get(room)
        return here if here and here.is_open else None

    def do(self, here: Hosted, script: str, *arguments: str | bytes | int, then: Sequence[Words] = ()) -> Answer:
        """What the script did; the mirror knows it. The caller holds the verbs. fails Unavailable"""
        for _ in range(3):
            if here.is_stale or not here.is_open:
                self.begin(here)
            said = scripts.of_room(script, here.room, self.process, here.host, *arguments)
            try:
                status, details, changes = self.ask(said, *then)[0]
            except Unavailable:
                here.is_stale = True
                raise
            if status != b"fenced":
                answer = Answer(status.decode(), change_of(details[0]) if details else None, changes_of(changes))
                self.learn(here, answer.changes, answer.before)
                return answer
            here.is_stale = True
        raise Unavailable("presence")

    def learn(self, here: Hosted, changes: Iterable[Change], before: Change | None = None) -> None:
        """What we did is no news; what others did before it, and we had not heard of, is."""
        with self._lock:
            fact = here.mirror.apply(before) if before else None
            if fact is not None:
                self.news.append(fact)
            for change in changes:
                here.mirror.apply(change)

    def begin(self, here: Hosted) -> None:
        """Say under a new name who of ours is in the room, and read who is. The caller holds the verbs.

        fails  Unavailable
        """
        self.ears.listen(scripts.channel(here.room))
        # In this order: who takes this process's life from here on says after it that the room is stale.
        here.is_stale = False
        life = self.life
        host = f"{life}.{next(self._numbers)}"
        lives, left = sorted(here.lives), sorted(here.left)
        own = sorted(self._own(here, host), key=lambda each: each[2])
        here.lives.add(life)
        said = (pack(lives), self.grace_ms, pack(own), pack(left))
        try:
            answers = self.ask(
                ("SADD", scripts.rooms_of(life), here.room),
                scripts.of_room("host", here.room, self.process, host, *said),
                scripts.of_index("note", here.room, self.grace_ms),
                *(("SREM", scripts.rooms_of(former), here.room) for former in lives if former != life),
            )
        except Unavailable:
            here.is_stale = True
            raise
        version, born, seats, taken = answers[1][1]
        known = {seats[at].decode(): seat_of(seats[at + 1]) for at in range(0, len(seats), 2)}
        with self._lock:
            self.begun += 1
            here.host, here.lives = host, {life}
            here.left.difference_update(left)
            for member_id in taken:
                self._oust(here, member_id.decode())
            facts = here.mirror.replace(version, born, known, time.monotonic())
            if here.is_open:
                self.news.extend(facts)
            here.is_open = True
            for change in here.heard_early:
                self._take(here, change)
            here.heard_early.clear()

    def _ask(self, run: Callable[[RedisLink, Sequence[Words]], list[Any]], asked: Sequence[Words]) -> list[Any]:
        try:
            return run(self.link, asked)
        except Unavailable:
            self.cut_at = time.monotonic()
            raise

    def put(self, here: Hosted, member_id: str, connection: str) -> None:
        with self._lock:
            here.own.setdefault(member_id, {})[connection] = None
            here.left.discard(member_id)
            self.rooms_of.setdefault(connection, {})[here.room] = member_id

    def take_away(self, here: Hosted, member_id: str, connection: str) -> bool:
        """Whether it was here."""
        with self._lock:
            connections = here.own.get(member_id, {})
            if connection not in connections:
                return False
            del connections[connection]
            if not connections:
                del here.own[member_id]
            rooms = self.rooms_of[connection]
            del rooms[here.room]
            if not rooms:
                del self.rooms_of[connection]
            return True

    def give_up(self, here: Hosted, missed_before: float) -> None:
        with self._lock:
            self.news.extend(here.mirror.give_up(missed_before))

    def _own(self, here: Hosted, host: str) -> Iterator[tuple[str, str, int, list[str], list[str]]]:
        for member_id, connections in here.own.items():
            seat = here.mirror.seats[member_id]
            keys = sorted(names.keys(seat.member.name))
            yield member_id, seat.member.name, seat.order, keys, [f"{host}/{each}" for each in connections]

    def _oust(self, here: Hosted, member_id: str) -> None:
        for connection in here.own.pop(member_id, {}):
            self.rooms_of[connection].pop(here.room, None)
            if not self.rooms_of[connection]:
                del self.rooms_of[connection]
            self.ousted.append(connection)

    def _close_empty(self, here: Hosted) -> None:
        """What Redis must still be told keeps the room open."""
        if here.own or here.is_stale:
            return
        if here.is_open:
            try:
                self.ask(
                    scripts.of_room("release", here.room, self.process, here.host),
                    scripts.of_index("note", here.room, 0),
                    ("SREM", scripts.rooms_of(self.life), here.room),
                )
            except Unavailable:
                here.is_stale = True
                return
        # Before the next who wants the room listens to it again.
        self.ears.ignore(scripts.channel(here.room))
        here.is_closed = True
        with self._lock:
            del self.rooms[here.room]

    def _hear(self, channel: str, data: bytes) -> None:
        """Nothing here asks Redis: what is odd is only noted. Who could forge a change could change Redis itself."""
        here = self.rooms.get(scripts.room_of(channel))
        if here is None:
            return
        try:
            change = change_of(data)
        except msgspec.MsgspecError:
            self._doubt(here)
            return
        with self._lock:
            if here.is_open:
                self._take(here, change)
            else:
                here.heard_early.append(change)

    def _take(self, here: Hosted, change: Change) -> None:
        if change.version <= here.mirror.heard:
            return
        if not here.mirror.hear(change.version):
            self._doubt(here)
        if change.process == self.process:
            return
        if change.member in here.own and not change.is_here:
            # They are connected here: this process was taken for dead.
            self._doubt(here)
            return
        fact = here.mirror.apply(change)
        if fact is not None:
            self.news.append(fact)

    def _doubt(self, here: Hosted) -> None:
        here.is_stale = True
        self.wake.set()
