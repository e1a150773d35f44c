"""The client library: one member of one server, in any number of rooms, over a connection that comes back by itself.

    client = Client("http://127.0.0.1:8000", tell=print)
    client.start()
    client.enter("tea", "Ann")
    client.say("tea", "hello")      # on disk before it returns; sent once, now or when the server is back
    client.close()

Everything happens on a thread of the library's own. `tell` is called there with each clients.news.News; hand it on to a
queue to read it elsewhere. The verbs may be called from any thread and, but for `close`, do not wait for the server.
"""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from clients import folders, tokens
from clients.link import Away, Link, NoAnswer, Refused, WrongServer
from clients.news import Happened, News
from clients.news import Link as LinkNews
from clients.outbox import Entry, Outbox
from clients.room import Room

# Views that follow each other faster are one.
_VIEW_S = 0.03
_CLOSES_WITHIN_S = 3.0


class Client:
    """raises  sqlite3.Error, OSError when the folder cannot be written: then nothing could be kept

    server  as clients.address writes it
    home    the folder of this person; theirs by default
    """

    def __init__(self, server: str, tell: Callable[[News], None], home: Path | None = None) -> None:
        self.server = server
        self._tell = tell
        self._folder = folders.of_server(home or folders.home(), server)
        self._outbox = Outbox(self._folder)
        self._rooms: dict[str, Room] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._changed: set[str] = set()
        self._link: Link | None = None
        self._group: asyncio.TaskGroup | None = None
        self._pause_ms = (500, 10_000)
        self._told_wait_ms: int | None = None
        self._tries = 0
        self._was_ready = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="chatroom client", daemon=True)
        self._closing = asyncio.Event()

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Leaves every room, so that it is told at once, and ends. Waits for the server for a moment only."""
        with suppress(RuntimeError):  # ended already
            self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(2 * _CLOSES_WITHIN_S)

    def enter(self, room: str, name: str) -> None:
        """Be in a room from now on; again, try once more to come in."""
        self._do(self._enter, room, name)

    def leave(self, room: str) -> None:
        self._work(self._leave(room))

    def say(self, room: str, body: str) -> Entry:
        """Kept before it returns. raises sqlite3.Error, OSError: it could not be kept, and is not sent"""
        entry = self._outbox.add(room, body)
        self._do(self._wrote, room)
        return entry

    def waiting(self, room: str) -> list[Entry]:
        """What the room does not have yet, as the disk has it: acknowledged is what is no longer there."""
        return self._outbox.waiting(room)

    def retry(self, room: str) -> None:
        """Send once more what this room refused."""
        self._do(self._again, room)

    def discard(self, room: str) -> None:
        """Forget what this room refused."""
        self._outbox.discard(room)
        self._do(self._wrote, room)

    def rename(self, room: str, name: str) -> None:
        """Another name in one room. A refusal is told as an answer."""
        self._work(self._rename(room, name))

    def typing(self, room: str) -> None:
        """Somebody writes there: tell the others. May be called at every key."""
        self._work(self._typing(room))

    def older(self, room: str) -> None:
        """A page of what was said before what is shown."""
        self._work(self._older(room))

    def trim(self, room: str, most: int) -> None:
        """Show the newest `most` messages only."""
        self._do(self._trim, room, most)

    def retry_now(self) -> None:
        """Connect at once instead of at the appointed time."""
        self._do(self._hurry.set)

    # on the loop

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._live())

    def _do(self, work: Callable[..., Any], *words: Any) -> None:
        with suppress(RuntimeError):  # the loop has ended, and nobody is left to tell
            self._loop.call_soon_threadsafe(work, *words)

    def _work(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            asyncio.run_coroutine_threadsafe(work, self._loop)
        except RuntimeError:
            work.close()

    async def _live(self) -> None:
        self._hurry = asyncio.Event()
        living = asyncio.create_task(self._keep_connected())
        closing = asyncio.create_task(self._closing.wait())
        await asyncio.wait({living, closing}, return_when=asyncio.FIRST_COMPLETED)
        if living.done():
            if (mistake := living.exception()) is not None:
                self._tell(LinkNews("stopped", f"The client cannot go on: {_leaf(mistake)}."))
                raise mistake
            await closing
        if self._link:
            with suppress(TimeoutError):
                async with asyncio.timeout(_CLOSES_WITHIN_S):
                    await asyncio.gather(*(room.leave() for room in self._rooms.values()), return_exceptions=True)
        living.cancel()
        await asyncio.wait({living})
        self._tell_views()

    async def _keep_connected(self) -> None:
        while True:
            self._tell(LinkNews("connecting"))
            why, retry_after_ms = "The connection was lost.", None
            try:
                await self._visit()
            except Away as away:
                why, retry_after_ms = str(away), away.retry_after_ms
            except WrongServer as wrong:
                why = str(wrong)
                if not self._was_ready:
                    self._tell(LinkNews("stopped", why))
                    return
            if self._told_wait_ms is not None:
                why, retry_after_ms = "The server restarts.", self._told_wait_ms
            await self._wait(why, retry_after_ms)

    async def _wait(self, why: str, told_ms: int | None) -> None:
        """Full jitter: a thousand clients never return at once. A server that says how long is obeyed."""
        shortest, longest = self._pause_ms
        pause_ms = random.uniform(0, min(longest, shortest * 2 ** min(self._tries, 20))) if told_ms is None else told_ms  # noqa: S311
        self._tries += 1
        self._told_wait_ms = None
        self._tell(LinkNews("waiting", why, time.monotonic() + pause_ms / 1000))
        self._hurry.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._hurry.wait(), pause_ms / 1000)

    async def _visit(self) -> None:
        """One link, until it ends. raises Away, WrongServer"""
        sent = tokens.read(self._folder)
        async with Link(self.server, sent, self._hear) as link:
            session = link.session
            self._pause_ms = session.reconnect["min_ms"], session.reconnect["max_ms"]
            if isinstance(session.token, str) and tokens.keep(self._folder, session.token, sent) != session.token:
                # Another program of this person was given a token first: be the same member as that one.
                self._told_wait_ms = 0
                return
            self._tries, self._was_ready, self._link = 0, True, link
            self._tell(LinkNews("ready"))
            try:
                await self._attend(link)
            finally:
                self._link, self._group = None, None
                self._tasks.clear()

    async def _attend(self, link: Link) -> None:
        async with asyncio.TaskGroup() as self._group:
            for room in self._rooms.values():
                self._tasks[room.slug] = self._group.create_task(room.attend(link))
            await link.ended.wait()
            for task in self._tasks.values():
                task.cancel()

    def _hear(self, event: str, payload: Any) -> None:
        if event == "server:stopping":
            self._told_wait_ms = int(payload["reconnect_in_ms"])
        elif isinstance(payload, dict) and (room := self._rooms.get(payload.get("room", ""))):
            with suppress(msgspec.ValidationError):  # of a newer wire; what it changed is fetched by its number
                room.hear(event, payload)

    def _enter(self, slug: str, name: str) -> None:
        if slug in self._rooms:
            return self._rooms[slug].knock()
        room = self._rooms[slug] = Room(slug, name, self._outbox, lambda: self._note(slug), self._tell)
        self._note(slug)
        if self._group and self._link:
            self._tasks[slug] = self._group.create_task(room.attend(self._link))
        return None

    async def _leave(self, slug: str) -> None:
        if room := self._rooms.pop(slug, None):
            with suppress(Refused, NoAnswer):
                await room.leave()
            if task := self._tasks.pop(slug, None):
                task.cancel()

    async def _rename(self, slug: str, name: str) -> None:
        try:
            await self._rooms[slug].rename(name)
        except Refused as no:
            self._tell(Happened(slug, "answer", no.detail))
        except NoAnswer:
            self._tell(Happened(slug, "answer", "The server did not answer: your name is as it was."))

    async def _older(self, slug: str) -> None:
        with suppress(Refused, NoAnswer):  # whoever reads there comes by again
            await self._rooms[slug].read_older()

    async def _typing(self, slug: str) -> None:
        if room := self._rooms.get(slug):
            with suppress(Refused, NoAnswer):  # nobody misses it
                await room.typed()

    def _wrote(self, slug: str) -> None:
        if room := self._rooms.get(slug):
            room.wrote()

    def _trim(self, slug: str, most: int) -> None:
        if room := self._rooms.get(slug):
            room.trim(most)

    def _again(self, slug: str) -> None:
        if room := self._rooms.get(slug):
            room.retry()

    def _note(self, slug: str) -> None:
        if not self._changed:
            self._loop.call_later(_VIEW_S, self._tell_views)
        self._changed.add(slug)

    def _tell_views(self) -> None:
        changed, self._changed = self._changed, set()
        for slug in changed & self._rooms.keys():
            self._tell(self._rooms[slug].view())


def _leaf(error: BaseException) -> BaseException:
    return _leaf(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error
