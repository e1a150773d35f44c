import pytest

from app.chat.refusals import TooFast
from app.web import limits
from app.web.limits import Allowance


@pytest.fixture
def allowance(clock):
    return Allowance(5, 10, clock)


def spend(allowance, times, who="ann"):
    """The wait in ms that ended it, or None."""
    try:
        for _ in range(times):
            allowance.spend(who)
    except TooFast as refusal:
        return refusal.retry_after_ms
    return None


def test_the_whole_allowance_may_be_spent_at_once_and_then_is_earned_one_by_one(allowance, clock):
    assert spend(allowance, 5) is None
    wait_ms = spend(allowance, 1)
    assert wait_ms == 2000

    clock.now += wait_ms / 1000
    assert spend(allowance, 1) is None
    assert spend(allowance, 1) == 2000


def test_who_waits_as_told_is_never_refused_again(allowance, clock):
    for step in range(200):
        wait_ms = spend(allowance, 1)
        if wait_ms is not None:
            clock.now += wait_ms / 1000
            assert spend(allowance, 1) is None, step
        clock.now += 0.137


def test_a_refusal_costs_nothing(allowance, clock):
    spend(allowance, 5)
    for _ in range(100):
        assert spend(allowance, 1) == 2000


def test_one_does_not_spend_anothers(allowance):
    spend(allowance, 6)

    assert spend(allowance, 5, "bob") is None


def test_those_who_stopped_take_no_memory(clock, monkeypatch):
    monkeypatch.setattr(limits, "KEPT", 10)
    allowance = Allowance(5, 10, clock)
    for number in range(100):
        spend(allowance, 1, f"guest {number}")
        clock.now += 11

    assert len(allowance._settled_at) <= 11


def test_many_live_names_do_not_make_each_spend_slow(clock, monkeypatch):
    monkeypatch.setattr(limits, "KEPT", 10)
    allowance = Allowance(5, 10, clock)
    tables = set()
    for number in range(1000):
        spend(allowance, 1, f"guest {number}")
        tables.add(id(allowance._settled_at))

    assert len(tables) < 20
