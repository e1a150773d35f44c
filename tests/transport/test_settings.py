"""Settings that no other test turns: each, at a value that is not the usual one, does what it says."""

import json
import secrets
import stat
import time

import pytest

from tests.live import Server, Visitor, least, until
from tests.wire import Closed, RawSocket


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return tmp_path_factory.mktemp("elsewhere") / "talk.sqlite3"


@pytest.fixture(scope="module")
def server_settings(database):
    return {
        "CHAT_DATABASE_URL": f"sqlite:///{database}",
        "CHAT_LOG_LEVEL": "WARNING",
        "CHAT_IS_HTTPS": "true",
        "CHAT_OPERATOR_NAME": "Vera",
        "CHAT_LEAVE_GRACE_S": "0.2",
        "CHAT_NAME_LEASE_S": "1.5",
        "CHAT_PING_INTERVAL_S": "2",
        "CHAT_PING_TIMEOUT_S": "1",
        "CHAT_DIGEST_INTERVAL_S": "2",
        "CHAT_HEAD_INTERVAL_S": "0.3",
        "CHAT_RECONNECT_MIN_S": "1.5",
        "CHAT_RECONNECT_MAX_S": "2.5",
    }


@pytest.fixture
def another(tmp_path):
    server = Server(tmp_path)
    yield server
    server.stop()


def test_messages_rest_in_the_database_that_is_named(house, database):
    assert house.member("Ann").says("hello").ok

    assert database.exists()
    assert not (house.server.data / "chat.sqlite3").exists()


def test_the_data_folder_is_made_for_its_owner_alone(house):
    assert stat.S_IMODE(house.server.data.stat().st_mode) == 0o700


def test_a_quiet_log_says_nothing_of_who_comes(house):
    ann = house.member("Ann")

    assert ann.id not in house.server.log()


def test_behind_https_the_cookie_goes_nowhere_else(house, another):
    assert "; Secure" in house.visitor().get("/").headers["Set-Cookie"]

    another.start()
    assert "; Secure" not in Visitor(another.port).get("/").headers["Set-Cookie"]


@pytest.mark.parametrize("name", ["Vera", "vera", "V\u0435ra", "\uff36era", "V e r a", "Server", "Operator"])
def test_the_operators_name_is_for_nobody_else(house, name):
    ann = house.member("Ann")

    assert house.guest("x").joins(name=name).refused == "name_invalid"
    assert ann.renames(name).refused == "name_invalid"
    assert house.visitor().post("/name", name=name, room=house.room).status == 400
    assert house.visitor().post("/name", name=name).status == 400


def test_a_drop_is_told_after_the_grace_and_the_name_waits_for_the_lease(house):
    ben, eve, names = house.member("Ben"), house.guest("Eve"), iter(("Ann", "Cat", "Dan"))

    def told_after_s():
        guest = house.member(next(names))
        began = time.monotonic()
        guest.closes()
        assert eve.joins(name=guest.name).refused == "name_taken"
        ben.waits_for("members:changed", left=[{"id": guest.id, "name": guest.name}])
        took_s = time.monotonic() - began
        until(lambda: eve.joins(name=guest.name).ok, 4, "the end of the lease")
        eve.leaves()
        return took_s

    # The grace and one digest.
    assert least(3, told_after_s) < 3


def test_comings_are_told_together_as_often_as_set(house):
    ann = house.member("Ann")
    for name in ("Ben", "Cat", "Dan", "Eve"):
        assert house.guest(name).joins().ok
        time.sleep(0.4)  # more than twice the usual interval
    ann.sees("Ann", "Ben", "Cat", "Dan", "Eve")

    assert len(ann.heard("members:changed")) <= 2


def test_an_active_rooms_number_is_told_as_often_as_set(house):
    ann = house.member("Ann")
    ann.says("hello")
    began = time.monotonic()

    until(lambda: len(ann.heard("room:head")) == 2, 2.5, "two beacons")
    assert time.monotonic() - began < 2.5


def test_a_message_that_comes_again_has_the_number_told_for_those_who_missed_it(house):
    ann, ben = house.member("Ann"), house.member("Ben")
    ann.says("hello", "c" * 32)
    until(lambda: len(ben.heard("room:head")) == 2, 2.5, "the beacons of the message")
    ben.forgets()

    assert ann.says("hello", "c" * 32)["duplicate"]
    assert ben.waits_for("room:head")["head"] == 1


def test_a_connection_is_asked_for_signs_of_life_as_often_as_set(server):
    def lateness():
        line = RawSocket(server.port)
        opened = json.loads(line.receive()[1:])
        line.opens()
        began = time.monotonic()
        assert (opened["pingInterval"], opened["pingTimeout"]) == (2000, 1000)
        assert line.receive() == "2"
        asked_s = time.monotonic() - began
        with pytest.raises(Closed):
            line.receive()
        assert asked_s > 1
        return max(asked_s / 3.5, (time.monotonic() - began) / 5.5)

    assert least(1, lateness) < 1


def test_clients_are_told_how_long_to_wait_before_they_come_back(house):
    assert house.guest("Ann").ready["reconnect"] == {"min_ms": 1500, "max_ms": 2500}


def test_a_crowd_comes_in_as_fast_as_set(another):
    another.start(CHAT_ADMIT_PER_S="2")
    answers = []
    for number in range(6):
        line = RawSocket(another.port)
        line.opens()
        answers.append(line.asks("room:join", {"room": "tea", "name": f"Person {number}"}))

    assert [answer["ok"] for answer in answers[:2]] == [True, True]
    assert answers[-1]["error"]["code"] == "too_fast"
    assert answers[-1]["error"]["retry_after_ms"] > 500


def test_it_listens_where_it_is_told_to(another):
    class There(Server):
        def answers(self):
            try:
                return Visitor(self.port, "127.0.0.2").get("/healthz").status == 200
            except OSError:
                return False

    there = There(another.data.parent)
    try:
        there.start(CHAT_HOST="127.0.0.2")
        with pytest.raises(ConnectionRefusedError):
            Visitor(there.port).get("/healthz")
    finally:
        there.stop()


def test_a_member_says_that_they_type_as_often_as_set(another):
    another.start(CHAT_TYPING_PER_10S="7", CHAT_MESSAGES_PER_10S="3")
    line = RawSocket(another.port)
    line.opens()
    line.asks("room:join", {"room": "tea", "name": "Ann"})

    typed = [line.asks("typing:start", {"room": "tea"})["ok"] for _ in range(9)]
    said = [line.asks("message:send", {"room": "tea", "client_id": secrets.token_hex(16), "body": "x"}) for _ in "1234"]

    assert typed == [True] * 7 + [False] * 2
    assert [answer["ok"] for answer in said] == [True] * 3 + [False]
