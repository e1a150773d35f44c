import itertools

import msgspec
import pytest

from app import config
from app.chat.refusals import TooFast
from app.config import Settings
from app.web import limits
from app.web.limits import Allowance, RateLimits

STEP_S = 0.1


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


# what all pay together


def refusals(clock, people, seconds, settings=None):
    """What is refused while `people` do what they do. Each is called at each step, and gives the next spending."""
    rates, found = RateLimits(settings or Settings(), clock), []
    for _ in range(round(seconds / STEP_S)):
        for person in people:
            for what in person(clock.now):
                try:
                    rates.spend(*what)
                except TooFast as no:
                    found.append((what, no))
        clock.now += STEP_S
    return found


def honest(number, address="198.51.100.7", room="tea"):
    """Somebody who, as fast as people are: comes in, says a line a second, types, scrolls back, changes a name."""
    me, once = (f"person {number}", f"line {number}", address), itertools.count()

    def acts(now):
        step = next(once)
        if step == 0:
            yield ("join", *me)
        if step == 30:
            yield ("rename", *me, room)
        if step % 10 == number % 10:
            yield ("message", *me, room)
            yield ("read", *me)
        if step % 30 == number % 30:
            yield ("typing", *me, room)

    return acts


def flooder(number, address, room="tea"):
    """A throw-away identity, at the pace that its own limits allow."""

    def acts(now):
        for _ in range(2):
            yield "message", f"throw-away {number}", f"line {number}", address, room

    return acts


def test_sixty_honest_people_behind_one_address_are_never_refused(clock):
    """Row 11 of the threats."""
    assert refusals(clock, [honest(number) for number in range(60)], 30) == []


@pytest.mark.parametrize("scarce", ["address_points_per_10s", "room_points_per_10s", "connection_points_per_10s"])
def test_a_limit_that_is_too_low_for_them_would_be_noticed(clock, scarce):
    too_low = {"connection_points_per_10s": 100}.get(scarce, 4_000)

    assert refusals(
        clock, [honest(number) for number in range(60)], 30, msgspec.structs.replace(Settings(), **{scarce: too_low})
    )


def test_a_busy_room_of_two_thousand_is_never_refused(clock):
    """Twenty messages a second, from one address each; two hundred type; all come in ten seconds."""
    people = [honest(number, f"192.0.2.{number}") for number in range(20)]

    def typists(now):
        for number in range(200):
            if round(now / STEP_S) % 30 == number % 30:
                yield "typing", f"typist {number}", f"typist {number}", f"typist {number}", "tea"

    def newcomers(now):
        for number in range(20 if now < 10 else 0):
            yield "join", f"new {now} {number}", f"new {now} {number}", "203.0.113.0", None

    assert refusals(clock, [*people, typists, newcomers], 30) == []


def test_a_crowd_of_throw_away_identities_from_one_address_is_refused_and_others_are_not(clock):
    attackers = [flooder(number, "203.0.113.9", f"room {number}") for number in range(100)]
    others = [honest(number) for number in range(60)]

    refused = refusals(clock, [*attackers, *others], 30)

    assert {what[3] for what, _ in refused} == {"203.0.113.9"}
    # Each alone would have been let through.
    assert len(refused) > 100 * 20 * 30 * 0.5
    assert all(no.retry_after_ms > 0 and "network" in no.detail for _, no in refused)


def test_a_crowd_from_many_addresses_cannot_fill_a_room(clock):
    attackers = [flooder(number, f"203.0.113.{number}") for number in range(100)]
    others = [honest(number, room="milk") for number in range(60)]

    refused = refusals(clock, [*attackers, *others], 30)

    assert {what[4] for what, _ in refused} == {"tea"}
    assert 100 * 20 * 30 - len(refused) <= 200 * (30 + 10)
    assert all("room" in no.detail for _, no in refused)


def test_a_members_own_limit_ends_first_so_nobody_else_pays_for_a_flood(clock):
    rates = RateLimits(Settings(), clock)
    for verb, count in (("message", 200), ("join", 60), ("rename", 10), ("read", 100), ("typing", 20)):
        for _ in range(count):
            rates.spend(verb, "eve", "her line", "198.51.100.7", "tea")
        for _ in range(5_000):
            with pytest.raises(TooFast, match="Too fast"):
                rates.spend(verb, "eve", "her line", "198.51.100.7", "tea")

        rates.spend(verb, "ann", "another line", "198.51.100.7", "tea")


def test_all_connections_of_a_member_share_its_count_and_each_has_a_budget(clock):
    rates = RateLimits(msgspec.structs.replace(Settings(), connection_points_per_10s=100), clock)
    for _ in range(10):
        rates.spend("message", "ann", "tab 1")
    with pytest.raises(TooFast):
        rates.spend("message", "ann", "tab 1")
    with pytest.raises(TooFast):
        rates.spend("read", "ann", "tab 1")

    rates.spend("message", "ann", "tab 2")


def test_who_is_refused_by_one_pays_to_none(clock):
    rates = RateLimits(msgspec.structs.replace(Settings(), room_points_per_10s=100, messages_per_10s=20), clock)
    for _ in range(10):
        rates.spend("message", "ann", "line", "home", "tea")
    for _ in range(1000):
        with pytest.raises(TooFast, match="room"):
            rates.spend("message", "ann", "line", "home", "tea")

    for _ in range(10):
        rates.spend("message", "ann", "line", "home", "milk")


COSTS = {
    "message": "CHAT_MESSAGE_COST",
    "join": "CHAT_JOIN_COST",
    "leave": "CHAT_LEAVE_COST",
    "rename": "CHAT_RENAME_COST",
    "read": "CHAT_READ_COST",
    "typing": "CHAT_TYPING_COST",
    "open": "CHAT_OPEN_COST",
}


@pytest.mark.parametrize("verb", COSTS)
@pytest.mark.parametrize("cost", [0, 1, 50])
def test_every_cost_is_a_setting(clock, verb, cost):
    counts = [f"CHAT_{each}_PER_10S" for each in ("MESSAGES", "JOINS", "RENAMES", "READS", "TYPING", "ROOMS")]
    given = {COSTS[verb]: str(cost), "CHAT_ADDRESS_POINTS_PER_10S": "100", **dict.fromkeys(counts, "10000")}
    rates = RateLimits(config.read(given), clock)
    spent = 0

    try:
        while spent < 1000:
            rates.spend(verb, "ann", address="home")
            spent += 1
    except TooFast:
        pass

    assert spent == (100 // cost if cost else 1000)


def test_pages_cost_the_address(clock):
    rates = RateLimits(msgspec.structs.replace(Settings(), page_cost=20, address_points_per_10s=100), clock)
    for _ in range(5):
        rates.spend_page("home")

    with pytest.raises(TooFast, match="network"):
        rates.spend_page("home")
    rates.spend_page("elsewhere")
