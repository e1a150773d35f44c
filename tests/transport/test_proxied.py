"""Many behind one proxy: each counts by their own address, and none by what they say of themselves."""

import secrets
import socket
import time
from contextlib import ExitStack, contextmanager

import pytest

from tests.forwarder import Forwarder
from tests.hostile.line import Line
from tests.live import Visitor, until

OURS, FOREIGN = "127.0.0.50", "127.0.0.51"
CAP, ALL = 5, 30
ALICE, BOB = "203.0.113.9", "203.0.113.10"


@pytest.fixture(scope="module")
def server_settings():
    return {
        "CHAT_TRUSTED_PROXIES": OURS,
        "CHAT_CONNECTIONS_PER_ADDRESS": str(CAP),
        "CHAT_CONNECTIONS": str(ALL),
        "CHAT_ADDRESS_POINTS_PER_10S": "100",
        "CHAT_JOIN_COST": "0",
    }


@pytest.fixture(autouse=True)
def alone(server):
    """Who was sent home is forgotten once the socket is."""
    yield
    until(lambda: all_come_in(server), 10, "an empty server")


def all_come_in(server):
    idle = [dial(server.port, f"127.0.1.{number}") for number in range(ALL - 1)]
    try:
        return status(dial(server.port, "127.0.1.200")) == 200
    finally:
        for sock in idle:
            sock.close()


def dial(port, source="127.0.0.1"):
    return socket.create_connection(("127.0.0.1", port), 8, (source, 0))


def status(sock):
    """The status of the answer, or None when the connection was closed without one."""
    try:
        with sock:
            sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            head = sock.recv(4096)
    except OSError:
        return None
    return int(head.split()[1]) if head else None


@contextmanager
def lines(port, count, **headers):
    """So many live connections; fails unless each handshake is accepted."""
    with ExitStack() as ends:
        found = [Line(port, **headers) for _ in range(count)]
        for line in found:
            ends.callback(line.close)
            assert line.status == 101, line.head
            line.opens()
        yield found


def test_a_proxy_of_ours_is_not_taken_for_one_address(house, server):
    with ExitStack() as stack:
        for number in range(4 * CAP):
            port = stack.enter_context(Forwarder(server.port, f"203.0.113.{number}", OURS))
            (line,) = stack.enter_context(lines(port, 1))
            assert line.asks("room:join", {"room": house.room, "name": f"Person {number}"})["ok"]

    assert 'address="203.0.113.7"' in server.log()


def test_one_address_behind_it_has_as_many_connections_as_any_other(server):
    with Forwarder(server.port, ALICE, OURS) as alice, Forwarder(server.port, BOB, OURS) as bob:
        with lines(alice, CAP):
            extra = Line(alice)
            said = extra._sock.recv(4096)
            assert extra.status == 503
            assert "Retry-After: 10" in extra.head
            assert b"Too many connections are open from your address." in said
            with lines(bob, CAP):
                assert Visitor(alice).get("/healthz").status == 200, "pages are not connections that stay"

        until(lambda: Line(alice).status == 101, 5, "a free place")


def test_an_ipv6_household_behind_it_is_one_address(server):
    with ExitStack() as stack:
        one, other, elsewhere = (
            stack.enter_context(Forwarder(server.port, client, OURS))
            for client in ("2001:db8:1:2::1", "2001:db8:1:2:3::4", "2001:db8:1:3::1")
        )
        stack.enter_context(lines(one, CAP))

        assert Line(other).status == 503
        assert Line(elsewhere).status == 101
        rooms = [Visitor(port).post("/rooms", room="tea").status for _ in range(10) for port in (one, other)]
        # A hundred points, and seven for each.
        assert 14 <= rooms.count(303) < 20
        assert rooms[-1] == 429
        assert Visitor(elsewhere).post("/rooms", room="tea").status == 303


@pytest.mark.parametrize("forged", ["198.51.100.1", "198.51.100.1, 198.51.100.2", "127.0.0.50", "unknown"])
def test_nobody_behind_it_is_believed_to_be_somebody_else(server, forged):
    with Forwarder(server.port, ALICE, OURS) as alice, lines(alice, CAP):
        assert Line(alice, X_Forwarded_For=forged).status == 503


def test_a_proxy_that_is_not_ours_is_one_address_whatever_it_says(server):
    with (
        Forwarder(server.port, ALICE, FOREIGN) as alice,
        Forwarder(server.port, BOB, FOREIGN) as bob,
        lines(alice, CAP),
    ):
        assert Line(bob).status == 503
        with lines(server.port, 1, X_Forwarded_For=ALICE):
            pass


def test_all_together_are_no_more_than_fit(server):
    with Forwarder(server.port, ALICE, OURS) as proxied:
        idle = [dial(server.port, OURS) for _ in range(ALL // 2)]
        assert status(dial(proxied)) == status(dial(server.port)) == 200

        def no_more_fit():
            idle.append(dial(server.port, OURS))
            return status(dial(server.port)) == 503 and status(dial(proxied)) == 503

        try:
            until(no_more_fit, 5, "a refusal")
            assert ALL - 5 < len(idle) < ALL + 20
        finally:
            for sock in idle:
                sock.close()


def talks(line, room, times):
    """The refusals on the way."""
    line.asks("room:join", {"room": room, "name": secrets.token_hex(4)})
    said = [
        line.asks("message:send", {"room": room, "client_id": secrets.token_hex(16), "body": "buy"})
        for _ in range(times)
    ]
    return [answer["error"] for answer in said if not answer["ok"]]


def test_throw_away_identities_behind_it_are_one_crowd_and_others_are_not_in_it(house, server):
    with Forwarder(server.port, ALICE, OURS) as alice, Forwarder(server.port, BOB, OURS) as bob:
        refused, pages = [], []
        for _ in range(5):
            with lines(alice, 1) as (line,):
                refused += talks(line, house.fresh_room(), 4)
                pages.append(Visitor(alice).post("/rooms", room="tea"))

        assert len(refused) >= 5
        assert {no["code"] for no in refused} == {"too_fast"}
        assert all(0 < no["retry_after_ms"] <= 10_000 for no in refused)
        page = next(page for page in reversed(pages) if page.status == 429)
        assert 0 < int(page.headers["Retry-After"]) <= 10
        assert Visitor(bob).get("/").status == 200
        with lines(bob, 1) as (line,):
            assert talks(line, house.fresh_room(), 4) == []
            time.sleep(int(page.headers["Retry-After"]))  # what a client does with it
        with lines(alice, 1) as (line,):
            assert talks(line, house.fresh_room(), 1) == []
