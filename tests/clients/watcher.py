"""Somebody with the client library: what it told, waited for."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from clients.connection import Client
from clients.news import Happened, Link, News, View

WITHIN = 10.0


class Watcher:
    """A client that is started and in `room` under `name`, and everything it tells."""

    def __init__(self, url: str, home: Path, name: str, room: str | None = None) -> None:
        self.name = name
        self.room = room or f"room-{secrets.token_hex(5)}"
        self.news: list[News] = []
        self.views: dict[str, View] = {}
        self._told = threading.Condition()
        self.client = Client(url, self._hear, home)
        self.client.start()
        self.client.enter(self.room, name)

    def waits(self, condition: Callable[[], Any], what: str) -> Any:
        with self._told:
            if not self._told.wait_for(condition, WITHIN):
                raise AssertionError(f"{self.name} waited {WITHIN} s for {what}: {self.news[-3:]}")
            return condition()

    def is_in(self, room: str | None = None) -> Watcher:
        self.waits(lambda: (view := self.views.get(room or self.room)) and view.state == "in", "the room")
        return self

    def sees(self, *bodies: str, room: str | None = None) -> View:
        """The room's messages are these, and nothing of mine waits."""
        seen = room or self.room
        self.waits(lambda: seen in self.views and self.bodies(seen) == list(bodies), str(bodies))
        self.waits(lambda: not self.views[seen].waiting, "an empty outbox")
        return self.views[seen]

    def sees_people(self, *names: str) -> None:
        def here() -> bool:
            return self.room in self.views and [each.name for each in self.views[self.room].members] == list(names)

        self.waits(here, str(names))

    def bodies(self, room: str | None = None) -> list[str]:
        return [message.body for message in self.views[room or self.room].messages]

    def links(self) -> list[Link]:
        return [each for each in self.news if isinstance(each, Link)]

    def waits_for_link(self, state: str) -> Link:
        return self.waits(lambda: next((link for link in self.links() if link.state == state), None), state)

    def is_told(self, what: str) -> str:
        """The sentence of the first thing of this kind that happened."""
        found = lambda: next((n.text for n in self.news if isinstance(n, Happened) and n.what == what), None)  # noqa: E731
        return self.waits(found, what)

    def forgets(self) -> None:
        with self._told:
            self.news.clear()

    def _hear(self, news: News) -> None:
        with self._told:
            self.news.append(news)
            if isinstance(news, View):
                self.views[news.room] = news
            self._told.notify_all()
