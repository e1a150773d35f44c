"""Who may open a live connection. Rows 1, 5 and 17 of the threats."""

import contextlib
import random
import string

import pytest

from app.transport.handshake import HandshakeRefused, accept

KEY = "dGhlIHNhbXBsZSBub25jZQ=="


def request(**changes):
    environ = {
        "REQUEST_METHOD": "GET",
        "QUERY_STRING": "EIO=4&transport=websocket",
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "chat.example:8000",
        "HTTP_CONNECTION": "keep-alive, Upgrade",
        "HTTP_UPGRADE": "websocket",
        "HTTP_SEC_WEBSOCKET_VERSION": "13",
        "HTTP_SEC_WEBSOCKET_KEY": KEY,
    }
    environ.update(changes)
    return {name: value for name, value in environ.items() if value is not None}


def test_a_good_handshake_is_answered_as_the_standard_says():
    answer = accept(request())

    assert answer.startswith(b"HTTP/1.1 101 ")
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in answer
    assert answer.endswith(b"\r\n\r\n")


def test_no_extension_is_ever_agreed_to():
    answer = accept(request(HTTP_SEC_WEBSOCKET_EXTENSIONS="permessage-deflate; client_max_window_bits"))

    assert b"xtension" not in answer


@pytest.mark.parametrize("origin", [None, "http://chat.example:8000"])
def test_our_own_page_and_no_page_may_connect(origin):
    assert accept(request(HTTP_ORIGIN=origin))


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "http://evil.example",
        "https://chat.example:8000",
        "http://chat.example",
        "http://chat.example:80001",
        "http://chat.example:8000.evil.example",
        "http://evil.example/http://chat.example:8000",
        "HTTP://chat.example:8000",
        "http://CHAT.example:8000",
        "http://chat.example:8000/",
        "",
    ],
)
def test_a_page_of_another_site_may_not(origin):
    with pytest.raises(HandshakeRefused) as no:
        accept(request(HTTP_ORIGIN=origin, HTTP_X_FORWARDED_HOST="evil.example"))

    assert no.value.status.startswith("403")


@pytest.mark.parametrize(
    "changes",
    [
        {"QUERY_STRING": "EIO=4&transport=polling"},
        {"QUERY_STRING": "EIO=4"},
        {"QUERY_STRING": ""},
        {"QUERY_STRING": "EIO=3&transport=websocket"},
        {"QUERY_STRING": "EIO=4&transport=websocket&sid=abc"},
        {"QUERY_STRING": "EIO=4&transport=websocket&transport=polling"},
        {"REQUEST_METHOD": "POST"},
        {"CONTENT_LENGTH": "1"},
        {"CONTENT_LENGTH": "99999999999"},
        {"HTTP_TRANSFER_ENCODING": "chunked"},
        {"HTTP_CONNECTION": None},
        {"HTTP_CONNECTION": "keep-alive"},
        {"HTTP_UPGRADE": None},
        {"HTTP_UPGRADE": "h2c"},
        {"HTTP_UPGRADE": "websocket, h2c"},
        {"HTTP_SEC_WEBSOCKET_VERSION": None},
        {"HTTP_SEC_WEBSOCKET_VERSION": "8"},
        {"HTTP_SEC_WEBSOCKET_VERSION": "13, 8"},
        {"HTTP_SEC_WEBSOCKET_KEY": None},
        {"HTTP_SEC_WEBSOCKET_KEY": ""},
        {"HTTP_SEC_WEBSOCKET_KEY": "c2hvcnQ="},
        {"HTTP_SEC_WEBSOCKET_KEY": KEY + KEY},
        {"HTTP_SEC_WEBSOCKET_KEY": "!" * 24},
        {"HTTP_SEC_WEBSOCKET_KEY": "é" * 24},
    ],
)
def test_what_is_not_our_handshake_is_refused(changes):
    with pytest.raises(HandshakeRefused) as no:
        accept(request(**changes))

    assert no.value.status.startswith("400")


def test_a_thousand_random_headers_are_accepted_or_refused_and_never_anything_else():
    chance = random.Random(5)
    names = [name for name in request() if name.startswith("HTTP_")] + ["HTTP_SEC_WEBSOCKET_EXTENSIONS", "HTTP_ORIGIN"]
    for _ in range(1000):
        value = "".join(chance.choices(string.printable + "\xff;=,", k=chance.randrange(300)))
        with contextlib.suppress(HandshakeRefused):
            assert accept(request(**{chance.choice(names): value})).startswith(b"HTTP/1.1 101")
