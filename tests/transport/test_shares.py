"""What all that a connection, an address or a room does may cost: refused is who takes more, and nobody else."""

import secrets
import time
from contextlib import ExitStack

import pytest

from tests.hostile.line import Line
from tests.live import Visitor, until

ROOMS = 3


@pytest.fixture(scope="module")
def server_settings():
    return {
        "CHAT_CONNECTION_POINTS_PER_10S": "150",
        "CHAT_ADDRESS_POINTS_PER_10S": "400",
        "CHAT_ROOM_POINTS_PER_10S": "200",
        "CHAT_PAGE_COST": "5",
        "CHAT_ROOMS_PER_CONNECTION": str(ROOMS),
    }


@pytest.fixture
def come(server):
    """A line from an address, in a room."""
    with ExitStack() as ends:

        def comes(room, source, **auth):
            line = Line(server.port, source=source)
            ends.callback(line.close)
            line.token = line.opens(**auth)["token"]
            if room:
                line.joined = line.asks("room:join", {"room": room, "name": secrets.token_hex(6)})
            return line

        yield comes


def says(line, room):
    """The refusal, or None."""
    answer = line.asks("message:send", {"room": room, "client_id": secrets.token_hex(16), "body": "buy now"})
    return answer.get("error")


def first_refusal(attempts):
    for no in attempts:
        if no:
            return no
    raise AssertionError("never refused")


def test_throw_away_identities_from_one_address_are_one_crowd(house, come):
    rooms = [house.fresh_room() for _ in range(150)]
    crowd = []

    def attack():
        for room in rooms:
            crowd.append(come(room, "127.0.0.30"))
            for _ in range(3):
                yield crowd[-1].joined.get("error") or says(crowd[-1], room)

    no = first_refusal(attack())

    assert len(crowd) > 5, "nobody alone was too fast"
    assert no["code"] == "too_fast"
    assert "network" in no["detail"]
    assert 0 < no["retry_after_ms"] <= 10_000
    other = come(rooms[0], "127.0.0.31")
    assert says(other, rooms[0]) is None, "another address"
    assert crowd[0].asks("room:leave", {"room": rooms[0]})["ok"], "nobody is kept in"
    # Leaving has cost something too.
    no = says(crowd[1], rooms[1]) or no
    time.sleep(no["retry_after_ms"] / 1000)
    assert says(crowd[1], rooms[1]) is None


def test_pages_and_talk_from_one_address_are_counted_together(house, server, come):
    here, there = (Visitor(server.port, source=f"127.0.0.{number}") for number in (32, 33))
    line = come(None, "127.0.0.32")

    assert [here.get(path).status for _ in range(40) for path in ("/", "/name")] == [200] * 80

    def is_used_up():
        """By pages, for the talk: on a slow machine one page's points are earned again before the next is asked for."""
        answer = line.asks("room:join", {"room": house.room, "name": "Ann"}) if here.get("/").status == 429 else {}
        return answer.get("error", {}).get("code") == "too_fast"

    until(is_used_up, 20, "a refusal")
    assert here.get("/healthz").status == 200
    assert [there.get("/").status, there.post("/rooms", room="tea").status] == [200, 303]


def test_a_crowd_from_many_addresses_shares_what_its_room_may_cost(house, come):
    people = [come(house.room, f"127.0.0.{40 + number}") for number in range(10)]
    elsewhere = house.fresh_room()

    no = first_refusal(says(person, house.room) for _ in range(5) for person in people)

    assert no["code"] == "too_fast"
    assert "room" in no["detail"]
    assert 0 < no["retry_after_ms"] <= 10_000
    assert people[0].asks("room:join", {"room": elsewhere, "name": "Ann"})["ok"]
    assert says(people[0], elsewhere) is None
    assert people[1].asks("room:leave", {"room": house.room})["ok"]


def test_strangers_cannot_use_up_a_rooms_share(house, come):
    ann = come(house.room, "127.0.0.60")
    for number in range(5):
        eve = come(None, f"127.0.0.{61 + number}")
        for _ in range(20):
            assert says(eve, house.room)["code"] == "not_in_room"
            assert eve.asks("typing:start", {"room": house.room})["error"]["code"] == "not_in_room"
            assert eve.asks("name:change", {"room": house.room, "name": "Eve"})["error"]["code"] == "not_in_room"

    assert [says(ann, house.room) for _ in range(10)] == [None] * 10


def test_a_connection_has_a_budget_of_its_own(house, come):
    ann = come(house.room, "127.0.0.70")
    no = first_refusal(says(ann, house.room) for _ in range(20))

    assert no["code"] == "too_fast"
    phone = come(house.room, "127.0.0.71", token=ann.token)
    assert says(phone, house.room) is None


def test_a_connection_is_in_so_many_rooms_at_once(house, come):
    ann = come(None, "127.0.0.80")
    rooms = [house.fresh_room() for _ in range(ROOMS + 1)]
    join = [{"room": room, "name": "Ann"} for room in rooms]
    for each in join[:-1]:
        assert ann.asks("room:join", each)["ok"]

    refusal = ann.asks("room:join", join[-1])["error"]

    assert refusal["code"] == "forbidden"
    assert "3 rooms" in refusal["detail"]
    assert says(ann, rooms[-1])["code"] == "not_in_room"
    assert ann.asks("room:join", join[0])["ok"], "one it is in already"
    assert ann.asks("room:leave", {"room": rooms[0]})["ok"]
    assert ann.asks("room:join", join[-1])["ok"]
