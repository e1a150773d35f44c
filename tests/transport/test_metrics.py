"""`/metrics` of a live server: each number moves when the thing happens, and only whoever runs the server sees them."""

import http.client
import secrets
import sqlite3
import threading

import pytest

from tests.hostile.line import Line
from tests.live import Server, until
from tests.numbers import credentials, numbers, parsed
from tests.programs import Follower, Program, operator
from tests.redis_server import RedisServer


@pytest.fixture(scope="module")
def server_settings():
    return {"CHAT_OPERATOR_PER_10S": "2000", "CHAT_ADDRESS_POINTS_PER_10S": "1000000"}


@pytest.fixture
def moves(server):
    """`moves(name, by)` waits until a number has grown by so much since the test began."""
    before = numbers(server)

    def moves(name, by):
        until(lambda: numbers(server).get(name, 0) - before.get(name, 0) == by, what=f"{name} + {by}")

    return moves


def test_who_is_connected_and_what_they_are_told(house, moves):
    house.member("Ann")
    ben = house.member("Ben")
    follower = Follower(house.server, house.room)
    follower.hears()
    moves("chat_connections", 2)
    moves("chat_rooms", 1)
    moves("chat_followers", 1)
    before = numbers(house.server)["chat_deliveries_total"]

    ben.says("hello")

    # The message to both, and the answer; what else goes on is at most told to both.
    until(lambda: numbers(house.server)["chat_deliveries_total"] >= before + 3, what="deliveries")
    ben.goes()
    follower.close()
    moves("chat_connections", 1)
    moves("chat_followers", 0)


def test_what_is_recorded_and_what_was_recorded_before(house, moves):
    ann, again = house.member("Ann"), secrets.token_hex(16)
    ann.says("one")
    ann.says("two", client_id=again)
    ann.says("two", client_id=again)

    moves("chat_messages_total", 2)
    moves("chat_duplicates_total", 1)
    moves("chat_commit_seconds_count", 3)
    assert numbers(house.server)["chat_commit_seconds_sum"] > 0


def test_a_commit_that_fails(house, moves):
    ann = house.member("Ann")
    with sqlite3.connect(house.server.data / "chat.sqlite3", isolation_level=None) as line:
        line.execute("CREATE TRIGGER no BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'no'); END")
        assert not ann.says("lost").ok
        line.execute("DROP TRIGGER no")
    line.close()

    moves("chat_commits_failed_total", 1)
    moves("chat_messages_total", 0)


def test_refusals_by_code_whichever_door_said_no(house, moves):
    ann = house.guest("Ann")
    ann.joins(name="")
    ann.says("hello")
    ann.asks("no:event", {})
    Program(house.server, "wrong").says(house.room, "hello")
    Program(house.server).asks("GET", "/nowhere")

    for code in ("name_invalid", "not_in_room", "payload_invalid", "token_invalid", "not_found"):
        moves(f"chat_refusals_total{{{code}}}", 1)


@pytest.mark.parametrize(
    "reason, does",
    [
        ("bad frame", lambda line: line.send_bytes(b"\xff\xff\xff\xff")),
        ("bad packet", lambda line: line.send("x")),
        ("flood", lambda line: [line.send("3") for _ in range(300)]),
        ("client disconnect", lambda line: line.send("1")),
        ("transport close", lambda line: line.close()),
    ],
)
def test_why_connections_ended(server, moves, reason, does):
    line = Line(server.port)
    line.opens()
    try:
        does(line)
    except OSError:
        assert reason == "flood", "it is cut off while it still sends"

    moves(f"chat_connections_ended_total{{{reason}}}", 1)
    line.close()


def test_who_reads_too_slowly(house, moves):
    deaf, ann = Line(house.server.port), house.member("Ann")
    deaf.hears_little()
    deaf.opens()
    deaf.send(f'420["room:join",{{"room":"{house.room}","name":"Deaf"}}]')
    ann.sees("Ann", "Deaf")
    before = numbers(house.server).get("chat_connections_ended_total{slow reader}", 0)

    def is_cut_off():
        for _ in range(10):
            ann.says("x" * 5000)
        return numbers(house.server).get("chat_connections_ended_total{slow reader}", 0) > before

    until(is_cut_off, 20, "the end of a slow reader")
    deaf.close()


def test_what_the_process_takes(server):
    told = numbers(server)

    assert told["chat_processes"] == 1
    assert told["chat_draining"] == 0
    assert 0 < told["chat_process_cpu_seconds_total"] < 100
    assert 20e6 < told["chat_process_resident_memory_bytes"] < 1e9
    assert not [name for name in told if "bus" in name or "redis" in name], "there is no other process"


def test_names_and_units_are_those_of_prometheus(server):
    reply = operator(server).asks("GET", "/metrics", headers=credentials(server))

    assert reply.headers["Content-Type"].startswith("text/plain; version=")
    families = [line.split() for line in reply.text.splitlines() if line.startswith("# TYPE")]
    assert len(families) > 10
    for _, _, name, kind in families:
        assert name.startswith("chat_")
        assert name.endswith("_total") == (kind == "counter") or name.endswith("_created")
        assert "_ms" not in name


def test_what_has_not_happened_yet_is_told_too(server):
    """An alarm sees how a number grows, and not that it appears."""
    assert numbers(server)["chat_refusals_total{upgrade_required}"] == 0


@pytest.mark.parametrize("token", ["", "wrong"])
def test_without_the_token_nothing_is_told(server, token):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    reply = Program(server).asks("GET", "/metrics", headers=headers)

    assert reply.refused == (401, "token_invalid")
    assert reply.headers["WWW-Authenticate"] == "Bearer"
    assert "chat_" not in reply.text


def test_a_process_that_stops_says_so(house):
    deaf = Line(house.server.port)
    deaf.opens()
    watcher = http.client.HTTPConnection("127.0.0.1", house.server.port, timeout=5)
    headers = credentials(house.server)

    def told():
        watcher.request("GET", "/metrics", headers=headers)
        return parsed(watcher.getresponse().read().decode())

    assert told()["chat_draining"] == 0
    stopping = threading.Thread(target=house.server.stop)
    stopping.start()
    # The last words wait for whoever does not read them.
    until(lambda: told()["chat_draining"] == 1, what="the end")
    deaf.close()
    stopping.join()
    house.server.restart()


# among several processes


@pytest.fixture(scope="module")
def redis_server():
    redis = RedisServer()
    redis.start()
    yield redis
    redis.close()


@pytest.fixture(scope="module")
def pair(tmp_path_factory, redis_server):
    """One that has a bus, and one that has none, on one database: what the second says, no bell tells the first."""
    folders = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("other")
    one, other = (Server(folder) for folder in folders)
    database = f"sqlite:///{folders[0] / 'chat.sqlite3'}"
    common = {"CHAT_DATABASE_URL": database, "CHAT_OPERATOR_PER_10S": "2000", "CHAT_HEAD_INTERVAL_S": "0.2"}
    try:
        one.start(CHAT_REDIS_URL=redis_server.url, **common)
        other.start(**common)
        yield one, other
    finally:
        one.stop()
        other.stop()


def test_how_well_the_processes_hear_each_other(pair, redis_server):
    one, other = pair
    follower = Follower(one, "tea")
    follower.hears()
    speaker = Line(other.port)
    speaker.opens()
    speaker.asks("room:join", {"room": "tea", "name": "Ann"})
    until(lambda: 0 < numbers(one)["chat_bus_lag_seconds"] < 1, what="a bell that came back")
    assert numbers(one)["chat_redis_up"] == 1

    speaker.asks("message:send", {"room": "tea", "client_id": "0" * 32, "body": "unheard"})
    assert follower.hears_up_to("unheard")
    until(lambda: numbers(one)["chat_messages_healed_total"] == 1, what="a message healed")
    redis_server.asks("SPUBLISH", "chat:room:tea", "junk")
    until(lambda: numbers(one)["chat_bells_forged_total"] == 1, what="a forged bell")

    guest = Line(one.port)
    guest.opens()
    guest.asks("room:join", {"room": "tea", "name": "Ben"})
    assert numbers(one)["chat_bells_lost_total"] == 0
    redis_server.stop()
    until(lambda: numbers(one)["chat_redis_up"] == 0, 10, "to be noticed")
    guest.asks("message:send", {"room": "tea", "client_id": "1" * 32, "body": "alone"})
    until(lambda: numbers(one)["chat_bells_lost_total"] == 1, 10, "a lost bell")
    until(lambda: numbers(one)["chat_bus_lag_seconds"] > 2, 10, "a lag that grows")
    redis_server.start()
    until(lambda: numbers(one)["chat_redis_up"] == 1, 10, "to be well again")
    until(lambda: numbers(one)["chat_bus_lag_seconds"] < 1, 10, "a bell that came back")
    for each in (follower, speaker, guest):
        each.close()
