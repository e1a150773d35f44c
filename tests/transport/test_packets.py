"""Packets one level above the frames. Rows 6 to 9 of the threats."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import protocol
from app.transport import packets
from app.transport.packets import Connect, Event, PacketRefused, parse
from app.transport.payloads import PayloadReader

EVENTS = {event: PayloadReader(protocol.CLIENT_EVENTS[event]) for event in ("message:send", "room:join")}


def test_an_event_is_its_name_its_arguments_and_the_ack_it_wants():
    assert parse('4217["message:send",{"room":"tea"}]', EVENTS) == Event("message:send", ({"room": "tea"},), 17)
    assert parse('42["message:send",{}]', EVENTS) == Event("message:send", ({},), None)


def test_an_unknown_event_that_wants_an_answer_gets_as_far_as_the_door():
    assert parse('421["nope",{}]', EVENTS) == Event("nope", ({},), 1)


def test_what_does_not_carry_one_object_gets_as_far_as_the_door_too():
    """The door refuses it with a code, and says which field."""
    assert parse('421["room:join",[1]]', EVENTS) == Event("room:join", ([1],), 1)
    assert parse('421["room:join"]', EVENTS) == Event("room:join", (), 1)


def test_signs_of_life_and_farewells():
    assert parse("3", EVENTS) is packets.PONG
    assert parse("1", EVENTS) is packets.GOODBYE
    assert parse("41", EVENTS) is packets.GOODBYE
    assert parse("40", EVENTS) == Connect("0")
    assert parse('40{"v":1}', EVENTS) == Connect('0{"v":1}')


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "2",
        "2probe",
        "3probe",
        "4",
        "4x",
        "4x" * 10_000,
        "5",
        "6",
        "0",
        "49",
        "44{}",
        '43[1]',
        '431[{"ok":true}]',
        "40/admin,",
        '40/admin,{"v":1}',
        "40[1]",
        '40"v"',
        "40{",
        "41/",
        "42",
        "42{}",
        "42[]",
        "42[1]",
        '42[["message:send"],{}]',
        '42[{"x":1}]',
        '42/admin,["message:send",{}]',
        '42["message:send",{}',
        '42["message:send",{}]x',
        '42["nope",{}]',
        '421["connect",{}]',
        '421["disconnect"]',
        '421["disconnecting",{}]',
        '421["connect_error",{}]',
        '42-1["message:send",{}]',
        '42١["message:send",{}]',
        '4299999999999["message:send",{}]',
        '422147483649["message:send",{}]',
        '451-["message:send",{"_placeholder":true,"num":0}]',
        '45["message:send",{}]',
        '42["message:send",{"x":NaN}]',
        '42["message:send",{"x":Infinity}]',
        '42["message:send",{"x":-Infinity}]',
        '42["message:send",{"x":1e999}]',
        '42["message:send",{"x":1,"x":2}]',
        '42["message:send",{"x":{"y":1,"y":2}}]',
        "42" + "[" * 60_000,
        "4" + "[" * 60_000,
        '42["message:send",' + '{"x":' * 12_000 + "1" + "}" * 12_000 + "]",
        "42['message:send',{}]",
        '42["message:send",{"x":01}]',
        "42[\"message:send\",{\"x\":\"\n\"}]",
    ],
)  # fmt: skip
def test_what_is_not_a_packet_of_ours_is_refused(text):
    with pytest.raises(PacketRefused):
        parse(text, EVENTS)


@given(st.text(max_size=200))
@settings(max_examples=500)
def test_junk_is_parsed_or_refused_and_never_anything_else(junk):
    for text in (junk, "42" + junk, "421" + junk, "40" + junk, '421["message:send",' + junk):
        with contextlib.suppress(PacketRefused):
            parse(text, EVENTS)
