"""Everybody is asked for a sign of life in time, whoever comes meanwhile."""

from __future__ import annotations

import weakref
from typing import Any

from app.transport.connection import Connection
from app.transport.pulse import BEAT_S, Pulse

INTERVAL_S, TIMEOUT_S = 7, 5


class Client:
    """A connection whose owner answers, or does not."""

    def __init__(self, world: World, answers: bool) -> None:
        self.asked_at: list[float] = []
        self.closed = False
        self.is_answer_due = False
        self.is_paused = False
        self._world = world
        self._answers = answers

    def push(self, _data: bytes) -> None:
        self.asked_at.append(self._world.now)
        self.is_answer_due = not self._answers

    def finish(self, _code: int, _reason: str) -> None:
        self.closed = True
        self._world.pulse.forget(self)  # type: ignore[arg-type]


class World:
    def __init__(self) -> None:
        self.now = 0.0
        self.pulse = Pulse(INTERVAL_S, TIMEOUT_S, lambda: self.now)

    def client(self, *, answers: bool = True) -> Any:
        client = Client(self, answers)
        connection: Connection = client  # type: ignore[assignment]
        self.pulse.add(connection)
        return client

    def beat(self) -> None:
        self.now += BEAT_S
        self.pulse.beat()


def test_newcomers_do_not_delay_the_next_ping_of_those_who_are_here():
    world = World()
    ann = world.client()

    for _ in range(200):
        world.beat()
        world.client()

    gaps = [after - before for before, after in zip([0.0, *ann.asked_at], ann.asked_at, strict=False)]
    assert len(gaps) > 10
    assert max(gaps) <= INTERVAL_S + BEAT_S


def test_who_does_not_answer_in_time_is_ended_and_who_does_is_not():
    world = World()
    ann, silent = world.client(), world.client(answers=False)

    while world.now < INTERVAL_S + TIMEOUT_S + 2 * BEAT_S:
        world.beat()

    assert silent.closed
    assert not ann.closed


def test_a_server_that_slept_gives_everybody_the_time_it_slept():
    world = World()
    silent = world.client(answers=False)
    while not silent.asked_at:
        world.beat()

    world.now += 60
    world.beat()
    assert not silent.closed

    for _ in range(int(TIMEOUT_S / BEAT_S) + 2):
        world.beat()
    assert silent.closed


def test_who_says_more_than_we_read_is_not_taken_for_silent():
    world = World()
    ann = world.client(answers=False)
    ann.is_paused = True
    for _ in range(int((INTERVAL_S + 3 * TIMEOUT_S) / BEAT_S)):
        world.beat()
    assert not ann.closed

    ann.is_paused = False
    for _ in range(int(TIMEOUT_S / BEAT_S) + 1):
        world.beat()

    assert ann.closed


def test_nothing_is_kept_of_who_has_gone():
    world = World()
    gone = world.client(answers=False)
    for _ in range(int(INTERVAL_S / BEAT_S) + 1):
        world.beat()
    assert gone.is_answer_due
    kept = weakref.ref(gone)

    gone.finish(1000, "left")
    del gone

    assert kept() is None
