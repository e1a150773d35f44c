"""Limits over a real Redis, between two that stand for two processes. Reports are made by hand."""

import time
from contextlib import suppress

import msgspec
import pytest

from app.chat.refusals import TooFast, Unavailable
from app.config import Settings
from app.redis.ledger import MOST_S, RedisLedger
from app.redis.link import RedisLink
from app.web import log
from app.web.limits import RateLimits
from app.web.spending import SharedSpending
from tests.live import until

# Few, so that even a slow machine earns none while a test runs.
ALLOWED = 4
EARNED_PER_S = ALLOWED / 10
SETTINGS = msgspec.structs.replace(Settings(), messages_per_10s=ALLOWED)


class Process:
    """`ahead_s`: what its clock shows more than another's, as after a start at another time."""

    def __init__(self, url, ahead_s):
        def clock():
            return time.monotonic() + ahead_s

        self.limits = RateLimits(SETTINGS, clock)
        self.link = RedisLink(url)
        self.spending = SharedSpending(self.limits.shareable, RedisLedger(self.link), clock)

    def spends(self, times, who="ann", connection=None, address=None, room=None):
        """How many of them were let through, and the wait in ms that ended it, or None."""
        for spent in range(times):
            try:
                self.limits.spend("message", who, connection, address, room)
            except TooFast as no:
                return spent, no.retry_after_ms
        return times, None

    def would_refuse(self, who):
        """Nothing is spent by asking."""
        allowance = self.limits.shareable["message"]
        try:
            allowance.after(who, 1, allowance._clock())
        except TooFast:
            return True
        return False


@pytest.fixture
def here(redis_server):
    redis_server.flushes()
    return Process(redis_server.url, 0)


@pytest.fixture
def there(redis_server):
    return Process(redis_server.url, 100_000)


def test_two_processes_together_allow_what_one_does(here, there):
    began, spent = time.monotonic(), 0
    while progress := here.spends(1)[0] + there.spends(1)[0]:
        spent += progress
        here.spending.report()
        there.spending.report()
    earned = EARNED_PER_S * (time.monotonic() - began)

    # One more each, before they know of the other's last.
    assert ALLOWED <= spent <= ALLOWED + earned + 2


def test_who_spent_all_at_one_is_refused_at_the_other_and_told_how_long(here, there):
    assert here.spends(ALLOWED) == (ALLOWED, None)
    here.spending.report()
    assert there.spends(3) == (3, None)
    there.spending.report()

    spent, wait_ms = there.spends(1)

    assert spent == 0
    # What was spent too much, and one.
    assert 0 < wait_ms <= 4000 / EARNED_PER_S


def test_others_are_not_refused_for_it(here, there):
    here.spends(ALLOWED)
    here.spending.report()
    there.spends(1)
    there.spends(1, "bob")
    there.spending.report()

    assert there.spends(1)[0] == 0
    assert there.spends(ALLOWED - 1, "bob") == (ALLOWED - 1, None)


def test_what_is_spent_while_the_answer_is_on_its_way_counts(here, there):
    began = time.monotonic()
    here.spends(ALLOWED // 2)
    here.spending.report()
    add = there.spending._ledger.add

    def slow(*asked):
        answer = add(*asked)
        assert there.spends(ALLOWED // 2 - 1) == (ALLOWED // 2 - 1, None)
        return answer

    there.spending._ledger.add = slow
    there.spends(1)
    there.spending.report()

    assert there.spends(ALLOWED)[0] <= EARNED_PER_S * (time.monotonic() - began)


def test_who_is_at_one_process_alone_has_all_of_it(here):
    for _ in range(ALLOWED):
        assert here.spends(1) == (1, None)
        here.spending.report()


def test_members_addresses_and_rooms_are_shared_a_connection_is_not_and_nothing_stays(here):
    here.spends(1, "ann", "her line", "home", "tea")
    here.spending.report()

    names = {name.decode() for name in here.link.client.keys("*")}
    assert names == {"chat:{spent}:message:ann", "chat:{spent}:address:home", "chat:{spent}:room:tea"}
    assert here.link.client.pttl("chat:{spent}:message:ann") in range(1, round(1000 / EARNED_PER_S) + 1)


def test_while_redis_is_away_each_counts_alone_and_then_together_again(redis_server, here, there):
    redis_server.stop()
    try:
        for _ in range(100):
            here.spends(1)
            with suppress(Unavailable):
                here.spending.report()
        assert not any(here.spending._allowances[kind].take_spent() for kind in here.spending._allowances)
        assert here.spends(1)[0] == 0
        assert there.spends(1, "bob") == (1, None)
    finally:
        redis_server.start()
    assert here.link.check()
    here.spends(ALLOWED, "zoe")
    here.spending.report()
    there.spends(1, "zoe")
    there.spending.report()

    assert there.spends(1, "zoe")[0] == 0


def test_a_clock_of_redis_that_was_set_back_refuses_nobody_for_long(here):
    here.link.client.set("chat:{spent}:message:ann", round((time.time() + 3600) * 1e6))
    here.spends(1)
    here.spending.report()

    assert here.spends(1)[1] <= MOST_S * 1000


def test_what_is_reported_in_many_parts_is_learned_by_the_right_ones(here, there):
    crowd = [f"guest {number}" for number in range(1200)]
    for who in crowd:
        here.spends(ALLOWED if who == crowd[-1] else 1, who)
    here.spending.report()
    for who in crowd:
        there.spends(1, who)
    there.spending.report()

    assert [who for who in crowd if there.spends(1, who)[0] == 0] == crowd[-1:]


def test_its_thread_reports_by_itself(here):
    here.spending.start()

    until(lambda: here.spends(1) and here.link.client.exists("chat:{spent}:message:ann"), what="a report")


def test_its_thread_outlives_redis_which_lets_nobody_through_without_bound(monkeypatch, redis_server, here, there):
    bugs, unavailable = [], []
    monkeypatch.setattr(log, "bug", lambda *what: bugs.append(what))
    add = here.spending._ledger.add

    def watched(*asked):
        try:
            return add(*asked)
        except Unavailable:
            unavailable.append(asked)
            raise

    monkeypatch.setattr(here.spending._ledger, "add", watched)
    here.spending.start()
    there.spending.start()
    began, let_through = time.monotonic(), 0
    redis_server.stop()
    try:
        while len(unavailable) < 3 and time.monotonic() < began + 10:
            let_through += here.spends(1)[0]
            time.sleep(0.01)
        assert len(unavailable) >= 3
        assert ALLOWED <= let_through <= ALLOWED + EARNED_PER_S * (time.monotonic() - began) + 1
    finally:
        redis_server.start()
    assert here.link.check()
    assert there.link.check()

    here.spends(ALLOWED, "zoe")
    until(lambda: here.link.client.exists("chat:{spent}:message:zoe"), what="a report")
    assert there.spends(1, "zoe") == (1, None)
    until(lambda: there.would_refuse("zoe"), what="what was spent elsewhere")
    assert bugs == []


def test_alone_nothing_is_kept_for_others():
    limits = RateLimits(SETTINGS)
    limits.spend("message", "ann", "her line", "home", "tea")

    assert all(allowance._spent is None for allowance in limits.shareable.values())
