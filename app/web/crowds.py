"""Rooms too big to list to everybody: there the digests count, and who wants names asks for them page by page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.chat.members import Member

# A crowd stays one until it is clearly smaller: at the limit, every coming and going would change what it is.
SHRUNK: Final = 0.8


class Crowds:
    """`listed` is how many people a room may have to be listed in full."""

    def __init__(self, listed: int) -> None:
        self._listed = listed
        self._crowds: set[str] = set()

    def has(self, room: str, count: int) -> bool:
        """Whether this room, with so many people, is a crowd now."""
        if count > self._listed:
            self._crowds.add(room)
        elif count <= self._listed * SHRUNK:
            self._crowds.discard(room)
        return room in self._crowds

    def page(self, members: Sequence[Member], after: str | None) -> tuple[list[Member], bool]:
        """The next of them by name, behind the name `after`, and whether there are more."""
        behind = order(after) if after is not None else ("", "")
        rest = sorted((each for each in members if order(each.name) > behind), key=lambda each: order(each.name))
        return rest[: self._listed], len(rest) > self._listed


def order(name: str) -> tuple[str, str]:
    """Names are sorted by this: as they are read, then as they are written."""
    return name.casefold(), name
