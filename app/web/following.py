"""Who follows a room over plain HTTP. Each has a number, and what is live is only a doorbell: who is not exactly one
behind, or reads slowly, is read to from the database, page by page, as fast as they take it.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from app import protocol
from app.chat.messages import Message
from app.chat.ports import Page
from app.chat.refusals import Unavailable
from app.chat.service import Chat
from app.chat.tokens import Keyring
from app.transport.streams import Stream
from app.web import events, log
from app.web.events import Place

PAGE: Final = 200
# Beats that may pass while a listener takes nothing of what waits.
DEAF_BEATS: Final = 2

Later = Callable[[Callable[[], None]], None]


@dataclass(eq=False, slots=True)
class Follower:
    """`seq`: told up to here. `has_news`: the database may hold more. `token_id`: of a program that has one."""

    stream: Stream
    room: str
    epoch: str
    seq: int
    token_id: str | None
    has_news: bool = True
    is_reading: bool = False
    deaf_beats: int = 0


class Followers:
    """soon(work)    in the hub's next turn, where `work` must not wait
    begin(work)   in a greenlet, where it may
    retry_ms      the least and the most that a listener waits before it comes back
    """

    def __init__(self, chat: Chat, keyring: Keyring, soon: Later, begin: Later, retry_ms: tuple[int, int]) -> None:
        self.ended: Counter[str] = Counter()
        self._chat = chat
        self._keyring = keyring
        self._soon = soon
        self._begin = begin
        self._retry_ms = retry_ms
        self._rooms: dict[str, dict[Follower, None]] = {}
        self._said: dict[str, list[Message]] = defaultdict(list)

    def start_page(self, room: str, place: Place | None) -> tuple[Page, bool]:
        """Where somebody begins who comes from `place`: the room at that moment, and whether their place is void, in
        which case the newest page is read to them. fails Unavailable
        """
        if place is None:
            return Page(self._chat.room(room), [], False), False
        now = self._chat.room(room)
        if place.epoch in (None, now.epoch) and place.seq <= now.head:
            return Page(now, [], False), False
        return self._chat.history(room, None, None, None), True

    def follow(self, stream: Stream, page: Page, place: Place | None, token_id: str | None, *, is_void: bool) -> None:
        """From here on `stream` is told everything after its place, in order and once."""
        now = page.room
        starts_at = place.seq if place and not is_void else now.head
        follower = Follower(stream, now.slug, now.epoch, starts_at, token_id)
        stream.on_gone = lambda reason: self._forget(follower, reason)
        stream.on_caught_up = lambda: self._read_on(follower)
        self._rooms.setdefault(now.slug, {})[follower] = None
        head = protocol.RoomHead(now.slug, now.epoch, now.head)
        least, most = self._retry_ms
        # Before the first message of the page: who is cut off in it begins anew.
        at = Place(0 if is_void else starts_at, now.epoch)
        name = "room:reset" if is_void else "room:head"
        first = events.event(name, head, at, random.randint(least, most))  # noqa: S311 - no secret, only a spread
        stream.push(b"".join([first, *(events.message(each, now.epoch) for each in page.messages)]))
        # What was said since the page was read rang at nobody's door.
        self._read_on(follower)

    def ring(self, message: Message) -> None:
        """Something new in a room. Told in the next turn, together with all that comes until then."""
        if message.room in self._rooms:
            if not self._said:
                self._soon(self._tell)
            self._said[message.room].append(message)

    def count(self, room: str | None = None) -> int:
        """How many follow a room, or any."""
        if room is not None:
            return len(self._rooms.get(room, ()))
        return sum(map(len, self._rooms.values()))

    def rooms(self) -> Collection[str]:
        return self._rooms.keys()

    def beat(self) -> None:
        """A sign of life to everybody; who takes nothing any more is let go, and whose token was taken back."""
        everybody = [each for here in self._rooms.values() for each in here]
        good = self._good_tokens() if any(each.token_id for each in everybody) else None
        for each in everybody:
            if good is not None and each.token_id is not None and each.token_id not in good:
                each.stream.finish(b"", "token revoked")
            elif not each.stream.is_waiting:
                each.deaf_beats = 0
                each.stream.push(events.HEARTBEAT)
            else:
                each.deaf_beats = 0 if each.stream.has_moved else each.deaf_beats + 1
                each.stream.has_moved = False
                if each.deaf_beats >= DEAF_BEATS:
                    each.stream.finish(b"", "reads nothing")

    def stop(self, waits_ms: Callable[[int], list[int]]) -> None:
        """Tell everybody when to come back, and let them go. `waits_ms(count)` gives a wait for each."""
        everybody = [each.stream for here in self._rooms.values() for each in here]
        for stream, wait_ms in zip(everybody, waits_ms(len(everybody)), strict=True):
            stream.finish(events.event("server:stopping", protocol.ServerStopping(wait_ms), None, wait_ms), "stopping")

    def _tell(self) -> None:
        said, self._said = self._said, defaultdict(list)
        for room, messages in said.items():
            self._tell_room(list(self._rooms.get(room, ())), sorted(messages, key=lambda message: message.seq))

    def _tell_room(self, here: list[Follower], messages: list[Message]) -> None:
        first, last = messages[0].seq, messages[-1].seq
        is_whole = last - first + 1 == len(messages)
        frames: dict[str, bytes] = {}
        for each in here:
            if each.seq >= last:
                continue
            if is_whole and each.seq == first - 1 and not each.is_reading and not each.stream.is_behind:
                if each.epoch not in frames:
                    frames[each.epoch] = b"".join([events.message(message, each.epoch) for message in messages])
                each.seq = last
                each.stream.push(frames[each.epoch])
            else:
                each.has_news = True
                self._read_on(each)

    def _read_on(self, follower: Follower) -> None:
        """Read to somebody what they lack, unless it is being done, or they have not taken yet what they were told."""
        stream = follower.stream
        if follower.has_news and not (follower.is_reading or stream.is_waiting or stream.closed):
            # Before it is read: whoever rings meanwhile may be too late for this page.
            follower.has_news, follower.is_reading = False, True
            self._begin(lambda: self._read_page(follower))

    def _read_page(self, follower: Follower) -> None:
        try:
            page = self._chat.history(follower.room, None, follower.seq, PAGE)
        except Unavailable:
            # It comes back by itself, and by then the database may.
            follower.stream.finish(b"", "unavailable")
            return
        except Exception as error:  # noqa: BLE001 - a bug, told and contained
            log.bug("following", error)
            follower.stream.finish(b"", "bug")
            return
        finally:
            follower.is_reading = False
        if page.room.epoch != follower.epoch:
            # It comes back with a number of the old log, and is told.
            follower.stream.finish(b"", "another log")
            return
        follower.has_news |= page.more
        follower.seq = page.messages[-1].seq if page.more else max(follower.seq, page.room.head)
        if page.messages:
            follower.stream.push(b"".join([events.message(each, follower.epoch) for each in page.messages]))
        self._read_on(follower)

    def _good_tokens(self) -> Collection[str] | None:
        """The ids of all there are; None when nobody can say."""
        try:
            return {token.id for token in self._keyring.all()}
        except Unavailable:
            return None

    def _forget(self, follower: Follower, reason: str) -> None:
        self.ended[reason] += 1
        here = self._rooms.get(follower.room, {})
        here.pop(follower, None)
        if not here:
            self._rooms.pop(follower.room, None)
