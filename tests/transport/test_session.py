"""Who a connection belongs to, and what it is told first."""

import http.client
import json

from tests.wire import RawSocket

NAMES_OF_READY = {"v", "member", "limits", "server_time_ms", "reconnect", "token"}


def test_a_native_client_is_greeted_with_an_identity_and_the_limits(house):
    ann = house.guest("Ann")

    assert set(ann.ready) == NAMES_OF_READY
    assert ann.ready["v"] == 1
    assert len(ann.token) >= 22, "128 random bits"
    assert ann.token not in ann.id
    assert ann.ready["limits"] == {
        "name_chars": 32,
        "body_chars": 5000,
        "room_chars": 64,
        "history_page": 50,
        "resume_changes": 1000,
    }
    assert 0 < ann.ready["reconnect"]["min_ms"] < ann.ready["reconnect"]["max_ms"]
    assert ann.ready["server_time_ms"] > 1_700_000_000_000


def test_a_token_makes_the_same_member(house):
    first = house.guest("Ann")

    second = house.guest("Ann", token=first.token)

    assert (second.id, second.ready["token"]) == (first.id, first.token)


def test_a_token_we_did_not_make_is_replaced(house):
    ann = house.guest("Ann")

    for invented in ("0" * len(ann.token), ann.id, ann.token[:-1], ann.token + "0"):
        stranger = house.guest("Eve", token=invented)

        assert stranger.id != ann.id
        assert stranger.token not in (invented, ann.token)


def test_two_strangers_are_two_members(house):
    assert house.guest("Ann").id != house.guest("Ann").id


def test_another_version_is_told_to_upgrade(server):
    line = RawSocket(server.port)
    line.send('40{"v":2}')

    refusal = json.loads(line.receive_until("44")[2:])

    assert refusal["data"]["code"] == "upgrade_required"
    assert refusal["data"]["detail"].endswith(".")
    line.close()


def test_polling_is_refused(server):
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    for method, path in (
        ("GET", "EIO=4&transport=polling"),
        ("POST", "EIO=4&transport=polling&sid=x"),
        ("GET", "EIO=4"),
    ):
        line.request(method, f"/socket.io/?{path}", body="9" if method == "POST" else None)
        response = line.getresponse()
        response.read()

        assert response.status == 400, path
    line.close()


def test_a_page_of_another_site_cannot_open_the_socket(server):
    for origin in ("http://evil.example", "null", f"http://127.0.0.1:{server.port}.evil.example", "http://127.0.0.1:1"):
        line = RawSocket(server.port, Origin=origin)

        assert line.status == 403, origin
        line.close()


def test_our_own_page_can_open_the_socket(server):
    line = RawSocket(server.port, Origin=server.url)

    assert line.opens()["v"] == 1
    line.close()


def test_a_browser_is_known_by_its_cookie_and_needs_no_token(house):
    visitor = house.visitor()
    visitor.post("/name", name="Ann", room=house.room)

    one, two = house.guest("Ann", visitor=visitor), house.guest("Ann", visitor=visitor)

    assert one.id == two.id
    assert "token" not in one.ready
