"""A room of more people than are listed: it is counted, and listed page by page."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def server_settings():
    return {"CHAT_MEMBERS_LISTED": "4", "CHAT_LEAVE_GRACE_S": "0.2"}


def test_a_crowd_is_counted_and_listed_in_pages(house):
    names = [f"guest {n}" for n in range(6)]
    guests = [house.guest(name) for name in names]
    answers = [guest.joins() for guest in guests]

    assert ["partial" in answer for answer in answers] == [False] * 4 + [True] * 2
    assert [member["name"] for member in answers[-1]["members"]] == ["guest 5"]
    assert answers[-1]["count"] == 6
    digest = guests[0].waits_for("members:changed", count=6)
    assert digest["partial"] is True
    assert digest["joined"] == digest["left"] == []

    first = guests[0].asks("members:list", {"room": house.room})
    second = guests[0].asks("members:list", {"room": house.room, "after": first["members"][-1]["name"]})

    assert [member["name"] for page in (first, second) for member in page["members"]] == names
    assert (first["count"], first["more"], second["more"]) == (6, True, False)


def test_a_crowd_hears_new_names_and_when_it_is_small_again(house):
    guests = [house.guest(f"guest {n}") for n in range(5)]
    for guest in guests[:4]:
        guest.joins()
    guests[0].sees("guest 0", "guest 1", "guest 2", "guest 3")
    guests[4].joins()
    guests[1].renames("somebody else")
    guests[0].waits_for("members:changed", count=5, partial=True)
    guests[0].sees("guest 0", "somebody else", "guest 2", "guest 3")

    for guest in guests[3:]:
        guest.leaves()

    assert "partial" not in guests[0].waits_for("members:changed", count=3)


def test_only_those_inside_list_a_room(house):
    house.guest("Ann").joins()

    assert house.guest("Bob").asks("members:list", {"room": house.room}).refused == "not_in_room"
