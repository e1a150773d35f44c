"""Being in one room over links that come and go: join with the cursor, hear, fetch what is missing, send what waits."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import msgspec
from filelock import Timeout

from app import protocol
from clients.link import Link, NoAnswer, Refused
from clients.news import Happened, News, RoomState, View
from clients.outbox import Entry, Outbox
from clients.roster import Roster
from clients.timeline import Timeline
from clients.typists import KEPT_S, TOLD_S, Typists

# A push that overtook another is common for a moment; only what stays missing is asked for.
_HEAL_S = 0.2
_RETRY_S = 2.0
# How often a program that is not the sender looks whether it may be.
_TURN_S = 0.5
# Of a crowd, this many are read by name.
_LISTED = 1000
# A crowd comes and goes all the time: it is not read more often than this.
_CROWD_S = 5.0

Ack = TypeVar("Ack")


class _Outside(Exception):
    """The room no longer counts me in: join again."""


class Room:
    """One room. Lives on the library's loop; only `view` leaves it.

    changed()  the view is another now      tell(news)  something happened in it
    """

    def __init__(
        self, slug: str, name: str, box: Outbox, changed: Callable[[], None], tell: Callable[[News], None]
    ) -> None:
        self.slug = slug
        self._title = slug.replace("-", " ")
        self._me = protocol.WireMember("", name)
        self._state: RoomState = "out"
        self._why = ""
        self._timeline = Timeline()
        self._roster = Roster()
        self._typists = Typists()
        self._typed_at = -TOLD_S
        self._box = box
        self._waiting = box.waiting(slug)
        self._changed, self._tell = changed, tell
        self._link: Link | None = None
        # Set when there is something to do for the task that waits for it.
        self._again, self._outside = asyncio.Event(), asyncio.Event()
        self._lacking, self._written, self._crowded = asyncio.Event(), asyncio.Event(), asyncio.Event()

    def view(self) -> View:
        messages = self._timeline.messages()
        there = {message.client_id for message in messages}
        waiting = tuple(entry for entry in self._waiting if entry.client_id not in there)
        members = self._roster.members(self._me.id)
        return View(
            self.slug, self._title, self._state, self._why, self._me, messages, self._timeline.has_older,
            self._timeline.before, members, self._roster.count, waiting,
            self._typists.names(time.monotonic(), self._me.id),
        )  # fmt: skip

    @property
    def is_in(self) -> bool:
        return self._state == "in"

    # over one link

    async def attend(self, link: Link) -> None:
        """Until it is cancelled: the link ended, or the room was left."""
        self._link, self._me = link, protocol.WireMember(link.session.member["id"], self._me.name)
        self._box.belong_to(self._me.id)
        try:
            while True:
                await self._join(link)
                try:
                    async with asyncio.TaskGroup() as group:
                        for work in (self._heal, self._speak, self._read_crowd, self._put_out):
                            group.create_task(work())
                except* _Outside:
                    pass
        finally:
            self._link = None
            self._become("out")

    async def leave(self) -> None:
        if self._state == "in":
            await self._ask("room:leave", protocol.RoomLeft)

    def knock(self) -> None:
        """Try to come in again."""
        self._again.set()

    async def rename(self, name: str) -> None:
        """A new name; outside, the one to come in with. raises Refused, NoAnswer"""
        if self._state == "in":
            self._know((await self._ask("name:change", protocol.NameChanged, name=name)).me)
        else:
            self._know(protocol.WireMember(self._me.id, name))
            self.knock()

    async def read_older(self) -> None:
        """A page of what was said before the first message shown. raises Refused, NoAnswer"""
        before = self._timeline.first
        if before is None or not self._timeline.has_older:
            return
        page = await self._ask("history:fetch", protocol.HistoryPage, before=before)
        if not self._timeline.older(before, page):
            self._outside.set()
        self._changed()

    async def typed(self) -> None:
        """Tell the others that I type, now and then. raises Refused, NoAnswer"""
        if self._state == "in" and time.monotonic() - self._typed_at >= TOLD_S:
            self._typed_at = time.monotonic()
            await self._ask("typing:start", protocol.TypingNoted)

    def wrote(self) -> None:
        """The outbox changed: show it, and send what is new."""
        self._refresh()
        self._written.set()

    def retry(self) -> None:
        """Send what was refused once more."""
        self._box.retry(self.slug, self._me.id or None)
        self.wrote()

    def trim(self, most: int) -> None:
        """Let go of all but the newest `most` messages."""
        self._timeline.trim(most)
        self._changed()

    def hear(self, event: str, payload: Any) -> None:
        """An event of this room, at its place in the stream."""
        if self._state != "in":
            return
        match event:
            case "message:posted" | "message:changed":
                message = msgspec.convert(payload, protocol.WireMessage)
                self._timeline.pushed(message)
                self._typists.said(message.author.id)
            case "typing:changed":
                typing = msgspec.convert(payload, protocol.TypingChanged)
                self._typists.told(typing.members, time.monotonic())
                asyncio.get_running_loop().call_later(KEPT_S, self._changed)
            case "room:head":
                if not self._timeline.told(msgspec.convert(payload, protocol.RoomHead)):
                    self._outside.set()
            case "members:changed":
                self._people(msgspec.convert(payload, protocol.MembersChanged))
        self._note()

    # inside

    async def _join(self, link: Link) -> None:
        while True:
            self._again.clear()
            self._outside.clear()
            self._become("joining", self._why)
            since = self._timeline.cursor()
            words = {"room": self.slug, "name": self._me.name} | ({"since": since} if since else {})
            try:
                await link.ask("room:join", words, protocol.RoomJoined, self._entered)
                return
            except NoAnswer:
                await asyncio.sleep(_RETRY_S)
            except Refused as no:
                if no.passes and not no.code.startswith("name_"):
                    self._become("joining", no.detail)
                    await asyncio.sleep(no.wait_s)
                    continue
                self._become("unnamed" if no.code.startswith("name_") else "refused", no.detail)
                await self._again.wait()

    def _entered(self, ack: protocol.RoomJoined) -> None:
        replaced = self._timeline.joined(ack)
        self._roster.joined(ack)
        self._title = ack.room.title
        self._become("in")
        self._know(ack.me)
        if replaced == "reset":
            self._happened("reset", "The room began anew on the server: what was said before is gone.")
        elif replaced == "cut":
            self._happened("cut", "More was said meanwhile than is shown here.")
        if ack.room.mixed is True:
            self._happened("warned", "Its name mixes alphabets: another room may be called almost the same.")
        if isinstance(ack.room.alike, protocol.WireAlike):
            self._happened(
                "warned", f"Another room looks like this one: {ack.room.alike.title} (/r/{ack.room.alike.slug})."
            )
        if self._roster.is_crowd:
            self._crowded.set()
        self._refresh()
        self._note()

    async def _heal(self) -> None:
        while True:
            await self._lacking.wait()
            self._lacking.clear()
            await asyncio.sleep(_HEAL_S)
            while self._timeline.lacks:
                try:
                    page = await self._ask("history:fetch", protocol.HistoryPage, after_seq=self._timeline.seq)
                except (Refused, NoAnswer) as no:
                    await asyncio.sleep(no.wait_s if isinstance(no, Refused) else _RETRY_S)
                    continue
                if not self._timeline.changed(page):
                    self._outside.set()
                    break
                self._changed()

    async def _put_out(self) -> None:
        await self._outside.wait()
        raise _Outside

    async def _read_crowd(self) -> None:
        """The people of a crowd come in pages, and again when it is small enough to be listed."""
        while True:
            await self._crowded.wait()
            self._crowded.clear()
            with suppress(Refused, NoAnswer):
                page = await self._ask("members:list", protocol.MembersPage)
                people = list(page.members)
                while page.more and len(people) < _LISTED:
                    page = await self._ask("members:list", protocol.MembersPage, after=people[-1].name)
                    people += page.members
                self._roster.read([*people, self._me], page.count)
                self._changed()
            await asyncio.sleep(_CROWD_S)

    async def _speak(self) -> None:
        while True:
            self._written.clear()
            if self._box.first(self.slug, self._me.id) is None:
                await self._written.wait()
                continue
            try:
                with self._box.sender(self.slug):
                    while entry := self._box.first(self.slug, self._me.id):
                        await self._send(entry)
                        self._refresh()
            except Timeout:
                await asyncio.sleep(_TURN_S)
                self._refresh()
            except (sqlite3.Error, OSError) as error:
                self._why = f"The outbox cannot be read: {error}."
                self._changed()
                await asyncio.sleep(_RETRY_S)

    async def _send(self, entry: Entry) -> None:
        try:
            sent = await self._ask("message:send", protocol.MessageSent, client_id=entry.client_id, body=entry.body)
        except NoAnswer:
            await asyncio.sleep(_HEAL_S)
        except Refused as no:
            if not no.passes:
                self._box.refuse(entry.client_id, no.code, no.detail)
                return
            self._why = no.detail
            self._changed()
            await asyncio.sleep(no.wait_s)
            self._why = ""
        else:
            self._timeline.pushed(sent.message)
            self._box.remove(entry.client_id)
            self._note()

    async def _ask(self, event: str, kind: type[Ack], **words: Any) -> Ack:
        if self._link is None:
            raise NoAnswer(event)
        try:
            return await self._link.ask(event, {"room": self.slug, **words}, kind)
        except Refused as no:
            if no.code == "not_in_room" and event != "room:leave":
                self._outside.set()
                raise NoAnswer(event) from no
            raise

    def _people(self, digest: protocol.MembersChanged) -> None:
        was_crowd = self._roster.is_crowd
        for what, sentence in self._roster.changed(digest):
            self._happened(what, sentence)
        if was_crowd or self._roster.is_crowd:
            self._crowded.set()
        self._me = self._roster.member(self._me.id) or self._me

    def _know(self, me: protocol.WireMember) -> None:
        self._me = me
        self._changed()

    def _note(self) -> None:
        if self._timeline.lacks:
            self._lacking.set()
        self._changed()

    def _refresh(self) -> None:
        self._waiting = self._box.waiting(self.slug)
        self._changed()

    def _happened(self, what: Any, text: str) -> None:
        self._tell(Happened(self.slug, what, text))

    def _become(self, state: RoomState, why: str = "") -> None:
        self._state, self._why = state, why
        self._changed()
