"""What a typed line means: something to say, or a command. The same in every client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

HELP: Final = {
    "/me waves": "say what you do",
    "/nick NAME": "take another name in this room",
    "/join ROOM": "come into a room, or go to it",
    "/leave": "leave this room",
    "/who": "say who is here",
    "/retry": "send what was refused once more",
    "/discard": "forget what was refused",
    "/help": "show this list",
    "/quit": "leave every room and end",
}
NAMES: Final = tuple(usage.split()[0] for usage in HELP)
_NEED: Final = {"/nick": "a name", "/join": "a room"}


@dataclass(frozen=True, slots=True)
class Say:
    body: str


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One sentence: why this is neither."""

    why: str


def parse(typed: str) -> Say | Command | Mistake:
    """`//x` says `/x`; an unknown command is never sent as text."""
    first, _, rest = typed.partition(" ")
    if not typed.startswith("/") or first == "/me":
        return Say(typed)
    if typed.startswith("//"):
        return Say(typed[1:])
    if first not in NAMES:
        return Mistake(f"There is no command {first}. /help lists them; //{first[1:]} says it as text.")
    if first in _NEED and not rest.strip():
        return Mistake(f"{first} needs {_NEED[first]}.")
    return Command(first, rest.strip())


def complete(typed: str, names: list[str]) -> str | None:
    """The line with its last word completed, as far as that is clear; None when nothing fits."""
    head, space, word = typed.rpartition(" ")
    is_command = not space and word.startswith("/")
    choices = list(NAMES) if is_command else names
    bare = word.removeprefix("@").casefold()
    fitting = [choice for choice in choices if choice.casefold().startswith(bare)] if bare else []
    if not fitting:
        return None
    found = fitting[0] if len(fitting) == 1 else _common(fitting)
    ending = (" " if is_command else ": " if not space else " ") if len(fitting) == 1 else ""
    return head + space + found + ending if len(found) + len(ending) >= len(bare) else None


def _common(words: list[str]) -> str:
    shortest = min(words, key=len)
    while not all(word.casefold().startswith(shortest.casefold()) for word in words):
        shortest = shortest[:-1]
    return shortest
