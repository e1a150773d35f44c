"""Sending somebody out of a room, wherever they are connected, and keeping them out for a while."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from app.chat.facts import MemberKicked
from app.chat.refusals import Forbidden, NotInRoom
from app.chat.service import Chat
from app.transport.live import Live
from app.web import log
from app.web.telling import Teller

KEPT_OUT_S: Final = 600.0
# Beyond so many the oldest may come back.
KEPT: Final = 10_000


class Kicks:
    """Every process knows of every kick. clock: seconds, monotonic"""

    def __init__(self, chat: Chat, live: Live, teller: Teller, clock: Callable[[], float]) -> None:
        self._chat = chat
        self._live = live
        self._teller = teller
        self._clock = clock
        self._until: dict[tuple[str, str], float] = {}

    def carry_out(self, kick: MemberKicked) -> None:
        """Their connections to this process leave the room and end. May wait."""
        room, member = kick.room, kick.member
        self._until.pop((room, member.id), None)
        self._until[room, member.id] = self._clock() + KEPT_OUT_S
        if len(self._until) > KEPT:
            self._until.pop(next(iter(self._until)))
        for connection in self._chat.connections(room, member.id):
            with suppress(NotInRoom):
                self._teller.tell(self._chat.leave(room, member.id, connection))
            self._live.send_away(connection)
            log.event("leave", "operator", room=room, member=member.id, name=member.name, why="kicked")

    def check(self, room: str, member_id: str) -> None:
        """refuses Forbidden"""
        left_s = self._until.get((room, member_id), 0.0) - self._clock()
        if left_s > 0:
            minutes = math.ceil(left_s / 60)
            raise Forbidden("kicked", f"You were sent out of this room. You may come back in {minutes} min.")
        self._until.pop((room, member_id), None)
