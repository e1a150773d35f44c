"""Going: at once, after a closed tab, after a dead link, or not at all."""

import time

from tests.live import least
from tests.wire import Link


def test_who_leaves_is_told_at_once(house):
    ann, ben = house.member("Ann"), house.member("Ben")
    ann.sees("Ann", "Ben")

    assert ben.leaves() == {"ok": True}

    ann.waits_for("members:changed", within=1.5, left=[{"id": ben.id, "name": "Ben"}], count=1)
    assert house.guest("Ben").joins().ok, "the name is free"


def test_a_closed_tab_is_told_within_five_seconds(house):
    ann, names = house.member("Ann"), iter(("Ben", "Cat", "Dan"))

    def told_after_s():
        guest = house.member(next(names))
        ann.sees("Ann", guest.name)
        began = time.monotonic()
        guest.closes()
        ann.waits_for("members:changed", left=[{"id": guest.id, "name": guest.name}], count=1)
        return time.monotonic() - began

    assert least(5, told_after_s) < 5


def test_a_reload_is_not_told_at_all(house):
    ann, ben, cat = house.member("Ann"), house.member("Ben"), house.member("Cat")
    ann.sees("Ann", "Ben", "Cat")
    ann.forgets()

    ben.closes()
    back = house.guest("Ben", token=ben.token)
    answer = back.joins()
    cat.closes()  # later than Ben: when this is told, Ben's leave would have been too

    assert answer["count"] == 3
    ann.sees("Ann", "Ben")
    digests = ann.heard("members:changed")
    assert [member["id"] for digest in digests for member in digest["left"]] == [cat.id]
    assert [digest["joined"] for digest in digests if digest["joined"]] == []


def test_a_name_waits_for_its_member_and_for_nobody_else(house):
    ann, ben = house.guest("Ann"), house.member("Ben")
    ann.joins()
    ann.closes()

    assert house.guest("Eve").joins(name="Ann").refused == "name_taken"
    ben.waits_for("members:changed", left=[{"id": ann.id, "name": "Ann"}])
    assert house.guest("Ann", token=ann.token).joins().ok


def test_two_connections_are_one_member(house):
    ann, ben = house.member("Ann"), house.member("Ben")
    phone = house.guest("Ann", token=ann.token)

    answer = phone.joins()

    assert answer["count"] == 2
    assert answer["me"]["name"] == "Ann"
    assert phone.leaves().ok
    phone.goes()
    cat = house.member("Cat")
    ben.sees("Ann", "Ben", "Cat")
    assert [member["id"] for d in ben.heard("members:changed") for member in d["left"]] == []
    assert cat.joins()["count"] == 3
    assert ann.says("still here").ok


def test_both_connections_hear_the_room(house):
    ann, ben = house.member("Ann"), house.member("Ben")
    phone = house.guest("Ann", token=ann.token)
    phone.joins()

    ben.says("hello")

    ann.waits_for("message:posted", body="hello")
    phone.waits_for("message:posted", body="hello")


def test_a_dead_link_is_told_within_twenty_five_seconds(house):
    ann = house.member("Ann")
    link = Link(house.server.port)
    ben = house.guest("Ben", url=link.url)
    ben.joins()
    ann.sees("Ann", "Ben")

    dead_at = time.monotonic()
    link.go_dead()

    ann.waits_for("members:changed", within=25, left=[{"id": ben.id, "name": "Ben"}])
    assert time.monotonic() - dead_at > 4, "not told by a closed socket"
    link.close()
