"""Two processes of one chatroom behind nginx, and behind HAProxy."""

import gzip
import time
from types import SimpleNamespace

import pytest

from tests.actors import House
from tests.deploy.proxies import OWN_ADDRESS, HAProxy, Nginx
from tests.live import Server, Visitor, until
from tests.programs import Follower, Program, new_token
from tests.redis_server import RedisServer
from tests.wire import RawSocket

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """They share a database and a Redis, and nothing else."""
    redis, servers = RedisServer(), [Server(tmp_path_factory.mktemp("process")) for _ in range(2)]
    settings = {
        "CHAT_DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('database') / 'chat.sqlite3'}",
        "CHAT_SECRET": "x" * 32,
        "CHAT_TRUSTED_PROXIES": OWN_ADDRESS,
    }
    redis.start()
    try:
        for server in servers:
            server.start(CHAT_REDIS_URL=redis.url, **settings)
        yield servers
    finally:
        for server in servers:
            server.stop()
        redis.close()


@pytest.fixture(scope="module")
def token(pair):
    return new_token(pair[0], "followed", "filled")


@pytest.fixture(scope="module", params=[Nginx, HAProxy], ids=["nginx", "haproxy"])
def proxy(request, pair, tmp_path_factory):
    proxy = request.param(tmp_path_factory.mktemp("proxy"), (pair[0].port, pair[1].port))
    proxy.start()
    yield proxy
    proxy.stop()


@pytest.fixture
def house(proxy):
    """People who come through the proxy."""
    house = House(SimpleNamespace(port=proxy.port, url=f"http://127.0.0.1:{proxy.port}"))
    yield house
    house.close()


def connections(server):
    return server.log().count(" connect ")


def guest_at(server, house, name):
    """Somebody who was brought to this process."""
    for _ in range(20):
        guest = house.guest(name)
        if guest.id in server.log():
            return guest
    raise AssertionError(f"nobody of twenty came to port {server.port}")


def test_the_program_itself_finds_the_file_good(proxy):
    done = proxy.checks()

    assert done.returncode == 0, done.stderr
    assert "warn" not in (done.stdout + done.stderr).lower()


def test_people_at_both_processes_talk_to_each_other(house, pair):
    ann, ben = guest_at(pair[0], house, "Ann"), guest_at(pair[1], house, "Ben")
    ann.joins()
    ben.joins()

    assert ann.says("hello").ok
    assert ben.waits_for("message:posted")["body"] == "hello"
    assert ben.says("x" * 5000).ok
    assert ann.waits_for("message:posted", body="x" * 5000)


def test_a_browser_is_the_same_person_at_both(house):
    vera = Visitor(house.server.port)
    vera.post("/name", name="Vera", room=house.room)

    assert [vera.get(f"/r/{house.room}").status for _ in range(6)] == [200] * 6
    assert len({house.guest("Vera", visitor=vera).id for _ in range(3)}) == 1


def test_everybody_counts_by_their_own_address_and_not_by_what_they_say(proxy, pair):
    log = pair[0].log() + pair[1].log()
    for says in ({}, {"X_Forwarded_For": "198.51.100.9"}, {"X_Forwarded_For": "198.51.100.9, 127.0.0.1"}):
        line = RawSocket(proxy.port, source="127.0.0.77", **says)
        assert line.status == 101
        line.opens()
        line.close()
    direct = RawSocket(pair[0].port, source="127.0.0.78", X_Forwarded_For="198.51.100.9")
    direct.opens()
    direct.close()

    now = pair[0].log() + pair[1].log()
    assert now.count('address="127.0.0.77"') == log.count('address="127.0.0.77"') + 3
    assert now.count('address="127.0.0.78"') == log.count('address="127.0.0.78"') + 1
    assert "198.51.100.9" not in now


def test_a_page_of_another_site_is_refused_as_without_a_proxy(proxy):
    own = f"http://127.0.0.1:{proxy.port}"

    assert RawSocket(proxy.port, Origin=own).status == 101
    assert RawSocket(proxy.port, Origin="http://evil.example").status == 403
    assert RawSocket(proxy.port, Origin="http://evil.example", X_Forwarded_Host="evil.example").status == 403
    assert Visitor(proxy.port).post("/rooms", room="tea").status == 303


def test_what_is_followed_comes_at_once(house, token):
    follower = Follower(house.server, "followed")
    assert follower.hears()[0] == "room:head"

    for body in ("one", "two"):
        assert Program(house.server, token).says("followed", body).status == 200
        assert follower.hears()[1]["body"] == body
    follower.close()


def test_the_longest_body_passes_and_a_longer_one_does_not(house, token):
    program = Program(house.server, token)

    longest = '{"body": "' + "\\u00e9" * 5000 + '"}'
    assert program.calls("POST", "rooms/filled/messages", longest + " " * 90_000).status == 200
    assert program.calls("POST", "rooms/filled/messages", longest + " " * 200_000).status == 413


def test_scripts_arrive_whole_and_numbers_are_not_for_everybody(proxy):
    visitor = Visitor(proxy.port)
    plain = visitor.get("/static/js/room-view.js")
    packed = visitor.get("/static/js/room-view.js", **{"Accept-Encoding": "gzip"})

    assert plain.status == packed.status == 200
    is_packed = packed.headers.get("Content-Encoding") == "gzip"
    assert (gzip.decompress(packed.body) if is_packed else packed.body) == plain.body
    assert visitor.get("/metrics").status == 404
    assert visitor.get("/readyz").status == 200


def test_a_process_that_stops_is_not_missed_and_asked_again_when_it_is_back(house, pair, proxy):
    ann = house.member("Ann")
    visitor, statuses = Visitor(proxy.port), []
    # It ends the connections that are open; nobody who comes now waits for it.
    pair[1].stop()
    for _ in range(10):
        begun = time.monotonic()
        statuses += [visitor.get("/").status, visitor.post("/rooms", room="tea").status, RawSocket(proxy.port).status]
        assert time.monotonic() - begun < 2
    assert statuses == [200, 303, 101] * 10
    ben = house.guest("Ben")
    assert ben.joins().ok
    assert ben.says("still here").ok

    pair[1].restart()
    before = connections(pair[1])
    until(lambda: RawSocket(proxy.port).opens() and connections(pair[1]) > before, 15, "a connection to the new one")
    ann.goes()
