"""What goes on by itself: this process says that it lives, and puts right what it or Redis has wrong."""

from __future__ import annotations

import secrets
import threading
import time
from typing import Final

from app.chat.refusals import Unavailable
from app.presence import scripts
from app.presence.hosting import Hosted, Hosting
from app.redis.link import Words

BEAT_S: Final = 2.0
ALIVE_MS: Final = 8_000
# Whom Redis lost and nobody has put back after so long is gone.
MISSED_S: Final = 20.0
ROOMS_AT_ONCE: Final = 500


class Keeper:
    def __init__(self, hosting: Hosting) -> None:
        self._hosting = hosting
        self._is_stopped = False

    def start(self) -> None:
        threading.Thread(target=self._work, name="presence", daemon=True).start()

    def stop(self) -> None:
        self._is_stopped = True
        self._hosting.wake.set()

    def beat(self) -> None:
        """fails Unavailable"""
        self._renew()
        self._compare()
        self.heal()

    def heal(self) -> None:
        """fails Unavailable"""
        hosting = self._hosting
        for room in [here.room for here in list(hosting.rooms.values()) if here.is_stale]:
            with hosting.at(room) as here:
                if here.is_stale:
                    hosting.begin(here)

    def _work(self) -> None:
        wake = self._hosting.wake
        beat_at = time.monotonic()
        while not self._is_stopped:
            wake.clear()
            try:
                if time.monotonic() >= beat_at:
                    beat_at = time.monotonic() + BEAT_S
                    self.beat()
                else:
                    self.heal()
            except Unavailable:
                # What is stale stays so until the next beat.
                wake.clear()
            wake.wait(max(0.0, beat_at - time.monotonic()))

    def _renew(self) -> None:
        """Who was taken for dead takes a new name, and says in every room who is there."""
        hosting = self._hosting
        if not hosting.ask(scripts.of_index("renew", hosting.life, ALIVE_MS))[0] and not self._is_stopped:
            self._begin_anew()
            hosting.ask(scripts.of_index("renew", hosting.life, ALIVE_MS))

    def _begin_anew(self) -> None:
        hosting = self._hosting
        hosting.life = secrets.token_hex(6)
        for here in list(hosting.rooms.values()):
            here.is_stale = True

    def _compare(self) -> None:
        hosting = self._hosting
        rooms = [here for here in list(hosting.rooms.values()) if here.is_open]
        for at in range(0, len(rooms), ROOMS_AT_ONCE):
            self._compare_some([(here, here.host, here.mirror.heard) for here in rooms[at : at + ROOMS_AT_ONCE]])
        missed_before = time.monotonic() - MISSED_S
        for here in rooms:
            hosting.give_up(here, missed_before)

    def _compare_some(self, rooms: list[tuple[Hosted, str, int]]) -> None:
        """A mirror that does not know by now what was in Redis a beat ago has missed something."""
        asked: list[Words] = []
        for here, host, _ in rooms:
            asked.append(("SISMEMBER", scripts.room_key(here.room, "hosts"), host))
            asked.append(("HGET", scripts.room_key(here.room, "room"), "version"))
        answers = self._hosting.ask_at_once(*asked)
        for (here, host, heard), is_host, version in zip(rooms, answers[::2], answers[1::2], strict=True):
            if here.host != host:
                continue
            if version is not None and int(version) < heard:
                here.mirror.doubt_all()
                here.is_stale = True
            elif not is_host or here.mirror.heard < here.expected:
                here.is_stale = True
            here.expected = int(version or 0)
