"""Many at the door. Rows 2 and 3 of the threats, against the live server."""

import socket
import time

import pytest

from tests.live import least

CAP = 40


@pytest.fixture(scope="module")
def server_settings():
    return {"CHAT_CONNECTIONS_PER_ADDRESS": str(CAP)}


def dial(server, source="127.0.0.1"):
    return socket.create_connection(("127.0.0.1", server.port), timeout=15, source_address=(source, 0))


def status(sock, request=b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"):
    """The status of the answer, or None when the connection was closed without one."""
    try:
        sock.sendall(request)
        head = sock.recv(4096)
    except OSError:
        return None
    return int(head.split()[1]) if head else None


def test_one_too_many_from_one_address_is_turned_away_at_once_and_others_are_not(server):
    idle = [dial(server, "127.0.0.9") for _ in range(CAP)]
    try:
        began = time.monotonic()
        extra = dial(server, "127.0.0.9")
        assert status(extra) == 503
        assert status(dial(server, "127.0.0.10")) == 200
        assert time.monotonic() - began < 1
    finally:
        for sock in idle:
            sock.close()

    deadline = time.monotonic() + 5
    while (answer := status(dial(server, "127.0.0.9"))) != 200:
        assert time.monotonic() < deadline, answer


def test_a_live_connection_counts_until_it_closes(house, server):
    guests = [house.guest(f"guest {number}") for number in range(5)]
    others = [dial(server) for _ in range(CAP - 5)]
    assert status(dial(server)) == 503

    for guest in guests:
        guest.closes()
    deadline = time.monotonic() + 5
    while (answer := status(dial(server))) != 200:
        assert time.monotonic() < deadline, answer
    for sock in others:
        sock.close()


def test_a_header_that_does_not_come_ends_the_connection(server):
    def hung_up_after_s():
        slow, silent = dial(server), dial(server)
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        began = time.monotonic()
        assert slow.recv(100) == b""
        assert silent.recv(100) == b""
        return time.monotonic() - began

    assert 8 < least(12, hung_up_after_s) < 12


@pytest.mark.parametrize("path", ["/", "/name", "/rooms", "/r/tea", "/healthz", "/static/css/base.css", "/socket.io/"])
@pytest.mark.parametrize(
    "head",
    [
        b"Transfer-Encoding: chunked\r\n\r\n" + b"5;" + b"x" * 200_000,
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nhello",
        b"Transfer-Encoding: gzip, chunked\r\n\r\n",
    ],
)
def test_no_body_of_unknown_length_is_taken_anywhere(server, path, head):
    answer = status(dial(server), b"POST %b HTTP/1.1\r\nHost: x\r\n%b" % (path.encode(), head))

    assert answer in (400, None)


def test_a_body_longer_than_any_form_is_refused_before_it_comes(server):
    form = b"Content-Type: application/x-www-form-urlencoded"
    request = b"POST /rooms HTTP/1.1\r\nHost: x\r\n%b\r\nContent-Length: 1000000000\r\n\r\n" % form

    assert status(dial(server), request) == 413
