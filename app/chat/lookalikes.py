"""The rooms people are in that have no row yet, by what they look like."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from typing import Final

from app.chat import rooms

KEPT: Final = 2_000


class Lookalikes:
    """Remembers the rooms entered last, at most `kept`: nobody fills the memory by entering many."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._looks: OrderedDict[str, frozenset[str]] = OrderedDict()
        self._rooms: defaultdict[str, set[str]] = defaultdict(set)

    def enter(self, slug: str, title: str) -> None:
        if slug in self._looks:
            self._looks.move_to_end(slug)
            return
        self._looks[slug] = rooms.looks_of(slug, title)
        for look in self._looks[slug]:
            self._rooms[look].add(slug)
        if len(self._looks) > self._kept:
            self._forget(*self._looks.popitem(last=False))

    def like(self, slug: str, title: str) -> set[str]:
        """The rooms that share a look with this one."""
        shared = (self._rooms.get(look, set()) for look in rooms.looks_of(slug, title))
        return set().union(*shared) - {slug}

    def _forget(self, slug: str, looks: frozenset[str]) -> None:
        for look in looks:
            self._rooms[look].discard(slug)
            if not self._rooms[look]:
                del self._rooms[look]
