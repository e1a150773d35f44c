"""How long somebody who was too fast has to wait: as long as they are told, and no longer."""

import random

import pytest

from app.chat.refusals import TooFast
from app.config import Settings
from app.web.limits import RateLimits


class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("time.time", clock)
    return clock


@pytest.mark.parametrize("seed", range(20))
def test_who_waits_as_told_is_let_through(clock, seed):
    chance = random.Random(seed)
    limits = RateLimits(Settings(messages_per_10s=chance.choice([1, 2, 5, 20])))
    told = 0
    clock.now += chance.uniform(0, 10)

    for _ in range(200):
        clock.now += chance.expovariate(5)
        try:
            limits.spend("message", "ann")
        except TooFast as no:
            told += 1
            clock.now += no.retry_after_ms / 1000
            limits.spend("message", "ann")

    assert told


def test_one_persons_haste_holds_up_nobody_else(clock):
    limits = RateLimits(Settings(messages_per_10s=1))
    limits.spend("message", "ann")

    with pytest.raises(TooFast):
        limits.spend("message", "ann")

    limits.spend("message", "ben")
    limits.spend("read", "ann")
