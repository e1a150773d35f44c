"""What people called the rooms that have no message, and so no row, yet. Nothing rests on it."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from app.chat.ports import SharedTitles

KEPT: Final = 10_000


class Titles:
    """The first name of a room stays, until there are too many. shared: None where there is one process"""

    def __init__(self, shared: SharedTitles | None) -> None:
        self._shared = shared
        self._known: OrderedDict[str, str] = OrderedDict()

    def note(self, slug: str, title: str) -> None:
        if self.find(slug) is None:
            self._keep(slug, title)
            if self._shared is not None:
                self._shared.note(slug, title)

    def known(self, slug: str) -> str | None:
        """Without asking anybody."""
        return self._known.get(slug)

    def find(self, slug: str) -> str | None:
        """Also what was typed in another process."""
        if slug not in self._known and self._shared is not None and (title := self._shared.find(slug)):
            self._keep(slug, title)
        return self._known.get(slug)

    def forget(self, slug: str) -> None:
        self._known.pop(slug, None)

    def _keep(self, slug: str, title: str) -> None:
        self._known[slug] = title
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
