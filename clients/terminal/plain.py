"""Lines from standard input out, lines to standard output: for pipes, and for any terminal there is."""

from __future__ import annotations

import os
import queue
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from app.protocol import WireMessage
from clients import commands, lines, safe
from clients.connection import Client
from clients.memory import Answers
from clients.news import Happened, Link, News, View

# What was said before is of use to a person only, and so much of it.
_BACKLOG = 20
# After the last line: how long the server has to take everything.
_SENT_WITHIN_S = 30.0


def run(wanted: Answers, open_client: Callable[[Callable[[News], None]], Client]) -> int:
    """0 when everything that came in is acknowledged, else 1 with the reason on standard error."""
    talk = _Talk(wanted)
    client = open_client(talk.news.put)
    client.start()
    client.enter(wanted.room, wanted.name)
    threading.Thread(target=talk.read, daemon=True).start()
    try:
        try:
            code = talk.go_on(client)
        except KeyboardInterrupt:
            code = talk.result(client)
        finally:
            client.close()
        talk.hear_the_rest()
    except BrokenPipeError:
        # Whoever read has gone; Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


class _Talk:
    def __init__(self, wanted: Answers) -> None:
        self.news: queue.SimpleQueue[News | str | None] = queue.SimpleQueue()
        self._room = wanted.room
        self._is_person = sys.stdin.isatty()
        self._said: set[str] = set()
        self._refused: set[str] = set()
        self._before: tuple[str, int] | None = None
        self._printed = 0
        self._told = ""
        self._view: View | None = None
        self._ends_at: float | None = None

    def read(self) -> None:
        for line in sys.stdin:
            self.news.put(line.rstrip("\n"))
        self.news.put(None)

    def go_on(self, client: Client) -> int:
        while True:
            with suppress(queue.Empty):
                each = self.news.get(timeout=0.1 if self._ends_at else None)
                if each is None:
                    self._ends_at = time.monotonic() + _SENT_WITHIN_S
                elif isinstance(each, str):
                    if not self._typed(client, each):
                        return self.result(client)
                elif not self.hear(each):
                    return self.result(client) or 1
            if self._ends_at and not self._waiting(client):
                return self.result(client)
            if self._ends_at and time.monotonic() > self._ends_at:
                _tell("The server did not take everything in time.")
                return self.result(client)

    def hear_the_rest(self) -> None:
        """What came while the client closed."""
        while not self.news.empty():
            if isinstance(each := self.news.get(), View):
                self.hear(each)

    def result(self, client: Client) -> int:
        if waiting := self._waiting(client):
            _tell(f"Not sent yet: {waiting}. It is kept, and goes out when you come to this room here again.")
        return 1 if waiting or self._refused else 0

    def _waiting(self, client: Client) -> int:
        """How many of the lines that came in have no answer."""
        waits = [entry for entry in client.waiting(self._room) if entry.client_id in self._said]
        for entry in waits:
            if entry.code and entry.client_id not in self._refused:
                self._refused.add(entry.client_id)
                _tell(f"Refused: {entry.reason}")
                client.discard(self._room)
        return sum(entry.code is None for entry in waits)

    def _typed(self, client: Client, line: str) -> bool:
        """False: that was the end."""
        match commands.parse(line) if self._is_person else commands.Say(line):
            case commands.Say(body):
                if body.strip():
                    try:
                        self._said.add(client.say(self._room, body).client_id)
                    except (OSError, sqlite3.Error) as error:
                        self._refused.add("")
                        _tell(f"Not kept, and not sent: {error}.")
            case commands.Command("/quit"):
                return False
            case commands.Command("/nick", name):
                client.rename(self._room, name)
            case commands.Command("/who") if self._view:
                _tell(", ".join(safe.line(member.name) for member in self._view.members))
            case commands.Command("/retry"):
                client.retry(self._room)
            case commands.Command("/help"):
                for usage, meaning in commands.HELP.items():
                    _tell(f"{usage:12} {meaning}")
            case commands.Command(name):
                _tell(f"{name} needs the full screen: leave out --plain.")
            case commands.Mistake(why):
                _tell(why)
        return True

    def hear(self, news: News) -> bool:
        match news:
            case Link(state, why):
                return self._link(state, why)
            case Happened(text=text):
                _tell(safe.line(text))
            case View():
                return self._show(news)
        return True

    def _link(self, state: str, why: str) -> bool:
        if state == "ready" and self._told:
            _tell("Connected.")
            self._told = ""
        elif why and why != self._told:
            self._told = why
            _tell(why if state == "stopped" else f"{why} Trying again.")
        return state != "stopped"

    def _show(self, view: View) -> bool:
        entered = self._view is None or self._view.state != view.state
        self._view = view
        if view.state in ("unnamed", "refused") and entered:
            _tell(view.why + (" Take another one with /nick NAME." if self._is_person else ""))
            return self._is_person
        if view.before is None:
            return True
        if view.before != self._before:
            self._before = view.before
            self._printed = view.before[1]
            backlog = [message for message in view.messages if message.id <= self._printed]
            self._print(view, backlog[-_BACKLOG:] if self._is_person else [])
        self._print(view, [message for message in view.messages if message.id > self._printed])
        return True

    def _print(self, view: View, messages: Sequence[WireMessage]) -> None:
        for message in messages:
            print(lines.plain(lines.of_message(message, view.me.id)), flush=True)
            self._printed = max(self._printed, message.id)


def _tell(sentence: str) -> None:
    print(f"-- {sentence}", file=sys.stderr, flush=True)
