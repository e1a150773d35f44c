"""What is tried before anybody is inside. Rows 1, 2, 3, 5 and 17 of the threats, against the live server."""

import random
import select
import socket
import string
import time

import pytest

from tests.hostile.watch import MB, allow_files, joins_within, watched_server
from tests.wire import RawSocket

FLOOD = 2_000
IDLE = 3_000
KEY = "dGhlIHNhbXBsZSBub25jZQ=="


@pytest.fixture(scope="module")
def server(tmp_path_factory, server_settings):
    yield from watched_server(tmp_path_factory.mktemp("server"), server_settings)


def dial(server, source="127.0.0.1"):
    return socket.create_connection(("127.0.0.1", server.port), 10, (source, 0))


def request(*lines, body=b""):
    return "\r\n".join([*lines, "Host: x", "", ""]).encode("latin-1") + body


def status(sock):
    """The status of the answer; None when the connection ended without one."""
    try:
        head = sock.recv(4096)
    except ConnectionError:
        head = b""
    return int(head.split()[1]) if head else None


def flood(server, wanted, source="127.0.0.20"):
    """Every connection is left open, as an attacker leaves it. The statuses of the answers."""
    lines = []
    for _ in range(FLOOD):
        sock = dial(server, source)
        sock.sendall(wanted)
        lines.append(sock)
    found = {status(sock) for sock in lines}
    return lines, found


POLLING = "/socket.io/?EIO=4&transport=polling&sid=abc"


@pytest.mark.parametrize(
    "wanted",
    [
        request(f"POST {POLLING} HTTP/1.1", "Content-Length: 1", body=b"9"),
        request(f"POST {POLLING} HTTP/1.1", "Content-Length: 100000000"),
        request("GET /socket.io/?EIO=4&transport=polling HTTP/1.1"),
    ],
    ids=["a packet that ends a session", "a body that never comes", "polling"],
)
def test_polling_in_any_number_holds_nothing(house, server, wanted):
    """Row 1 of the threats."""
    greenlets = server.greenlets()

    lines, found = flood(server, wanted)
    joins_within(house)

    assert found == {400}
    server.settles(greenlets + 3)
    for sock in lines:
        sock.close()


def test_thousands_of_idle_connections_keep_nobody_out(house, server):
    """Row 2 of the threats: silent ones, and headers that come a byte at a time."""
    allow_files(IDLE + 500)
    greenlets, memory = server.greenlets(), server.memory()
    idle = [dial(server, f"127.0.0.{30 + number % 3}") for number in range(IDLE)]
    try:
        for slow in idle[::2]:
            slow.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")

        joins_within(house)
        for slow in idle[::2]:
            slow.sendall(b"x")
        joins_within(house)

        # Ten seconds to a full header, however often a byte comes.
        deadline = time.monotonic() + 15
        waiting = set(idle)
        while waiting and time.monotonic() < deadline:
            waiting -= {sock for sock in waiting if select_reads(sock) and is_over(sock)}
            time.sleep(0.2)
        assert not waiting
        server.settles(greenlets + 6)
        assert server.memory() - memory < 100 * MB
    finally:
        for sock in idle:
            sock.close()


def select_reads(sock):
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return poll.poll(0)


def is_over(sock):
    try:
        return sock.recv(100) == b""
    except ConnectionError:
        return True


def test_a_chunk_size_line_of_forty_megabytes_is_not_read(server):
    """Row 3 of the threats."""
    memory = server.memory()
    sock = dial(server)
    sock.sendall(request("POST /rooms HTTP/1.1", "Transfer-Encoding: chunked", body=b"5;"))
    began = time.monotonic()

    assert status(sock) == 400
    assert time.monotonic() - began < 1
    with pytest.raises((ConnectionError, TimeoutError)):
        sock.sendall(b"x" * 40 * MB)
    sock.close()

    assert server.memory() - memory < 2 * MB


@pytest.mark.parametrize("path", ["/", "/rooms", "/name", "/r/tea", "/r/tea/messages", "/healthz", "/socket.io/"])
@pytest.mark.parametrize(
    "lines",
    [
        ["Transfer-Encoding: chunked", "Content-Length: 5"],
        ["Content-Length: 5", "Transfer-Encoding: identity"],
        ["Transfer-Encoding: \x0bchunked"],
        ["Transfer-Encoding: chunked", "Trailer: X-Late"],
        ["Content-Length: 5", "Content-Length: 6", "Transfer-Encoding: x"],
    ],
    ids=ascii,
)
def test_two_lengths_of_one_body_are_refused_on_every_route(server, path, lines):
    """Row 3 of the threats: what one server reads as a body, another reads as the next request."""
    sock = dial(server)
    sock.sendall(request(f"POST {path} HTTP/1.1", *lines, body=b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"))

    answer = b""
    while piece := sock.recv(4096):
        answer += piece
    sock.close()

    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400"))
    assert answer.count(b"HTTP/1.") == 1


@pytest.mark.parametrize(
    "wrong",
    [
        b"GET /name?room=\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /r/\xd1\x87 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET / <script>HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: x\r\n" % number for number in range(500)) + b"\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
    ],
    ids=lambda wrong: ascii(wrong[:30]),
)
def test_what_is_no_http_is_refused_without_a_word_in_the_log(server, wrong):
    before = server.log()
    sock = dial(server)
    sock.sendall(wrong)
    answer = sock.recv(4096)
    sock.close()

    assert answer.split()[1] == b"400"
    assert b"script" not in answer
    assert server.log() == before


def test_who_hangs_up_before_the_refusal_leaves_no_trace(server):
    for _ in range(50):
        sock = dial(server)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        sock.sendall(b"NONSENSE\r\n")
        sock.close()

    assert status_of(server, request("GET /healthz HTTP/1.1")) == 200
    assert "Traceback" not in server.log()


def status_of(server, wanted):
    sock = dial(server)
    sock.sendall(wanted)
    try:
        return status(sock)
    finally:
        sock.close()


def test_a_thousand_odd_handshakes_make_no_session(server):
    """Row 5 of the threats: 101 or a refusal, and no extension is ever agreed to."""
    chance = random.Random(5)
    good = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Key": KEY,
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Extensions": "permessage-deflate",
        "Sec-WebSocket-Protocol": "chat",
        "Origin": server.url,
    }
    greenlets, found = server.greenlets(), set()
    for number in range(1000):
        odd = "".join(chance.choices(string.printable[:94] + "\xff;=, ", k=chance.randrange(200)))
        headers = good | {chance.choice(list(good)): odd}
        if number % 3 == 0:
            del headers[chance.choice(list(good))]
        sock = dial(server)
        lines = [f"{name}: {value}" for name, value in headers.items()]
        sock.sendall(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n".encode()
            + "".join(f"{line}\r\n" for line in lines).encode("latin-1")
            + b"\r\n"
        )
        answer = sock.recv(4096)
        assert b"xtension" not in answer
        found.add(int(answer.split()[1]))
        sock.close()

    assert found == {101, 400, 403}
    server.settles(greenlets + 3)


def test_no_origin_but_our_own_exactly_gets_in(server):
    """Row 17 of the threats."""
    port = server.port
    origins = ["null", "", "http://evil.example", f"https://127.0.0.1:{port}", f"http://127.0.0.1:{port}/"]
    origins += [f"http://127.0.0.1:{port}.evil.example", f"http://evil.example:{port}", f"HTTP://127.0.0.1:{port}"]
    origins += ["http://127.0.0.1", f"http://127.0.0.1:{port + 1}", f"http://127.0.0.1:{port}@evil.example", "http://["]
    origins += [f"http://localhost:{port}", f"http://127.0.0.1:{port} http://evil.example", "file://", "http://127.1"]
    forged = {"X_Forwarded_Host": "evil.example", "X_Forwarded_Proto": "https", "Forwarded": "host=evil.example"}

    answers = {}
    for origin in origins:
        for more in ({}, forged):
            line = RawSocket(port, Origin=origin, **more)
            answers[origin, bool(more)] = line.status
            line.close()

    assert set(answers.values()) == {403}, answers
    line = RawSocket(port, Origin=server.url, **forged)
    assert line.opens()["v"] == 1
    line.close()
