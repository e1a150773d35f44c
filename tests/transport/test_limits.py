"""How much fits: names, rooms, messages, people and pages, as the settings say."""

import pytest


@pytest.fixture(scope="module")
def server_settings():
    return {
        "CHAT_NAME_CHARS": "10",
        "CHAT_BODY_CHARS": "20",
        "CHAT_ROOM_CHARS": "30",
        "CHAT_ROOM_MEMBERS": "2",
        "CHAT_HISTORY_PAGE": "3",
        "CHAT_RESUME_CHANGES": "4",
    }


def test_the_limits_are_told(house):
    assert house.guest("Ann").ready["limits"] == {
        "name_chars": 10,
        "body_chars": 20,
        "room_chars": 30,
        "history_page": 3,
        "resume_changes": 4,
    }


def test_what_is_longer_than_its_limit_is_refused(house):
    ann = house.guest("Ann")

    assert ann.joins(name="x" * 11).refused == "name_invalid"
    assert house.visitor().post("/rooms", room="x" * 31).status == 400
    assert ann.joins("x" * 30, name="x" * 10).ok
    assert ann.says("x" * 21, room="x" * 30).refused == "body_too_long"
    assert ann.says("x" * 20, room="x" * 30).ok


def test_a_full_room_admits_nobody_but_its_own(house):
    ann, ben = house.member("Ann"), house.member("Ben")
    cat = house.guest("Cat")

    refusal = cat.joins()

    assert refusal.refused == "room_full"
    assert refusal["error"]["retry_after_ms"] > 0
    assert house.guest("Ann", token=ann.token).joins().ok
    ben.leaves()
    assert cat.joins().ok


def test_a_page_has_as_many_messages_as_set(house):
    ann = house.member("Ann")
    for n in range(5):
        ann.says(f"line {n}")

    assert ann.reads().bodies == ["line 2", "line 3", "line 4"]
    assert house.guest("Ben").joins().bodies == ["line 2", "line 3", "line 4"]


def test_who_missed_more_than_fits_gets_the_newest_page(house):
    ann = house.member("Ann")
    epoch = ann.joins()["epoch"]
    for n in range(6):
        ann.says(f"line {n}")

    enough = ann.joins(since={"epoch": epoch, "seq": 2})
    too_much = ann.joins(since={"epoch": epoch, "seq": 1})

    assert (enough.bodies, enough["complete"]) == (["line 2", "line 3", "line 4", "line 5"], True)
    assert (too_much.bodies, too_much["complete"]) == (["line 3", "line 4", "line 5"], False)
    assert too_much["reset"] is False
