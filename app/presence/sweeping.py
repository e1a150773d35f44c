"""Who is gone: whose grace has ended, and who was connected to a process that died. Any process finds it for all."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack
from typing import Final

from app.chat.members import Member
from app.chat.refusals import Unavailable
from app.presence import scripts
from app.presence.hosting import Hosting, changes_of

# After Redis was away everybody has so long to say who is there, before anybody is told as gone.
SETTLE_S: Final = 5.0
# Whoever is given a room to look after has it alone for so long.
ALONE_MS: Final = 2_000
ROOMS_AT_ONCE: Final = 100
SEATS_AT_ONCE: Final = 500

Gone = list[tuple[str, Member]]


class Sweeper:
    def __init__(self, hosting: Hosting, lease_s: float) -> None:
        self._hosting = hosting
        self._lease_ms = round(lease_s * 1000)
        self._lock = threading.Lock()

    def sweep(self) -> Gone:
        """(room, member) of those whom this process has found gone; what others find is news."""
        gone: Gone = []
        with self._lock:
            try:
                while self._may_sweep() and self._sweep_some(gone):
                    pass
            except Unavailable:
                # Of what was done and not heard of the mirrors will know.
                pass
        return gone

    def _may_sweep(self) -> bool:
        hosting = self._hosting
        if not hosting.link.is_well:
            hosting.cut_at = time.monotonic()
        return time.monotonic() - hosting.cut_at > SETTLE_S

    def _sweep_some(self, gone: Gone) -> bool:
        """Whether there may be more. fails Unavailable"""
        hosting = self._hosting
        given, dead, left = hosting.ask(scripts.of_index("due", hosting.life, ALONE_MS, ROOMS_AT_ONCE))[0]
        marks = {room.decode(): mark for room, mark in zip(given[::2], given[1::2], strict=True)}
        orphans = {room.decode() for room in left}
        nexts = self._sweep_rooms(sorted(marks.keys() | orphans), orphans, dead, gone)
        done = [scripts.of_index("settle", room, mark, nexts[room]) for room, mark in marks.items() if room in nexts]
        for room in orphans & nexts.keys():
            done.append(scripts.of_index("note", room, hosting.grace_ms))
            done.append(("SREM", scripts.rooms_of(dead.decode()), room))
        if done:
            hosting.ask(*done)
        return len(marks) == ROOMS_AT_ONCE or bool(orphans)

    def _sweep_rooms(self, rooms: list[str], orphans: set[str], dead: bytes, gone: Gone) -> dict[str, bytes]:
        """When each is to be looked after next. fails Unavailable"""
        if not rooms:
            return {}
        hosting = self._hosting
        with ExitStack() as held:
            # What we do must not come between another question of ours about the room and its answer.
            hosted = {room: held.enter_context(hosting.at(room)) for room in rooms if hosting.open(room)}
            for here in hosted.values():
                if here.is_stale:
                    hosting.begin(here)
            asked = [
                scripts.of_room(
                    "sweep",
                    room,
                    hosting.process,
                    "",
                    dead if room in orphans else "",
                    hosting.grace_ms,
                    self._lease_ms,
                    SEATS_AT_ONCE,
                )
                for room in rooms
            ]
            try:
                answers = hosting.ask_at_once(*asked)
            except Unavailable:
                for here in hosted.values():
                    here.is_stale = True
                raise
            nexts = {}
            for room, (_, (next_at,), packed) in zip(rooms, answers, strict=True):
                changes = changes_of(packed)
                nexts[room] = next_at
                gone += [(room, Member(each.member, each.name)) for each in changes if each.name and not each.is_seen]
                if room in hosted:
                    hosting.learn(hosted[room], changes)
            return nexts
