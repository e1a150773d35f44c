"""Telling everybody: those who listen here, through the teller, and those of the other processes, over the bus.

The bus is only a doorbell. Whatever is missing is read from the database: at once when a later message shows the hole,
and at the latest when the rooms' numbers are looked at, every few seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from app import protocol
from app.chat.facts import Fact, MemberKicked, MemberTyping, MessagePosted, RoomFact, RoomMoved
from app.chat.messages import Message
from app.chat.ports import Bus, Page
from app.chat.refusals import Unavailable
from app.chat.service import Chat
from app.config import Settings
from app.web import log, wire
from app.web.kicks import Kicks
from app.web.order import Item, Order
from app.web.telling import Teller, every
from app.web.wire import EncodedMessage

# What overtook another is often only a moment early.
PATIENCE_S: Final = 0.01
PAGE: Final = 200
LOOK_EVERY_S: Final = 0.5
RETRY_AFTER_MS: Final = 2000

Later = Callable[[Callable[[], None], float], None]


class Relay:
    """Doors hand it the facts.

    later(work, after_s)  calls `work` in a greenlet of its own, where it may wait
    """

    def __init__(self, chat: Chat, teller: Teller, kicks: Kicks, bus: Bus, later: Later, settings: Settings) -> None:
        self.healed = 0
        self._chat = chat
        self._teller = teller
        self._kicks = kicks
        self._bus = bus
        self._later = later
        self._heal_every_s = settings.head_interval_s
        self._was_degraded = False
        self._was_well = False
        self._order = Order()
        self._unheard: set[str] = set()
        # How far each of these rooms is known to go, and where somebody reads just now.
        self._wanted: dict[str, int] = {}
        self._reading: set[str] = set()

    def start(self) -> None:
        self._bus.start(self._hear)
        if self._bus.is_shared:
            self._recall()
            every(self._heal_every_s, self.heal)
            every(LOOK_EVERY_S, self.look)

    @property
    def is_degraded(self) -> bool:
        """Whether other processes are out of reach."""
        return not (self._bus.is_well and self._chat.is_whole)

    def check_reach(self) -> None:
        """Before what every process must hear of. fails Unavailable"""
        if self.is_degraded:
            raise OutOfReach()

    def host(self, room: str) -> None:
        """Before somebody here listens to the room: from now on nothing said elsewhere is missed. fails Unavailable"""
        self._unheard.discard(room)
        if self._bus.is_shared and not self._order.has(room):
            self._bus.listen(room)
            self._order.begin(room, self._chat.room(room).head)

    def tell(self, facts: Iterable[Fact]) -> None:
        """fails Unavailable for a kick that cannot be noted: then nobody was told of it"""
        for fact in facts:
            match fact:
                case MessagePosted(message=message):
                    self.post(message, wire.encoded(message))
                case MemberTyping():
                    self._teller.tell([fact])
                    self._bus.ring(fact)
                case MemberKicked():
                    self._kicks.note(fact)
                    self._bus.ring(fact)
                    self._kicks.carry_out(fact)
                case _:
                    self._teller.tell([fact])

    def post(self, message: Message, encoded: EncodedMessage) -> None:
        """A new message, for whoever has its JSON already."""
        if not self._bus.is_shared:
            self._teller.post(message, encoded)
            return
        self._bus.ring(MessagePosted(message))
        self._place(message, encoded)

    def remind(self, room: str) -> None:
        """A message came again. When the answer to its commit was lost on the way, nobody was told of it."""
        self._teller.remind(room)

    def look(self) -> None:
        """Tell everybody here when other processes go out of reach, and when they are back."""
        if self._was_degraded != self.is_degraded:
            self._was_degraded = not self._was_degraded
            self._teller.tell_everybody("server:changed", protocol.ServerChanged(self._was_degraded))
        if self._was_well != self._bus.is_well:
            self._was_well = not self._was_well
            if self._was_well:
                self._recall()

    def _recall(self) -> None:
        try:
            self._kicks.recall()
        except Unavailable:
            # As soon as it answers it is asked again.
            return
        except Exception as error:  # noqa: BLE001 - a bug, told and contained: nobody stays away for it
            log.bug("relay", error)

    def heal(self) -> None:
        """Look at the numbers of all rooms that are listened to here, and read what was missed. fails Unavailable"""
        self._end_unheard()
        for room, head in self._chat.heads(self._order.rooms()).items():
            self._want(room, head)

    def _end_unheard(self) -> None:
        """Twice in a row, and not hosted since: somebody may be about to listen."""
        before = self._unheard
        self._unheard = {room for room in self._order.rooms() if not self._teller.is_heard(room)}
        for room in before & self._unheard:
            # Still: the bus may take its time over each, and somebody come meanwhile.
            if room in self._unheard:
                self._unheard.remove(room)
                self._order.end(room)
                self._bus.ignore(room)

    def _hear(self, fact: RoomFact) -> None:
        match fact:
            case MessagePosted(message=message):
                self._place(message, None)
            case MemberTyping():
                self._teller.tell([fact])
            case RoomMoved(room=room, head=head):
                self._want(room, head)
            case MemberKicked():
                self._later(lambda: self._kicks.carry_out(fact), 0)

    def _place(self, message: Message, encoded: EncodedMessage | None) -> None:
        self._tell_all(self._order.take(message, encoded))
        self._want(message.room, message.seq, PATIENCE_S)

    def _tell_all(self, items: Iterable[Item]) -> None:
        for message, encoded in items:
            self._teller.post(message, encoded or wire.encoded(message))

    def _want(self, room: str, head: int, after_s: float = 0) -> None:
        """See to it that the room is told up to `head`."""
        if self._order.has(room) and head > self._order.told(room):
            if room not in self._wanted:
                self._later(lambda: self._catch_up(room), after_s)
            self._wanted[room] = max(head, self._wanted.get(room, 0))

    def _catch_up(self, room: str) -> None:
        """Read and tell what the database has and nobody here was told; nothing, if it has come meanwhile."""
        head = self._wanted.pop(room)
        if room in self._reading:
            self._want(room, head, PATIENCE_S)
            return
        self._reading.add(room)
        try:
            while self._order.has(room) and (told := self._order.told(room)) < head:
                self._tell_page(self._chat.history(room, None, told, PAGE))
                if self._order.told(room) == told:
                    # A standby that took over may lack what was rung for. The next bell or look tries again.
                    break
        except Unavailable:
            # The next look heals it.
            return
        except Exception as error:  # noqa: BLE001 - a bug, told and contained
            log.bug("relay", error)
        finally:
            self._reading.discard(room)

    def _tell_page(self, page: Page) -> None:
        for message in page.messages:
            self.healed += message.seq > self._order.told(message.room)
            self._tell_all(self._order.take(message))
        # A number may have none: its message changed since, and comes with the change's.
        self._tell_all(self._order.skip(page.room.slug, page.messages[-1].seq if page.more else page.room.head))


class OutOfReach(Unavailable):
    def __init__(self) -> None:
        super().__init__("the other processes", RETRY_AFTER_MS)
        self.detail = "The server cannot reach its other half just now. Try again in a moment."
