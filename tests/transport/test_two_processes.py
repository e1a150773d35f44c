"""Two processes, one chat: what is said in one is heard in the other, whatever becomes of Redis between them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.actors import Answer, Guest, House
from tests.live import Reply, Server, Visitor, until
from tests.programs import Follower, operator
from tests.redis_server import RedisServer

# What another process may lack when Redis is away: looked up this often, and read.
HEALED_S = 6
# That a member may ask for in ten seconds.
READS = 100


@pytest.fixture(scope="module")
def redis_server() -> Iterator[RedisServer]:
    server = RedisServer()
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="module")
def server_settings(redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    database = tmp_path_factory.mktemp("shared") / "chat.sqlite3"
    return {
        "CHAT_REDIS_URL": redis_server.url,
        "CHAT_DATABASE_URL": f"sqlite:///{database}",
        "CHAT_SECRET": "one secret for all of our servers",
    }


@pytest.fixture(scope="module")
def other(server_settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Beside `server`, as on another machine: only the database, Redis and the secret are the same."""
    other = Server(tmp_path_factory.mktemp("other"))
    other.start(**server_settings)
    yield other
    other.stop()


@pytest.fixture
def ann(house: House) -> Guest:
    return house.member("Ann")


@pytest.fixture
def ben(house: House, other: Server) -> Guest:
    """In Ann's room, at the other process."""
    ben = house.guest("Ben", url=other.url)
    assert ben.joins().ok
    return ben


def numbers(guest: Guest) -> list[int]:
    return [message["id"] for message in guest.heard("message:posted")]


def hears_all(guest: Guest, count: int, within: float = 8) -> None:
    """Every number once, in order."""
    until(lambda: len(numbers(guest)) >= count, within, f"{count} messages at {guest.name}")
    assert numbers(guest) == list(range(1, count + 1))


def test_what_is_said_in_one_is_heard_in_the_other(ann: Guest, ben: Guest) -> None:
    ann.says("tea?")
    ben.waits_for("message:posted", body="tea?")
    ben.says("yes")
    heard = ann.waits_for("message:posted", body="yes")

    assert heard["author"] == {"id": ben.id, "name": "Ben"}
    assert "client_id" not in heard


def test_another_connection_of_mine_at_the_other_process_has_my_client_id(
    house: House, ann: Guest, other: Server
) -> None:
    mine = house.guest("Ann", token=ann.token, url=other.url)
    assert mine.joins().ok
    ann.says("hello", "c" * 32)

    assert mine.waits_for("message:posted", body="hello")["client_id"] == "c" * 32


def test_all_who_speak_at_once_in_both_are_heard_everywhere_once_and_in_one_order(ann: Guest, ben: Guest) -> None:
    asked = [guest.starts_saying(f"{guest.name} {n}") for n in range(60) for guest in (ann, ben)]
    assert all(answer.result(8).ok for answer in asked)

    hears_all(ann, 120)
    hears_all(ben, 120)


def test_a_room_is_called_there_what_somebody_has_typed_here(house: House, server: Server, other: Server) -> None:
    title = f"Tea and Cake {house.room}"
    address = Visitor(server.port).post("/rooms", room=title).location
    slug = address.removeprefix("/r/")

    assert title in Visitor(other.port).get(f"/name?room={slug}").text
    ben = house.guest("Ben", url=other.url)
    assert ben.joins(room=slug)["room"]["title"] == title
    assert ben.says("hello", room=slug).ok
    assert house.guest("Ann").joins(room=slug)["room"]["title"] == title


def test_a_room_closed_by_way_of_one_is_closed_at_the_other_at_once(
    house: House, ann: Guest, server: Server, other: Server
) -> None:
    assert server.command("lock", ann.room).returncode == 0

    zoe = house.guest("Zoe", url=other.url)
    assert zoe.joins().refused == "room_locked"
    assert server.command("unlock", ann.room).returncode == 0
    assert zoe.joins().ok


def test_typing_is_told_there(ann: Guest, ben: Guest) -> None:
    ann.types()

    assert ben.waits_for("typing:changed")["members"] == [{"id": ann.id, "name": "Ann"}]


def test_a_message_too_long_for_the_bus_is_read(ann: Guest, ben: Guest) -> None:
    ann.says("ä" * 5000)

    assert ben.waits_for("message:posted")["body"] == "ä" * 5000


@pytest.mark.parametrize("trouble", ["its connections are killed", "it is frozen", "it is stopped"])
def test_with_redis_in_trouble_sends_are_acknowledged_and_others_catch_up(
    redis_server: RedisServer, house: House, ann: Guest, ben: Guest, other: Server, trouble: str
) -> None:
    ann.says("before")
    ben.waits_for("message:posted", body="before")
    if trouble == "it is stopped":
        redis_server.stop()
    elif trouble == "it is frozen":
        redis_server.freezes()
    else:
        redis_server.asks("CLIENT", "KILL", "TYPE", "pubsub")
    try:
        for n in range(5):
            began = time.monotonic()
            assert ann.says(f"meanwhile {n}").ok
            assert time.monotonic() - began < 0.5
        hears_all(ann, 6)
        hears_all(ben, 6, HEALED_S)
        if trouble != "its connections are killed":
            assert ann.waits_for("server:changed") == {"degraded": True}
            assert house.guest("Zoe", url=other.url).waits_for("server:changed") == {"degraded": True}
    finally:
        if trouble == "it is stopped":
            redis_server.start()
        redis_server.thaws()
    ben.says("after")
    ann.waits_for("message:posted", body="after")
    if trouble != "its connections are killed":
        ann.waits_for("server:changed", degraded=False)


def test_a_kick_reaches_every_process_at_once_and_holds_in_each(
    house: House, ann: Guest, ben: Guest, server: Server, other: Server
) -> None:
    again = house.guest("Ben", token=ben.token)
    assert again.joins().ok
    ann.sees("Ann", "Ben")
    began = time.monotonic()

    assert kicked(server, ann.room, "ben").json["member"]["name"] == "Ben"
    assert ben.closed.wait(1)
    assert again.closed.wait(1)
    assert time.monotonic() - began < 1
    ann.sees("Ann")
    for url in (server.url, other.url):
        back = house.guest("Ben", token=ben.token, url=url).joins()
        assert (back.refused, back["error"]["rule"]) == ("forbidden", "kicked")
    assert house.guest("Ben", token=ben.token).joins("another-room").ok


def test_who_was_sent_out_is_kept_out_of_a_process_that_starts_later(
    house: House, ann: Guest, ben: Guest, server: Server, server_settings: dict[str, str], tmp_path: Path
) -> None:
    assert kicked(server, ann.room, "Ben").status == 200
    third = Server(tmp_path)
    try:
        third.start(**server_settings)
        back = house.guest("Ben", token=ben.token, url=third.url)
        refusal = back.joins()
        assert (refusal.refused, refusal["error"]["rule"]) == ("forbidden", "kicked")
        assert back.joins(house.fresh_room()).ok
    finally:
        third.stop()


def test_before_redis_is_known_to_be_away_nobody_says_that_a_kick_was_done(
    redis_server: RedisServer, house: House, ann: Guest, ben: Guest, server: Server
) -> None:
    """It may have been: the answer was lost."""
    redis_server.freezes()
    try:
        assert kicked(server, ann.room, "Ben").refused == (503, "unavailable")
        ann.waits_for("server:changed", degraded=True)
    finally:
        redis_server.thaws()
    ann.waits_for("server:changed", degraded=False)


def test_nobody_is_sent_out_by_half_while_redis_is_away(
    redis_server: RedisServer, house: House, ann: Guest, ben: Guest, server: Server
) -> None:
    redis_server.freezes()
    try:
        ann.waits_for("server:changed", degraded=True)
        answer = kicked(server, ann.room, "Ben")
        assert answer.refused == (503, "unavailable")
        assert answer.json["error"]["retry_after_ms"] > 0
        assert not ben.closed.is_set()
    finally:
        redis_server.thaws()
    ann.waits_for("server:changed", degraded=False)
    assert ben.says("still here").ok


def kicked(server: Server, room: str, name: str) -> Reply:
    return operator(server).calls("POST", f"operator/rooms/{room}/kicks", {"name": name})


def test_who_is_here_is_known_in_both(house: House, ann: Guest, ben: Guest, other: Server) -> None:
    ann.sees("Ann", "Ben")
    assert house.guest("ANN", url=other.url).joins().refused == "name_taken"
    ben.renames("Benno")
    ann.sees("Ann", "Benno")
    ann.leaves()
    ben.people[ben.room].pop(ann.id, None)
    assert house.guest("Ann", url=other.url).joins().ok
    ben.sees("Ann", "Benno")


def test_what_a_member_spends_at_one_is_spent_at_the_other(house: House, ann: Guest, other: Server) -> None:
    page = {"room": ann.room}
    here = [ann.fires("history:fetch", page) for _ in range(2 * READS)]
    assert here[-1].result(8).refused == "too_fast"
    there = house.guest("Ann", token=ann.token, url=other.url)
    assert there.joins().ok
    taken = 0

    def is_refused() -> Answer | None:
        nonlocal taken
        answer = there.reads()
        taken += answer.ok
        return answer if answer.refused else None

    refusal = until(is_refused)

    assert refusal.refused == "too_fast"
    assert 0 < refusal["error"]["retry_after_ms"] <= 10_000
    assert taken < READS / 2


def test_who_follows_over_http_hears_both(ann: Guest, ben: Guest, other: Server) -> None:
    follower = Follower(other, ann.room)
    ann.says("one")
    ben.says("two")
    ann.says("three")

    assert follower.hears_up_to("three") == ["one", "two", "three"]
    follower.close()
