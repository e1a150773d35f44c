"""The bus on Redis: a channel for each room, and a process listens to the rooms that it hosts.

A doorbell and nothing more. What is lost here is read from the database by whoever misses it.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Final

from app.bus.bells import Forged, Signer
from app.bus.echo import Echo
from app.chat.facts import MemberKicked, MemberTyping, MessagePosted, RoomFact, RoomMoved
from app.chat.ports import Hear
from app.chat.refusals import Unavailable
from app.redis.ears import Ears
from app.redis.link import RedisLink

PREFIX: Final = "chat:room:"
# Not a room's address: every process listens here, so that it knows whether it hears.
EVERYBODY: Final = "chat:everybody"
MOST_WAITING: Final = 10_000
TOGETHER: Final = 200
ECHO_EVERY_S: Final = 1.0


class RedisBus:
    """`sender`: this process, unlike any other. `forged` and `lost` count what was dropped."""

    is_shared = True

    def __init__(self, link: RedisLink, key: bytes, sender: str) -> None:
        self.forged = 0
        self.lost = 0
        self._link = link
        self._signer = Signer(key, sender)
        self._echo = Echo()
        # Where nobody else listens.
        self._own = f"chat:echo:{sender}"
        self._ears = Ears(link, self._heard, EVERYBODY)
        self._hear: Hear
        self._waiting: deque[tuple[str, bytes]] = deque(maxlen=MOST_WAITING)
        self._bell = threading.Event()

    @property
    def is_well(self) -> bool:
        return self._ears.is_well and self._link.is_well

    @property
    def lag_s(self) -> float:
        """How long it takes from ringing to hearing."""
        return self._echo.lag_s

    def start(self, hear: Hear) -> None:
        self._hear = hear
        self._ears.start()
        for work in (self._work, self._call):
            threading.Thread(target=work, name="bus", daemon=True).start()

    def listen(self, room: str) -> None:
        self._ears.listen(PREFIX + room)

    def ignore(self, room: str) -> None:
        self._ears.ignore(PREFIX + room)

    def ring(self, fact: RoomFact) -> None:
        self._send(_channel(fact), self._signer.bell(fact))

    def _heard(self, channel: str, bell: bytes) -> None:
        if channel == self._own:
            self._echo.heard(bell)
            return
        try:
            fact = self._signer.fact(None if channel == EVERYBODY else channel.removeprefix(PREFIX), bell)
        except Forged:
            self.forged += 1
            return
        if fact is not None:
            self._hear(fact)

    def _send(self, channel: str, bell: bytes) -> None:
        self.lost += len(self._waiting) == MOST_WAITING
        self._waiting.append((channel, bell))
        self._bell.set()

    def _call(self) -> None:
        self._ears.listen(self._own)
        while not self._link.is_closed:
            self._send(self._own, self._echo.call())
            time.sleep(ECHO_EVERY_S)
        self._bell.set()

    def _work(self) -> None:
        while not self._link.is_closed:
            self._bell.wait()
            self._bell.clear()
            while self._waiting:
                self._publish([self._waiting.popleft() for _ in range(min(len(self._waiting), TOGETHER))])

    def _publish(self, bells: list[tuple[str, bytes]]) -> None:
        try:
            self._link.send([("SPUBLISH", channel, bell) for channel, bell in bells])
        except Unavailable:
            self.lost += sum(channel != self._own for channel, _ in bells)


def _channel(fact: RoomFact) -> str:
    match fact:
        case MemberKicked():
            # They must not come back by another process, whether or not it has the room.
            return EVERYBODY
        case MessagePosted(message=message):
            return PREFIX + message.room
        case MemberTyping(room=room) | RoomMoved(room=room):
            return PREFIX + room
