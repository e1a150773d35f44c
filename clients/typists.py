"""Who types just now: each for some seconds after it was last told, or until their message is there."""

from __future__ import annotations

from collections.abc import Iterable

from app.protocol import WireMember

KEPT_S = 6.0
# My own typing is told no more often than this.
TOLD_S = 3.0


class Typists:
    def __init__(self) -> None:
        self._until: dict[str, tuple[str, float]] = {}

    def told(self, members: Iterable[WireMember], now: float) -> None:
        self._until |= {member.id: (member.name, now + KEPT_S) for member in members}

    def said(self, member: str) -> None:
        self._until.pop(member, None)

    def names(self, now: float, me: str) -> tuple[str, ...]:
        self._until = {id_: each for id_, each in self._until.items() if each[1] > now}
        return tuple(name for id_, (name, _) in self._until.items() if id_ != me)
