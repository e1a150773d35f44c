"""The full screen: rooms on top, the timeline and who is here, how the connection stands, and the line to write."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import ClassVar, Final

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.events import Resize
from textual.widgets import ContentSwitcher, Static

from clients import commands, lobby, memory, safe
from clients.address import WrongAddress
from clients.connection import Client
from clients.lines import Shown
from clients.memory import Answers
from clients.news import Happened, Link, News, View
from clients.strip import Mood, strip
from clients.terminal.composer import Composer
from clients.terminal.timeline import Timeline, colour

# Below this width the people are asked for with /who.
_WIDE = 70
# As many lines as stay on the screen while somebody reads the end.
_KEPT = 400
_MOODS: Final[dict[Mood, str]] = {"well": "dim", "waits": "yellow", "wrong": "red"}


class Screen(App[int]):
    """`wanted` says where to begin. Ends with 0, or with 1 when there is nothing to connect to."""

    CSS_PATH = "screen.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "next_room(1)", "Next room", priority=True),
        Binding("ctrl+p", "next_room(-1)", "Room before", priority=True),
        Binding("pageup", "page(-1)", "Up", priority=True),
        Binding("pagedown", "page(1)", "Down", priority=True),
        Binding("ctrl+q,ctrl+c", "leave", "Quit", priority=True),
    ]

    def __init__(self, wanted: Answers, home: Path) -> None:
        super().__init__()
        self.theme = "ansi-dark"
        self._wanted, self._home = wanted, home
        self._rooms: dict[str, Shown] = {}
        self._room = wanted.room
        self._called = wanted.name
        self._link = Link("connecting")
        self._client = Client(wanted.address, self._hear, home)

    def compose(self) -> ComposeResult:
        yield Static(id="tabs", markup=False)
        with Horizontal(id="middle"):
            yield ContentSwitcher(id="timelines")
            with VerticalScroll(id="people", can_focus=False):
                yield Static(id="names", markup=False)
        yield Static(id="strip", markup=False)
        yield Composer()

    async def on_mount(self) -> None:
        self.query_one(Composer).focus()
        self._client.start()
        await self._go_to(self._wanted.room)
        self.set_interval(1, self._draw_strip)

    def on_resize(self, event: Resize) -> None:
        self.set_class(event.size.width < _WIDE, "narrow")

    # what is heard, on the screen's own thread

    def _hear(self, news: News) -> None:
        self.call_later(self._take, news)

    async def _take(self, news: News) -> None:
        if not self.is_running:
            # What was on its way while the screen closed finds nothing to draw on.
            return
        match news:
            case Link():
                self._link = news
                self._draw_strip()
            case View() if news.room in self._rooms:
                self._rooms[news.room].take(news)
                if news.room == self._room:
                    self._called = news.me.name
                await self._draw(news.room)
            case Happened() if news.room in self._rooms:
                self._rooms[news.room].happened(news)
                await self._draw(news.room)

    async def _draw(self, room: str) -> None:
        shown = self._rooms[room]
        timeline = self._timeline(room)
        if room == self._room and timeline.is_at_end and self.app_focus:
            shown.read()
        await timeline.show(shown.lines())
        if timeline.is_at_end and shown.view and len(shown.view.messages) > 2 * _KEPT:
            self._client.trim(room, _KEPT)
        if room == self._room:
            self._draw_people(shown)
        self._draw_tabs()
        self._draw_strip()

    def _draw_people(self, shown: Shown) -> None:
        if (view := shown.view) is None or not view.members:
            return
        names = Text(f"{view.count} here\n", "dim")
        for member in view.members:
            name = safe.line(member.name)
            names.append(name, colour(member.id)).append("?" if member.mixed is True else "", "bold red")
            names.append(" (you)\n" if member.id == view.me.id else "\n", "dim")
        if view.count > len(view.members):
            names.append(f"and {view.count - len(view.members)} more", "dim")
        self.query_one("#names", Static).update(names)
        self.query_one(Composer).names = [safe.line(member.name) for member in view.members]

    def _draw_tabs(self) -> None:
        tabs = Text(no_wrap=True, overflow="ellipsis")
        for room, shown in self._rooms.items():
            title = safe.line(shown.view.title if shown.view else room)
            unread = shown.unread()
            style = "bold reverse" if room == self._room else "bold" if unread else ""
            tabs.append(f" {title} ({unread}) " if unread else f" {title} ", style).append(" ")
        self.query_one("#tabs", Static).update(tabs)
        total = sum(shown.unread() for shown in self._rooms.values())
        self.title = f"({total}) {self._room}" if total else self._room

    def _draw_strip(self) -> None:
        view = self._rooms[self._room].view if self._room in self._rooms else None
        inside = f"{view.me.name} in {view.title}, {view.count} here. /help" if view else ""
        said, mood = strip(self._link, view, self._wanted.address, inside)
        style = Style.parse(_MOODS[mood])
        self.query_one("#strip", Static).update(Text(said, style, no_wrap=True, overflow="ellipsis"))

    # what is typed

    @on(Composer.Changed)
    def _types(self) -> None:
        if (text := self.query_one(Composer).text) and not text.startswith("/"):
            self._client.typing(self._room)

    @on(Composer.Sent)
    async def _typed(self, sent: Composer.Sent) -> None:
        shown, timeline = self._rooms[self._room], self._timeline(self._room)
        match commands.parse(sent.typed):
            case commands.Say(body):
                try:
                    self._client.say(self._room, body)
                    timeline.anchor()
                    shown.divider = None
                    timeline.scroll_end(animate=False)
                except (OSError, sqlite3.Error) as error:
                    self.query_one(Composer).write(sent.typed)
                    shown.note(f"Not kept, and not sent: {error}.")
            case commands.Mistake(why):
                shown.note(why)
            case commands.Command(name, rest):
                await self._obey(name, rest, shown)
        if self._room in self._rooms:
            await self._draw(self._room)

    async def _obey(self, name: str, rest: str, shown: Shown) -> None:
        match name:
            case "/nick":
                self._client.rename(self._room, rest)
            case "/join":
                await self._join(rest, shown)
            case "/leave" if len(self._rooms) > 1:
                self._client.leave(self._room)
                await self._timeline(self._room).remove()
                del self._rooms[self._room]
                await self._go_to(next(iter(self._rooms)))
            case "/who" if shown.view:
                people = ", ".join(safe.line(member.name) for member in shown.view.members)
                shown.note(f"{shown.view.count} here: {people}")
            case "/retry":
                self._client.retry(self._room)
            case "/discard":
                self._client.discard(self._room)
            case "/help":
                for usage, meaning in commands.HELP.items():
                    shown.note(f"{usage:12} {meaning}")
                shown.note("Ctrl+N and Ctrl+P go from room to room, PgUp and PgDn read, Ctrl+J breaks a line.")
            case "/quit" | "/leave":
                self.action_leave()

    async def _join(self, typed: str, shown: Shown) -> None:
        try:
            await self._go_to(await asyncio.to_thread(lobby.room, self._wanted.address, typed))
        except WrongAddress as no:
            shown.note(str(no))

    async def _go_to(self, room: str) -> None:
        """In front of that room, which is entered when it is not yet."""
        if room not in self._rooms:
            self._rooms[room] = Shown(room)
            timeline = Timeline(room, lambda: self._client.older(room))
            await self.query_one(ContentSwitcher).mount(timeline)
            timeline.display = False
        self._client.enter(room, self._called)
        if self._room in self._rooms:
            self._rooms[self._room].divider = None
        self._room = room
        self._rooms[room].opened()
        for timeline in self.query(Timeline):
            timeline.display = timeline.room == room
        memory.keep(self._home, Answers(self._wanted.address, room, self._called))
        await self._draw(room)

    async def action_next_room(self, step: int) -> None:
        rooms = list(self._rooms)
        await self._go_to(rooms[(rooms.index(self._room) + step) % len(rooms)])

    async def action_page(self, way: int) -> None:
        timeline = self._timeline(self._room)
        if way > 0:
            timeline.scroll_page_down(animate=False)
        elif timeline.scroll_y < 1:
            self._client.older(self._room)
        else:
            timeline.scroll_page_up(animate=False)

    def action_leave(self) -> None:
        self.exit(1 if self._link.state == "stopped" else 0)

    def on_unmount(self) -> None:
        self._client.close()

    def _timeline(self, room: str) -> Timeline:
        return next(timeline for timeline in self.query(Timeline) if timeline.room == room)
