"""Listening to channels, over a connection of its own that is made again whenever it is lost."""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import redis

from app.chat.refusals import Unavailable
from app.redis.link import RedisLink, is_away

CONFIRM_S: Final = 0.5
# Silence is broken by a ping; who does not answer that either is away.
PING_EVERY_S: Final = 1.0
DEAF_S: Final = 3.0
AGAIN_AFTER_S: Final = 0.2

Hear = Callable[[str, bytes], None]


class Ears:
    """`hear(channel, data)` is called for each thing published, in order. What is published while the connection is
    lost is not heard.

    always  a channel that is listened to from the start
    """

    def __init__(self, link: RedisLink, hear: Hear, always: str) -> None:
        self._link = link
        self._hear = hear
        self._always = always
        # What is said here wakes the listening thread: it alone may use the connection.
        self._bell = f"chat:ears:{secrets.token_hex(6)}"
        self._channels: set[str] = {always, self._bell}
        self._asked: deque[tuple[str, str]] = deque()
        self._confirmed: set[str] = set()
        self._waiting: dict[str, threading.Event] = {}

    @property
    def is_well(self) -> bool:
        """Whether anything is heard just now."""
        return self._always in self._confirmed

    def start(self) -> None:
        threading.Thread(target=self._work, name="ears", daemon=True).start()

    def listen(self, channel: str) -> bool:
        """Whether what is published from here on is heard; waits a moment to know."""
        self._channels.add(channel)
        if channel in self._confirmed:
            return True
        event = self._waiting.setdefault(channel, threading.Event())
        self._asked.append(("subscribe", channel))
        with suppress(Unavailable):
            self._link.ask(lambda client: client.publish(self._bell, b""))
        return self.is_well and event.wait(CONFIRM_S)

    def ignore(self, channel: str) -> None:
        self._channels.discard(channel)
        self._confirmed.discard(channel)
        self._asked.append(("unsubscribe", channel))

    def _work(self) -> None:
        while True:
            pubsub = self._link.client.pubsub()  # type: ignore[no-untyped-call]
            try:
                self._hear_on(pubsub)
            except redis.RedisError as error:
                if not is_away(error):
                    raise
                self._confirmed.clear()
                time.sleep(AGAIN_AFTER_S)
            finally:
                pubsub.reset()

    def _hear_on(self, pubsub: redis.client.PubSub) -> None:
        """Until the connection is lost. fails when it is, as Redis does"""
        self._asked.clear()
        pubsub.subscribe(*self._channels)
        pinged_at = heard_at = time.monotonic()
        while True:
            while self._asked:
                verb, channel = self._asked.popleft()
                getattr(pubsub, verb)(channel)
            said = pubsub.get_message(timeout=PING_EVERY_S)
            now = time.monotonic()
            if said is not None:
                heard_at = now
                self._take(said)
            if now - heard_at > DEAF_S:
                raise redis.ConnectionError("deaf")
            if now - pinged_at > PING_EVERY_S:
                pinged_at = now
                pubsub.ping()

    def _take(self, said: dict[str, Any]) -> None:
        kind, channel = said["type"], said["channel"].decode() if said["channel"] else ""
        # It may have been ignored again meanwhile.
        if channel not in self._channels:
            return
        if kind == "message" and channel != self._bell:
            self._hear(channel, said["data"])
        elif kind == "subscribe":
            self._confirmed.add(channel)
            waiting = self._waiting.pop(channel, None)
            if waiting is not None:
                waiting.set()
