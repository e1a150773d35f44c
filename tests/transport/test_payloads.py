"""What is not the wire is refused with a code, never ignored in silence, and changes nothing."""

import json

import pytest

from tests.wire import RawSocket

ID = "0" * 32
FIT = {
    "room:join": {"room": "tea", "name": "Ann"},
    "room:leave": {"room": "tea"},
    "name:change": {"room": "tea", "name": "Ann"},
    "message:send": {"room": "tea", "client_id": ID, "body": "hello"},
    "history:fetch": {"room": "tea", "before": 1, "after": None, "after_seq": None, "limit": 1},
    "typing:start": {"room": "tea"},
}


def one_wrong_each():
    for event, fit in FIT.items():
        for field in fit:
            wrong = [{}, [], True, 1.5, ["tea"]] + (
                [] if field in ("before", "after", "after_seq", "limit") else [None, 7]
            )
            for value in wrong:
                yield event, fit | {field: value}
        yield event, fit | {"extra": 1}
        yield event, {name: value for name, value in fit.items() if name != "room"}
        yield from ((event, value) for value in ([], [fit], "tea", None, 7, {}))
    for since in (
        {"epoch": "x"},
        {"epoch": 1, "seq": 1},
        {"epoch": "x", "seq": -1},
        {"epoch": "x", "seq": 1, "n": 1},
        "x",
    ):
        yield "room:join", FIT["room:join"] | {"since": since}
    for client_id in ("", "0" * 31, "0" * 33, "G" * 32, "0" * 32 + "\n"):
        yield "message:send", FIT["message:send"] | {"client_id": client_id}


def test_every_wrong_payload_is_refused_with_one_code(house):
    ann = house.guest("Ann")

    passed = [
        (event, payload) for event, payload in one_wrong_each() if ann.asks(event, payload).refused != "payload_invalid"
    ]

    assert passed == []
    assert ann.joins().ok, "the connection lives on"


@pytest.mark.parametrize(
    "event", ["nonsense", "room:Join", "message:posted", "members:changed", "message", "json", "__call__", ""]
)
def test_an_unknown_event_is_refused(house, event):
    assert house.guest("Ann").asks(event, {"room": "tea"}).refused == "payload_invalid"


@pytest.mark.parametrize("arguments", [(), ({"room": "tea"}, {"room": "tea"}), ({"room": "tea"}, None)])
def test_an_event_carries_exactly_one_object(server, arguments):
    line = RawSocket(server.port)
    line.opens()

    assert line.asks("typing:start", *arguments)["error"]["code"] == "payload_invalid"
    line.close()


def test_half_a_character_is_refused_wherever_it_stands(house):
    """JavaScript lets half of a surrogate pair into a text, and JSON carries it."""
    ann = house.guest("Ann", token="\ud800")

    assert ann.asks("typing:start", {"room": "tea", "\ud800": 1}).refused == "payload_invalid"
    assert ann.asks("typing:start", {"room": "\ud800"}).refused in ("not_in_room", "room_invalid")
    assert ann.joins(name="\ud800").refused == "name_invalid"
    assert ann.joins(since={"epoch": "\ud800", "seq": 1})["reset"] is True
    assert ann.says("\ud800").refused == "payload_invalid"
    assert "Traceback" not in house.server.log()


def test_a_refusal_says_what_is_wrong_in_a_sentence(house):
    answer = house.guest("Ann").asks("room:join", {"room": "tea", "name": "Ann", "nmae": "Ann"})

    assert set(answer) == {"ok", "error"}
    assert set(answer["error"]) == {"code", "detail"}
    assert answer.detail.endswith(".")


@pytest.mark.parametrize("event", ["connect", "disconnect", "connect_error"])
def test_the_librarys_own_events_cannot_be_fired_from_outside(house, event):
    ann, ben = house.member("Ann"), house.member("Ben")
    ann.sees("Ann", "Ben")
    line = RawSocket(house.server.port)
    line.opens(token=ann.token)
    line.send(f"42{json.dumps([event, {}])}")
    line.send(f"429{json.dumps([event, {}])}")

    assert ann.says("still here").ok
    ben.waits_for("message:posted", body="still here")
    assert [member for digest in ben.heard("members:changed") for member in digest["left"]] == []
    line.close()


@pytest.mark.parametrize("junk", ["x", ""])
def test_what_is_no_packet_ends_its_own_connection_and_no_other(house, junk):
    ann = house.member("Ann")
    line = RawSocket(house.server.port)
    line.opens()

    line.send(junk)

    line.wait_closed()
    assert ann.says("still here").ok
    line.close()


def test_a_message_longer_than_the_limit_ends_the_connection(server):
    line = RawSocket(server.port)
    line.opens()

    line.send("42" + json.dumps(["typing:start", {"room": "x" * 70_000}]))

    line.wait_closed()
    line.close()
