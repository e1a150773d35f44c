"""Telling who listens here what happened: messages at once, people in digests, an active room's number now and then."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Final

from msgspec import Struct

from app import protocol
from app.chat.facts import Fact, MemberJoined, MemberLeft, MemberRenamed, MemberTyping, MessagePosted
from app.chat.messages import Message
from app.chat.refusals import Unavailable
from app.chat.service import Chat
from app.config import Settings
from app.transport.live import Live
from app.web import log, wire
from app.web.crowds import Crowds
from app.web.digests import Digests
from app.web.following import Followers
from app.web.wire import EncodedMessage

SWEEP_INTERVAL_S: Final = 0.25
# An active room's number is told this often after its last change, so that a push lost at the end is noticed too.
BEACONS: Final = 2


class Teller:
    """Is handed the facts; finds the words and who is to hear them."""

    def __init__(self, chat: Chat, live: Live, followers: Followers, crowds: Crowds, settings: Settings) -> None:
        self._chat = chat
        self._live = live
        self._followers = followers
        self._crowds = crowds
        self._settings = settings
        self._digests = Digests()
        self._active: dict[str, int] = {}

    def tell(self, facts: Iterable[Fact]) -> None:
        for fact in facts:
            match fact:
                case MessagePosted(message=message):
                    self.post(message, wire.encoded(message))
                case MemberTyping(room=room, member=member):
                    payload = protocol.TypingChanged(room, [wire.member(member)])
                    self._live.tell_room(room, "typing:changed", payload, skip=self._chat.connections(room, member.id))
                case MemberJoined() | MemberLeft() | MemberRenamed():
                    self._digests.add(fact)

    def post(self, message: Message, encoded: EncodedMessage) -> None:
        """A new message, for whoever has its JSON already."""
        room, author_id = message.room, message.author.id
        self.tell(self._chat.news())
        if self._digests.holds(room, author_id):
            # Nobody should read a newcomer's words before hearing that they came.
            self.flush(room)
        own = self._chat.connections(room, author_id)
        self._live.tell_room(room, "message:posted", encoded.shared, skip=own)
        for connection in own:
            self._live.tell(connection, "message:posted", encoded.own)
        self._followers.ring(message)
        self.remind(room)

    def tell_everybody(self, event: str, payload: Struct) -> None:
        for connection in self._live.connections():
            self._live.tell(connection, event, payload)

    def remind(self, room: str) -> None:
        """Tell the room's number soon, so that whoever lacks something notices."""
        self._active[room] = BEACONS

    def is_heard(self, room: str) -> bool:
        """Whether anybody here listens to it."""
        return self._live.is_heard(room) or bool(self._followers.count(room))

    def start(self) -> None:
        """Digests, the sweep of those who did not come back, and beacons, each at its own pace."""
        settings = self._settings
        every(settings.digest_interval_s, self.flush)
        every(SWEEP_INTERVAL_S, self.sweep)
        every(settings.head_interval_s, self.beacon)
        every(settings.heartbeat_s, self._followers.beat)

    def flush(self, at_once: str | None = None) -> None:
        self.tell(self._chat.news())
        for room, digest in self._digests.take(at_once).items():
            count = self._chat.count(room)
            is_crowd = self._crowds.has(room, count)
            if is_crowd:
                digest = digest.counted()
            self._live.tell_room(room, "members:changed", digest.payload(room, count, is_crowd=is_crowd))
            self._digests.rest(room, digest, count)

    def sweep(self) -> None:
        gone = self._chat.sweep()
        for fact in gone:
            log.event("leave", "sweep", room=fact.room, member=fact.member.id, name=fact.member.name, why="gone")
        self.tell(gone)
        for connection in self._chat.ousted():
            self._live.send_away(connection)

    def beacon(self) -> None:
        for room, left in list(self._active.items()):
            try:
                now = self._chat.room(room)
            except Unavailable:
                continue
            self._live.tell_room(room, "room:head", protocol.RoomHead(room, now.epoch, now.head))
            # A message may have come while the database answered: then this count is not ours to lower.
            if self._active[room] == left:
                self._active[room] = left - 1
            if self._active[room] == 0:
                del self._active[room]


def every(interval_s: float, work: Callable[[], None]) -> None:
    """`work()` again and again, in a thread of its own; what it raises is told and contained."""

    def repeat() -> None:
        while True:
            time.sleep(interval_s)
            try:
                work()
            except Unavailable:
                # Told to those who ask; next time it may be back.
                continue
            except Exception as error:  # noqa: BLE001 - a bug, told and contained
                log.bug(work.__name__, error)

    threading.Thread(target=repeat, name=work.__name__, daemon=True).start()
