"""Listening to channels, over a connection of its own to each server, made again whenever it is lost."""

from __future__ import annotations

import secrets
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import redis

from app.chat.refusals import Unavailable
from app.redis.link import ERRORS, RedisLink

CONFIRM_S: Final = 0.5
# Silence is broken by a ping; who does not answer that either is away.
PING_EVERY_S: Final = 1.0
DEAF_S: Final = 3.0
AGAIN_AFTER_S: Final = 0.2
# Far more names than it takes to find one that a server of a cluster has.
MOST_NAMES: Final = 10_000
# When a channel has moved, more will follow.
TOGETHER_S: Final = 0.1

Hear = Callable[[str, bytes], None]


class Ears:
    """`hear(channel, data)` is called for each thing published, in order within a channel. What is published while
    the connection is lost is not heard.

    always  a channel that is listened to from the start
    """

    def __init__(self, link: RedisLink, hear: Hear, always: str) -> None:
        self._link = link
        self._hear = hear
        self._channels = {always}
        self._ears: dict[str, Ear] = {}
        self._lock = threading.Lock()

    @property
    def is_well(self) -> bool:
        """Whether all is heard just now."""
        ears = list(self._ears.values())
        return bool(ears) and all(ear.is_well for ear in ears)

    def start(self) -> None:
        self._arrange()

    def listen(self, channel: str) -> bool:
        """Whether what is published from here on is heard; waits a moment to know."""
        with self._lock:
            self._channels.add(channel)
            ear = self._ear(self._link.place(channel))
            confirmed = ear.listen(channel)
        return ear.is_well and confirmed.wait(CONFIRM_S)

    def ignore(self, channel: str) -> None:
        with self._lock:
            self._channels.discard(channel)
            for ear in self._ears.values():
                ear.ignore(channel)

    def _arrange(self) -> None:
        """Listen to each channel where it is by now: a cluster moves them."""
        with suppress(*ERRORS):
            self._link.refresh()
        with self._lock, suppress(*ERRORS):
            places = self._link.places()
            for place in self._ears.keys() - places:
                self._ears.pop(place).stop()
            for place in places:
                self._ear(place)
            for channel in self._channels:
                home = self._ear(self._link.place(channel))
                home.listen(channel)
                for ear in self._ears.values():
                    if ear is not home:
                        ear.ignore(channel)

    def _ear(self, place: str) -> Ear:
        if place not in self._ears:
            self._ears[place] = Ear(self._link, place, self._hear, self._arrange)
        return self._ears[place]


class Ear:
    """The channels on one server. `lost()` is called whenever it may have others by now."""

    def __init__(self, link: RedisLink, place: str, hear: Hear, lost: Callable[[], None]) -> None:
        self._link = link
        self._place = place
        self._hear = hear
        self._lost = lost
        # What is said here wakes the listening thread: it alone may use the connection.
        self._bell = ""
        self._channels: dict[str, threading.Event] = {}
        self._asked: deque[tuple[str, str]] = deque()
        self._ignored: Counter[str] = Counter()
        self._moved_at: float | None = None
        self._is_stopped = False
        self.is_well = False
        threading.Thread(target=self._work, name="ears", daemon=True).start()

    def listen(self, channel: str) -> threading.Event:
        """Set while it is heard."""
        if channel not in self._channels:
            self._channels[channel] = threading.Event()
            self._ask("ssubscribe", channel)
        return self._channels[channel]

    def ignore(self, channel: str) -> None:
        if self._channels.pop(channel, None) is not None:
            self._asked.append(("sunsubscribe", channel))

    def stop(self) -> None:
        self._is_stopped = True

    def _ask(self, verb: str, channel: str) -> None:
        self._asked.append((verb, channel))
        if self.is_well:
            with suppress(Unavailable):
                self._link.send([("SPUBLISH", self._bell, b"")])

    def _work(self) -> None:
        while not self._is_over():
            pubsub = None
            try:
                pubsub = self._link.at(self._place).pubsub()  # type: ignore[no-untyped-call]
                self._hear_on(pubsub)
            except ERRORS:
                self._forget()
                time.sleep(AGAIN_AFTER_S)
                self._lost()
            finally:
                if pubsub is not None:
                    pubsub.reset()

    def _is_over(self) -> bool:
        return self._is_stopped or self._link.is_closed

    def _forget(self) -> None:
        self.is_well = False
        for confirmed in list(self._channels.values()):
            confirmed.clear()

    def _hear_on(self, pubsub: redis.client.PubSub) -> None:
        """Until it is stopped or the connection is lost. fails when it is, as Redis does"""
        self._asked.clear()
        self._ignored.clear()
        self._moved_at = None
        self._bell = self._name_here()
        # One by one: in a cluster no two of them need to be of one slot.
        for channel in (self._bell, *list(self._channels)):
            pubsub.ssubscribe(channel)
        pinged_at = heard_at = time.monotonic()
        while not self._is_over():
            while self._asked:
                verb, channel = self._asked.popleft()
                self._ignored[channel] += verb == "sunsubscribe"
                getattr(pubsub, verb)(channel)
            said = pubsub.get_message(timeout=PING_EVERY_S if self._moved_at is None else TOGETHER_S)
            now = time.monotonic()
            if self._moved_at is not None and now - self._moved_at >= TOGETHER_S:
                self._moved_at = None
                self._lost()
            if said is not None:
                heard_at = now
                self._take(said)
            if now - heard_at > DEAF_S:
                raise redis.ConnectionError("deaf")
            if now - pinged_at > PING_EVERY_S:
                pinged_at = now
                pubsub.ping()

    def _name_here(self) -> str:
        """A channel of this server that nobody else uses."""
        if self._place not in self._link.places():
            raise redis.ConnectionError("it has no channels any more")
        for _ in range(MOST_NAMES):
            name = f"chat:ears:{secrets.token_hex(6)}"
            if self._link.place(name) == self._place:
                return name
        raise redis.ConnectionError("it has hardly any channels")

    def _take(self, said: dict[str, Any]) -> None:
        kind, channel = said["type"], said["channel"].decode() if said["channel"] else ""
        if kind == "smessage":
            # It may have been ignored meanwhile.
            if channel in self._channels:
                self._hear(channel, said["data"])
        elif kind == "ssubscribe":
            if channel == self._bell:
                self.is_well = True
            elif channel in self._channels:
                self._channels[channel].set()
        elif kind == "sunsubscribe":
            if self._ignored[channel]:
                self._ignored[channel] -= 1
            elif channel == self._bell:
                raise redis.ConnectionError("moved")
            else:
                # It has moved to another server.
                self._channels.pop(channel, None)
                self._moved_at = self._moved_at or time.monotonic()
