"""The window of one room. The client's thread fills a queue; Tk's own thread empties it and draws."""

from __future__ import annotations

import queue
import sqlite3
import tkinter as tk
from pathlib import Path
from tkinter import simpledialog, ttk
from typing import Final

from clients import commands, lobby, memory, safe
from clients.address import WrongAddress
from clients.connection import Client
from clients.desktop.timeline import Timeline
from clients.lines import Shown
from clients.memory import Answers
from clients.news import Happened, Link, News, View
from clients.strip import Mood, strip

_LOOK_MS = 40
_STRIP_MS = 500
_MOODS: Final[dict[Mood, str]] = {"well": "#00695c", "waits": "#8a5a00", "wrong": "#a40000"}


class Window:
    def __init__(self, root: tk.Tk, wanted: Answers, home: Path) -> None:
        self._root, self._wanted, self._home = root, wanted, home
        self._news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._link = Link("connecting")
        self._shown = Shown(wanted.room)
        self._asked_for = ""
        self._has_focus = True
        self._client = Client(wanted.address, self._news.put, home)
        self._build()

    def run(self) -> None:
        self._client.start()
        self._client.enter(self._shown.room, self._wanted.name)
        self._look()
        self._tick()
        self._root.mainloop()

    # what is seen

    def _build(self) -> None:
        root = self._root
        root.geometry("860x560")
        root.minsize(420, 300)
        root.protocol("WM_DELETE_WINDOW", self._close)
        root.bind("<FocusIn>", lambda event: self._focus(True))
        root.bind("<FocusOut>", lambda event: self._focus(False))
        ttk.Style(root).theme_use("clam")
        head = ttk.Frame(root, padding=(12, 8))
        head.pack(fill="x")
        self._title = ttk.Label(head, font=("TkDefaultFont", 13, "bold"))
        self._title.pack(side="left")
        ttk.Button(head, text="Another room…", command=self._ask_room).pack(side="right")
        self._me = ttk.Button(head, command=self._ask_name)
        self._me.pack(side="right", padx=8)
        foot = ttk.Frame(root, padding=(12, 8))
        foot.pack(side="bottom", fill="x")
        self._strip = ttk.Label(foot)
        self._strip.pack(side="top", anchor="w", pady=(0, 6))
        ttk.Button(foot, text="Send", command=self._send).pack(side="right", padx=(8, 0))
        self._box = tk.Text(foot, height=2, wrap="word", relief="solid", borderwidth=1, padx=6, pady=4, undo=True)
        self._box.configure(font="TkTextFont")
        self._box.pack(side="left", fill="x", expand=True)
        self._box.bind("<Return>", self._enter_pressed)
        self._box.bind("<Tab>", self._complete)
        self._box.bind("<KeyRelease>", self._types)
        self._box.bind("<Prior>", lambda event: self._page(-1))
        self._box.bind("<Next>", lambda event: self._page(1))
        self._box.focus_force()
        side = ttk.Frame(root, padding=(0, 0, 12, 0))
        side.pack(side="right", fill="y")
        self._count = ttk.Label(side, padding=(0, 4))
        self._count.pack(anchor="w")
        self._people = tk.Listbox(side, width=22, relief="flat", activestyle="none", highlightthickness=0)
        self._people.pack(fill="y", expand=True)
        self._timeline = Timeline(root, lambda: self._client.older(self._shown.room))
        self._timeline.pack(fill="both", expand=True, padx=(12, 8))
        self._draw_strip()

    def _draw(self, *, at_end: bool = False) -> None:
        shown = self._shown
        is_read = self._has_focus and self._timeline.is_at_end
        if is_read or at_end:
            shown.read()
        elif shown.divider is None and shown.unread():
            shown.divider = shown.seen
        self._timeline.show(shown.lines(), at_end=at_end)
        if view := shown.view:
            title = safe.line(view.title)
            self._title["text"] = title
            self._me["text"] = f"{safe.line(view.me.name)} ✎"
            self._count["text"] = f"{view.count} here"
            names = [safe.line(each.name) + (" (you)" if each.id == view.me.id else "") for each in view.members]
            more = view.count - len(view.members)
            names += [f"and {more} more"] if more > 0 else []
            if names != list(self._people.get(0, "end")):
                self._people.delete(0, "end")
                self._people.insert("end", *names)
            unread = shown.unread()
            self._root.title(f"({unread}) {title}" if unread else title)
        self._draw_strip()

    def _draw_strip(self) -> None:
        said, mood = strip(self._link, self._shown.view, self._wanted.address, "Connected.")
        self._strip.configure(text=said, foreground=_MOODS[mood])

    # what is heard

    def _look(self) -> None:
        is_new = False
        while not self._news.empty():
            is_new = True
            match self._news.get():
                case Link() as link:
                    self._link = link
                case View() as view if view.room == self._shown.room:
                    self._shown.take(view)
                case Happened() as news if news.room == self._shown.room:
                    self._shown.happened(news)
        if is_new:
            self._draw()
            self._root.after_idle(self._ask_another_name)
        self._root.after(_LOOK_MS, self._look)

    def _tick(self) -> None:
        self._draw_strip()
        self._root.after(_STRIP_MS, self._tick)

    def _focus(self, has_focus: bool) -> None:
        self._has_focus = has_focus
        if self._shown.view:
            self._draw()

    def _ask_another_name(self) -> None:
        """Once for each refusal."""
        view = self._shown.view
        if view and view.state == "unnamed" and self._asked_for != view.me.name:
            self._asked_for = view.me.name
            self._ask_name(view.why)

    # what is done

    def _enter_pressed(self, event: tk.Event[tk.Misc]) -> str | None:
        if int(event.state) & 0x1:  # Shift breaks the line
            return None
        self._send()
        return "break"

    def _types(self, event: tk.Event[tk.Misc]) -> None:
        if event.char and (text := self._box.get("1.0", "end-1c")) and not text.startswith("/"):
            self._client.typing(self._shown.room)

    def _send(self) -> None:
        typed = self._box.get("1.0", "end-1c")
        self._box.delete("1.0", "end")
        if not typed.strip():
            return
        match commands.parse(typed):
            case commands.Say(body):
                try:
                    self._client.say(self._shown.room, body)
                    self._shown.divider = None
                except (OSError, sqlite3.Error) as error:
                    self._box.insert("1.0", typed)
                    self._shown.note(f"Not kept, and not sent: {error}.")
            case commands.Mistake(why):
                self._shown.note(why)
            case commands.Command(name, rest):
                self._obey(name, rest)
        self._draw(at_end=True)

    def _obey(self, name: str, rest: str) -> None:
        match name:
            case "/nick":
                self._client.rename(self._shown.room, rest)
            case "/join":
                self._go_to(rest)
            case "/retry":
                self._client.retry(self._shown.room)
            case "/discard":
                self._client.discard(self._shown.room)
            case "/quit" | "/leave":
                self._root.after_idle(self._close)
            case "/help":
                for usage, meaning in commands.HELP.items():
                    self._shown.note(f"{usage}  {meaning}")
            case "/who" if self._shown.view:
                names = ", ".join(safe.line(each.name) for each in self._shown.view.members)
                self._shown.note(f"{self._shown.view.count} here: {names}")

    def _page(self, way: int) -> str:
        self._timeline.page(way)
        self._draw()
        return "break"

    def _complete(self, event: tk.Event[tk.Misc]) -> str:
        names = [safe.line(each.name) for each in self._shown.view.members] if self._shown.view else []
        if (whole := commands.complete(self._box.get("1.0", "end-1c"), names)) is not None:
            self._box.delete("1.0", "end")
            self._box.insert("1.0", whole)
        return "break"

    def _ask_name(self, why: str = "") -> None:
        old = self._shown.view.me.name if self._shown.view else self._wanted.name
        asked = f"{safe.line(why)}\n\nYour name in this room" if why else "Your name in this room"
        name = simpledialog.askstring("Your name", asked, initialvalue=old, parent=self._root)
        if name and name.strip() and name != old:
            self._client.rename(self._shown.room, name.strip())
        self._box.focus_set()

    def _ask_room(self) -> None:
        room = simpledialog.askstring("Another room", "The room's name", parent=self._root)
        if room and room.strip():
            self._go_to(room)
        self._box.focus_set()

    def _go_to(self, typed: str) -> None:
        try:
            room = lobby.room(self._wanted.address, typed)
        except WrongAddress as no:
            self._shown.note(str(no))
            return self._draw(at_end=True)
        name = self._shown.view.me.name if self._shown.view else self._wanted.name
        self._client.leave(self._shown.room)
        self._shown = Shown(room)
        self._client.enter(self._shown.room, name)
        memory.keep(self._home, Answers(self._wanted.address, self._shown.room, name))
        return None

    def _close(self) -> None:
        """Tells the server first, so that the others see it at once."""
        self._root.withdraw()
        if view := self._shown.view:
            memory.keep(self._home, Answers(self._wanted.address, self._shown.room, view.me.name))
        self._client.close()
        self._root.destroy()
