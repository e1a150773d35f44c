"""Coming in: the ack, the name, and what the others are told."""

import threading

import pytest

LOOK_ALIKES = [
    ("Ann", "Ann"),
    ("Ann", "ANN"),
    ("Ann", "\u0410nn"),  # a Cyrillic A
    ("Ann", "\uff21\uff4e\uff4e"),  # fullwidth letters
    ("Ann", "A\u200dnn"),  # a joiner nobody sees
]


@pytest.fixture(scope="module")
def server_settings():
    """Rates are not the matter here."""
    return {"CHAT_JOINS_PER_10S": "10000", "CHAT_MESSAGES_PER_10S": "10000"}


def test_a_newcomer_gets_the_whole_picture(house):
    ann = house.guest("Ann")

    answer = ann.joins()

    me = {"id": ann.id, "name": "Ann"}
    assert isinstance(answer.pop("epoch"), str)
    assert answer == {
        "ok": True,
        "room": {"slug": house.room, "title": house.room.replace("-", " "), "created_at_ms": None},
        "me": me,
        "members": [me],
        "count": 1,
        "head": 0,
        "messages": [],
        "complete": True,
        "reset": False,
    }


def test_a_room_is_called_what_was_typed(house):
    address = house.visitor().post("/rooms", room=f"Tea & Cake {house.room}").location
    slug = address.removeprefix("/r/")

    assert house.guest("Ann").joins(slug)["room"]["title"] == f"Tea & Cake {house.room}"


def test_both_see_each_other(house):
    ann = house.member("Ann")

    ben = house.guest("Ben")
    answer = ben.joins()

    assert {member["name"] for member in answer["members"]} == {"Ann", "Ben"}
    assert answer["count"] == 2
    digest = ann.waits_for("members:changed", joined=[{"id": ben.id, "name": "Ben"}])
    assert digest == {
        "room": house.room,
        "joined": [{"id": ben.id, "name": "Ben"}],
        "left": [],
        "renamed": [],
        "count": 2,
    }


def test_a_name_is_tidied_and_the_ack_says_how(house):
    assert house.guest("Ann").joins(name="  Ann   \uff21  ")["me"]["name"] == "Ann A"


@pytest.mark.parametrize("first, second", LOOK_ALIKES)
def test_a_name_that_differs_only_in_case_or_look_is_taken(house, first, second):
    house.member(first)

    answer = house.guest("Ben").joins(name=second)

    assert answer.refused == "name_taken"
    assert answer.detail.endswith(".")
    assert house.guest("Ben").joins(name=answer["error"]["free"][0]).ok


@pytest.mark.parametrize(
    "name", ["", "   ", "x" * 33, "a\x00b", "a\u202eb", "\u3164", "\u200d", "a\nb\x07", "Z" + "\u0301" * 5]
)
def test_an_unfit_name_is_refused_with_a_reason(house, name):
    answer = house.guest("Ann").joins(name=name)

    assert answer.refused == "name_invalid"
    assert answer.detail.endswith(".")


@pytest.mark.parametrize("room", ["Tea", "tea party", "", "x" * 65, "../etc", "tea?x", "te\x00a", "tea-", "\uff54ea"])
def test_what_is_no_slug_is_no_room(house, room):
    assert house.guest("Ann").asks("room:join", {"room": room, "name": "Ann"}).refused == "room_invalid"


def test_two_claims_of_one_name_have_one_winner(house):
    contenders = [house.guest(f"contender {n}") for n in range(2)]

    for turn in range(50):
        room, names = house.fresh_room(), LOOK_ALIKES[turn % len(LOOK_ALIKES)]
        gate = threading.Barrier(len(contenders))
        answers = {}

        def claim(guest, name, room=room, gate=gate, answers=answers):
            gate.wait(5)
            answers[guest.id] = guest.joins(room, name=name)

        threads = [threading.Thread(target=claim, args=pair) for pair in zip(contenders, names, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)

        assert sorted(str(answer.refused) for answer in answers.values()) == ["None", "name_taken"], names
        for guest in contenders:
            guest.leaves(room)


def test_joining_again_is_fine_and_told_to_nobody(house):
    ann, ben = house.member("Ann"), house.member("Ben")
    ann.sees("Ann", "Ben")
    ben.sees("Ann", "Ben")
    ben.forgets()

    assert ann.joins()["count"] == 2

    cat = house.member("Cat")
    ben.sees("Ann", "Ben", "Cat")
    joined = [member["id"] for digest in ben.heard("members:changed") for member in digest["joined"]]
    assert joined == [cat.id]


def test_joining_again_keeps_the_name_the_room_knows(house):
    ann = house.member("Ann")

    assert ann.joins(name="Anna")["me"] == {"id": ann.id, "name": "Ann"}


def test_a_storm_of_joins_is_told_in_digests(house):
    ann = house.member("Ann")
    crowd = [house.guest(f"guest {n}") for n in range(20)]
    payloads = [{"room": house.room, "name": guest.name} for guest in crowd]

    answers = [guest.fires("room:join", payload) for guest, payload in zip(crowd, payloads, strict=True)]

    assert all(answer.result(8).ok for answer in answers)
    ann.sees("Ann", *(guest.name for guest in crowd))
    assert len(ann.heard("members:changed")) <= 10


def test_one_connection_may_be_in_several_rooms(house):
    ann, ben = house.member("Ann"), house.member("Ben")
    other = house.fresh_room()
    ann.joins(other)

    ann.says("only here", room=other)
    ann.says("only there")

    ben.waits_for("message:posted", body="only there")
    assert ben.hears() == ["only there"]


def test_the_same_name_is_free_in_another_room(house):
    house.member("Ann")

    assert house.guest("Ann").joins(house.fresh_room()).ok


def test_a_refused_guest_does_not_hear_the_room(house):
    ann, impostor = house.member("Ann"), house.guest("ANN")
    assert impostor.joins().refused == "name_taken"

    ann.says("hello")
    ann.types()
    ann.renames("Anna")

    ann.waits_for("message:posted", body="hello")
    ann.waits_for("members:changed", renamed=[{"id": ann.id, "name": "Anna", "old_name": "Ann"}])
    assert impostor.hears() == []
    assert impostor.heard("members:changed") == impostor.heard("typing:changed") == []


def test_a_guest_who_left_hears_no_more(house):
    ann, ben = house.member("Ann"), house.member("Ben")
    ben.leaves()

    ann.says("hello")

    ann.waits_for("message:posted", body="hello")
    assert ben.hears() == []


def test_a_locked_room_keeps_its_people_and_admits_nobody_new(house):
    ann = house.member("Ann")
    ann.says("before the lock")
    assert house.server.command("lock", house.room).returncode == 0

    assert house.guest("Ben").joins().refused == "room_locked"
    assert ann.says("still here").ok
    assert house.guest("Ann", token=ann.token).joins().ok

    assert house.server.command("unlock", house.room).returncode == 0
    assert house.guest("Ben").joins().ok


def test_a_new_name_is_told_with_the_old_one(house):
    ann, ben = house.member("Ann"), house.member("Ben")

    assert ann.renames("Anna")["me"] == {"id": ann.id, "name": "Anna"}

    ben.waits_for("members:changed", renamed=[{"id": ann.id, "name": "Anna", "old_name": "Ann"}], count=2)
    assert house.guest("Ann").joins().ok, "the old name is free again"


def test_a_taken_or_unfit_new_name_changes_nothing(house):
    ann, ben = house.member("Ann"), house.member("Ben")

    assert ann.renames("BEN").refused == "name_taken"
    assert ann.renames("").refused == "name_invalid"

    assert {member["name"] for member in ben.joins()["members"]} == {"Ann", "Ben"}


def test_one_may_change_the_case_of_ones_own_name(house):
    ann = house.member("Ann")

    assert ann.renames("ANN")["me"]["name"] == "ANN"
