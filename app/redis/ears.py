"""Listening to channels, over a connection of its own that is made again whenever it is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Final

import redis

from app.redis.link import AWAY, RedisLink

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
        self._channels: set[str] = {always}
        self._confirmed: set[str] = set()
        self._waiting: dict[str, threading.Event] = {}
        self._pubsub: redis.client.PubSub | None = None

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
        self._send("subscribe", channel)
        return self.is_well and event.wait(CONFIRM_S)

    def ignore(self, channel: str) -> None:
        self._channels.discard(channel)
        self._confirmed.discard(channel)
        self._send("unsubscribe", channel)

    def _send(self, verb: str, channel: str) -> None:
        """Now; or, while the connection is lost, whenever it is back."""
        pubsub = self._pubsub
        if pubsub is not None and self.is_well:
            try:
                getattr(pubsub, verb)(channel)
            except AWAY:
                self._confirmed.clear()

    def _work(self) -> None:
        while True:
            try:
                self._hear_on()
            except AWAY:
                self._confirmed.clear()
                time.sleep(AGAIN_AFTER_S)
            finally:
                self._let_go()

    def _let_go(self) -> None:
        pubsub, self._pubsub = self._pubsub, None
        if pubsub is not None:
            pubsub.reset()

    def _hear_on(self) -> None:
        """Until the connection is lost. fails one of AWAY"""
        pubsub = self._pubsub = self._link.client.pubsub()  # type: ignore[no-untyped-call]
        pubsub.subscribe(*self._channels)
        pinged_at = heard_at = time.monotonic()
        while True:
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
        kind, channel = said["type"], said["channel"]
        if kind == "message":
            self._hear(channel.decode(), said["data"])
        elif kind == "subscribe":
            name = channel.decode()
            # It may have been ignored again meanwhile.
            if name in self._channels:
                self._confirmed.add(name)
            waiting = self._waiting.pop(name, None)
            if waiting is not None:
                waiting.set()
