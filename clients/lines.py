"""One room as the lines of a screen, in order: days, messages, what happened, what waits. All text is safe to show."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from app.protocol import WireMessage
from clients import safe
from clients.news import Happened, View
from clients.outbox import Entry

Kind = Literal["text", "action", "notice", "day", "system", "new", "waiting", "refused"]


@dataclass(frozen=True, slots=True)
class Line:
    """`key` stays with a line; one that changed is unequal. `note` says why a message is not sent."""

    key: str
    kind: Kind
    body: str
    time: str = ""
    author: str = ""
    author_id: str = ""
    is_mine: bool = False
    note: str = ""


@dataclass(slots=True)
class Shown:
    """One room on a screen: its newest view, what happened beside it, and how far it was read."""

    room: str
    view: View | None = None
    seen: int | None = None
    divider: int | None = None
    _happened: list[tuple[int, Line]] = field(default_factory=list)
    _count: int = 0

    @property
    def last(self) -> int:
        return self.view.messages[-1].id if self.view and self.view.messages else 0

    def take(self, view: View) -> None:
        self.view = view
        if self.seen is None and view.state == "in":
            self.seen = self.last

    def happened(self, news: Happened) -> None:
        self._count += 1
        self._happened.append((self.last, Line(f"s{self._count}", "system", safe.text(news.text))))
        del self._happened[:-200]

    def note(self, text: str) -> None:
        """A word of the program's own, for this person alone."""
        self.happened(Happened(self.room, "answer", text))

    def read(self) -> None:
        """Everything was seen."""
        self.seen = self.last if self.view else self.seen

    def opened(self) -> None:
        """Somebody looks again: a line divides what is new from what was seen."""
        self.divider = self.seen if self.unread() else None
        self.read()

    def unread(self) -> int:
        if self.view is None or self.seen is None:
            return 0
        return sum(each.id > self.seen and each.author.id != self.view.me.id for each in self.view.messages)

    def lines(self) -> list[Line]:
        return list(self._lines()) if self.view else []

    def _lines(self) -> Iterator[Line]:
        assert self.view
        events = deque(self._happened)
        day, is_divided = "", False
        for message in self.view.messages:
            while events and events[0][0] < message.id:
                yield events.popleft()[1]
            if (today := time.strftime("%A, %d %B %Y", time.localtime(message.sent_at_ms / 1000))) != day:
                day = today
                yield Line(f"d{message.id}", "day", day)
            if not is_divided and self.divider is not None and message.id > self.divider:
                is_divided = True
                yield Line("new", "new", "new")
            yield of_message(message, self.view.me.id)
        yield from (line for _, line in events)
        for entry in self.view.waiting:
            yield _of_entry(entry, self.view)


def of_message(message: WireMessage, me: str) -> Line:
    return Line(
        f"m{message.id}",
        message.kind,
        safe.text(message.body),
        clock(message.sent_at_ms),
        safe.line(message.author.name),
        message.author.id,
        message.author.id == me,
    )


def _of_entry(entry: Entry, view: View) -> Line:
    kind: Kind = "refused" if entry.code else "waiting"
    note = f"{entry.reason} /retry or /discard" if entry.code else view.why or "waiting"
    when = clock(entry.written_at_ms)
    me = safe.line(view.me.name)
    return Line(f"c{entry.client_id}", kind, safe.text(entry.body), when, me, view.me.id, True, safe.line(note))


def clock(at_ms: int) -> str:
    return time.strftime("%H:%M", time.localtime(at_ms / 1000))


def plain(line: Line) -> str:
    """As a line of text. What follows the first line of a message is set in; no name passes for the sign of a kind."""
    body = line.body.replace("\n", "\n    ")
    author = f'"{line.author}"' if line.author[:1] in ("!", "*") else line.author
    match line.kind:
        case "action":
            return f"[{line.time}] * {author} {body}"
        case "notice":
            return f"[{line.time}] ! {author}: {body}"
        case _:
            return f"[{line.time}] {author}: {body}"
