"""Sending somebody out of a room, wherever they are connected, and keeping them out for a while."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

from app.chat.facts import MemberKicked
from app.chat.refusals import Forbidden, NotInRoom
from app.chat.service import Chat
from app.transport.live import Live
from app.web import log
from app.web.telling import Teller

KEPT_OUT_S: Final = 600.0
# Beyond so many the oldest may come back.
KEPT: Final = 10_000


class KickBook(Protocol):
    """Who is kept out, where every process can read it. No clock is shared: there are only lengths of time."""

    def note(self, room: str, member_id: str, seconds: float) -> None:
        """Kept out for so long from now on. fails Unavailable"""

    def all(self) -> list[tuple[str, str, float]]:
        """(room, member id, seconds left) of everybody who is kept out now. fails Unavailable"""


class Kicks:
    """Every process knows of every kick. clock: seconds, monotonic. book: None where there is one process"""

    def __init__(
        self, chat: Chat, live: Live, teller: Teller, clock: Callable[[], float], book: KickBook | None
    ) -> None:
        self._chat = chat
        self._live = live
        self._teller = teller
        self._clock = clock
        self._book = book
        self._until: dict[tuple[str, str], float] = {}

    def note(self, kick: MemberKicked) -> None:
        """For those who do not hear of it just now. fails Unavailable"""
        if self._book:
            self._book.note(kick.room, kick.member.id, KEPT_OUT_S)

    def carry_out(self, kick: MemberKicked) -> None:
        """Their connections to this process leave the room and end. May wait."""
        self._keep_out(kick.room, kick.member.id, KEPT_OUT_S)

    def recall(self) -> None:
        """Carry out what this process may not have heard of. May wait. fails Unavailable"""
        for room, member_id, left_s in self._book.all() if self._book else ():
            self._keep_out(room, member_id, min(left_s, KEPT_OUT_S))

    def check(self, room: str, member_id: str) -> None:
        """refuses Forbidden"""
        left_s = self._until.get((room, member_id), 0.0) - self._clock()
        if left_s > 0:
            minutes = math.ceil(left_s / 60)
            raise Forbidden("kicked", f"You were sent out of this room. You may come back in {minutes} min.")
        self._until.pop((room, member_id), None)

    def _keep_out(self, room: str, member_id: str, for_s: float) -> None:
        self._until.pop((room, member_id), None)
        self._until[room, member_id] = self._clock() + for_s
        if len(self._until) > KEPT:
            self._until.pop(next(iter(self._until)))
        name = self._chat.name_here(room, member_id)
        for connection in self._chat.connections(room, member_id):
            with suppress(NotInRoom):
                self._teller.tell(self._chat.leave(room, member_id, connection))
            self._live.send_away(connection)
            log.event("leave", "operator", room=room, member=member_id, name=name or "", why="kicked")
