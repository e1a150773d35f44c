"""One process: there is nobody else to tell."""

from __future__ import annotations

from app.chat.facts import RoomFact
from app.chat.ports import Hear


class LocalBus:
    is_shared = False
    is_well = True

    def start(self, hear: Hear) -> None: ...

    def listen(self, room: str) -> None: ...

    def ignore(self, room: str) -> None: ...

    def ring(self, fact: RoomFact) -> None: ...
