"""How fast one may be. A refusal says how long to wait; after that it goes on, and nothing was lost or doubled."""

import secrets
import time

import pytest


@pytest.fixture(scope="module")
def server_settings():
    return {
        "CHAT_MESSAGES_PER_10S": "5",
        "CHAT_JOINS_PER_10S": "4",
        "CHAT_RENAMES_PER_10S": "3",
        "CHAT_READS_PER_10S": "3",
        "CHAT_TYPING_PER_10S": "3",
        "CHAT_ROOMS_PER_10S": "6",
    }


def first_refusal(attempt, most):
    for _ in range(most):
        if not (answer := attempt()).ok:
            return answer
    raise AssertionError(f"never refused in {most} attempts")


def test_who_sends_too_fast_waits_as_told_and_goes_on(house):
    ann, ben = house.member("Ann"), house.member("Ben")
    ids = [secrets.token_hex(16) for _ in range(12)]
    answers = [ann.starts_saying(f"line {n}", ids[n]).result(8) for n in range(12)]
    refused = [n for n in range(12) if answers[n].refused == "too_fast"]

    assert refused == list(range(5, 12))
    assert ben.says("somebody else is not held up").ok
    wait_ms = answers[-1]["error"]["retry_after_ms"]
    assert 0 < wait_ms <= 2_000
    time.sleep(wait_ms / 1000)  # what a client does with retry_after_ms
    again = ann.says("line 11", ids[11])

    assert again.ok
    assert not again["duplicate"]
    assert ann.reads().bodies[-1] == "line 11"


def test_two_connections_of_one_member_share_its_rate(house):
    ann = house.member("Ann")
    phone = house.guest("Ann", token=ann.token)
    phone.joins()

    answers = [guest.says(f"line {n}") for n in range(6) for guest in (ann, phone)]

    assert [answer.refused for answer in answers] == [None] * 5 + ["too_fast"] * 7


@pytest.mark.parametrize(
    "attempt, most",
    [
        (lambda house, ann: ann.joins(), 9),
        (lambda house, ann: ann.renames(f"Ann {secrets.token_hex(3)}"), 7),
        (lambda house, ann: ann.reads(), 7),
        (lambda house, ann: ann.types(), 7),
    ],
    ids=["joins", "renames", "reads", "typing"],
)
def test_everything_has_a_rate(house, attempt, most):
    ann = house.member("Ann")

    refusal = first_refusal(lambda: attempt(house, ann), most)

    assert refusal.refused == "too_fast"
    assert 0 < refusal["error"]["retry_after_ms"] <= 10_000
    assert ann.says("still here").ok


def test_leaving_is_counted_with_joining_and_keeps_nobody_in(house):
    ann, ben = house.guest("Ann"), house.member("Ben")
    answers = [attempt() for _ in range(2) for attempt in (ann.joins, ann.leaves)]
    assert all(answer.ok for answer in answers)
    ben.joins()
    ben.joins()
    ben.joins()

    refusal = ben.leaves()

    assert refusal.refused == "too_fast"
    assert ann.joins().refused == "too_fast"
    wait_ms = refusal["error"]["retry_after_ms"]
    assert 0 < wait_ms <= 2_500
    time.sleep(wait_ms / 1000)  # what a client does with retry_after_ms
    assert ben.leaves().ok


def test_opening_rooms_too_fast_is_the_page_429(house):
    visitor = house.visitor()

    replies = [visitor.post("/rooms", room=house.fresh_room()) for _ in range(13)]

    assert [reply.status for reply in replies[:6]] == [303] * 6
    assert replies[-1].status == 429
    assert "too_fast" in replies[-1].text
    assert 0 < int(replies[-1].headers["Retry-After"]) <= 10


def test_to_ask_how_far_rooms_are_counts_as_reading(house):
    ann = house.visitor()
    ann.post("/name", name="Ann", room=house.room)
    asked = {"Content-Type": "application/json", "Accept": "application/json"}

    replies = [ann.asks("POST", "/rooms/heads", '{"rooms": ["tea"]}', asked) for _ in range(7)]

    assert [reply.status for reply in replies[:3]] == [200] * 3
    assert replies[-1].refused == (429, "too_fast")
