from app.chat.refusals import TooFast
from app.web.admission import Admission


class Clock:
    now = 50.0

    def __call__(self):
        return self.now


def crowd(admission, count):
    """How many of `count` who come at one moment are let in, and when the others are told to come back, in ms."""
    waits = []
    for _ in range(count):
        try:
            admission.enter()
        except TooFast as refusal:
            waits.append(refusal.retry_after_ms)
    return count - len(waits), waits


def test_a_crowd_is_let_in_at_the_rate_and_the_rest_told_different_moments():
    clock = Clock()
    admission = Admission(100, clock)

    inside, waits = crowd(admission, 1000)

    assert 40 <= inside <= 60
    assert len(set(waits)) == len(waits)
    assert waits == sorted(waits)
    assert 9_000 <= max(waits) <= 11_000


def test_those_who_come_back_when_told_are_let_in():
    clock = Clock()
    admission = Admission(100, clock)
    _, waits = crowd(admission, 1000)

    refused = 0
    start = clock.now
    for wait_ms in waits:
        clock.now = start + wait_ms / 1000
        refused += crowd(admission, 1)[0] == 0

    assert refused == 0


def test_nobody_waits_when_there_is_no_crowd():
    clock = Clock()
    admission = Admission(10, clock)

    for _ in range(100):
        assert crowd(admission, 1) == (1, [])
        clock.now += 0.1


def test_a_flood_sends_nobody_away_for_long():
    clock = Clock()
    admission = Admission(100, clock)

    _, waits = crowd(admission, 100_000)

    assert max(waits) <= 61_000
    assert len(set(waits)) > 5_000
