"""Address, room and name: given, asked for at the terminal, or wrong."""

from __future__ import annotations

import sys

from clients import address, lobby, safe
from clients.memory import Answers

_USUAL = "http://127.0.0.1:8000"


class Unanswered(Exception):
    """Something is missing and there is nobody to ask. One sentence."""


def place(given: Answers, last: Answers) -> Answers:
    """Where to go, in full. What was answered last time stands ready; Enter takes it.

    refuses  WrongAddress, Unanswered
    """
    typed = given.address or _ask("Address", last.address or _USUAL, "ADDRESS")
    server, linked = (found := address.parse(typed)).server, found.room or ""
    room = lobby.room(server, given.room or linked or _ask("Room", last.room, "--room"))
    name = given.name or _ask("Your name", last.name, "--name")
    return Answers(server, room, name.strip())


def _ask(what: str, usual: str, word: str) -> str:
    if not sys.stdin.isatty():
        raise Unanswered(f"{what} is missing: give {word}, there is nobody to ask.")
    shown = f" [{safe.line(usual)}]" if usual else ""
    while not (answer := input(f"{what}{shown}: ").strip() or usual):
        pass
    return answer
