"""A payload read straight into its model is the one that strict JSON and the model would give; doubt goes their way."""

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import protocol
from app.transport.packets import Event, PacketRefused, parse
from app.transport.payloads import PayloadReader
from app.web import sockets

ID = "0" * 32
MODELS = protocol.CLIENT_EVENTS
READ = {event: PayloadReader(model) for event, model in MODELS.items()}


class Slow:
    """Reads nothing at once."""

    def read(self, text):
        return None


SLOW = dict.fromkeys(MODELS, Slow())


def outcome(text, events):
    """What becomes of an event: its payload as the handler gets it, or why there is none."""
    try:
        event = parse(text, events)
        payload = sockets.parse(MODELS[event.name], event.arguments) if event.name in MODELS else event.arguments
        return event.name, event.ack_id, payload
    except (PacketRefused, sockets.PayloadInvalid) as no:
        return type(no), str(no)


def said(**changed):
    return {"room": "tea", "client_id": ID, "body": "hello"} | changed


def test_what_people_send_is_read_at_once():
    for body in ("hello", "", "¿qué?", "two\nlines", 'a "quoted" word', "[{[{", "😀"):
        text = "421" + json.dumps(["message:send", said(body=body)], separators=(",", ":"), ensure_ascii=False)
        assert parse(text, READ) == Event("message:send", (protocol.MessageSend("tea", ID, body),), 1)


def test_a_key_that_stands_twice_is_not_read_at_once():
    twice = f'{{"room":"tea","room":"tea","client_id":"{ID}","body":"x"}}'

    assert READ["message:send"].read(twice) is None
    with pytest.raises(PacketRefused):
        parse(f'42["message:send",{twice}]', READ)


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "null",
        "{}",
        "[]",
        '{"room":"tea"}{"room":"tea"}',
        '{"room":"tea"},{"room":"tea"}',
        '{"room":"tea"}]',
        '{"room":"tea"} ',
        '{"room":"\\ud800"}',
        '{"room":"\\ud83d\\ude00"}',
        '{"room":"\\u0000"}',
        '{"room":"\x01"}',
        '{"room":"\n"}',
        '{"room":"\x7f"}',
        '{"room":"\\x"}',
        '{"room":"a\\\\"}',
        '{"room":"a\\\\\\""}',
        '{"room":"a\\\\","room":"b"}',
        '{"room":"a","ro\\u006fm":"b"}',
        '{"ro\\u006fm":"b"}',
        '{"room":NaN}',
        '{"room":1e999}',
        '{"room":' + "[" * 5000 + '"a","b"' + "]" * 5000 + "}",
        '{"room":"a","more":NaN}',
        '{"room" : "a"}',
        "{'room':'a'}",
        '{"room":"a",}',
        '\ufeff{"room":"a"}',
        '\u00a0{"room":"a"}',
        '{"room":"a"}//',
    ],
)
def test_in_doubt_it_is_refused_as_it_always_was(payload):
    for head in ('421["typing:start",', '421["typing:start" ,', '421[ "typing:start",', "421[typing:start,"):
        text = f"{head}{payload}]"
        assert outcome(text, READ) == outcome(text, SLOW), text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just(ID),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)
FIELDS = ['"room":"a",', '"body":"b",', f'"client_id":"{ID}",', f'"client_id":"{ID}"', '"room":']
SIGNS = ['"', "\\", "\\\\", '\\"', "\\u0022", "\\ud800", *"{}[],: \n\x00é1", "NaN", "room", "body", "client_id", ID]
PIECES = st.sampled_from([*FIELDS, *SIGNS])


@given(
    st.sampled_from(sorted(MODELS)),
    st.dictionaries(st.sampled_from(["room", "client_id", "body", "x"]), JSON),
    st.data(),
)
@settings(max_examples=1000)
def test_read_at_once_or_not_the_outcome_is_the_same(event, changed, data):
    text = "427" + json.dumps([event, said(**changed)], ensure_ascii=data.draw(st.booleans()))
    at = data.draw(st.integers(0, len(text)))
    for each in (
        text,
        text[:at] + "".join(data.draw(st.lists(PIECES, max_size=4))) + text[at:],
        text[:at] + text[at + 1 :],
    ):
        assert outcome(each, READ) == outcome(each, SLOW), each


@given(st.lists(PIECES, max_size=12))
@settings(max_examples=1000)
def test_so_it_is_for_anything_between_the_brackets(pieces):
    for event in ("message:send", "typing:start"):
        text = f'421["{event}",{{{"".join(pieces)}}}]'
        assert outcome(text, READ) == outcome(text, SLOW), text


def test_only_plain_text_that_must_be_there_is_read_at_once():
    """Whoever adds another kind of field to an event loses speed, and nothing else."""
    assert {event for event in MODELS if READ[event]._quotes > 0} == {
        "message:send", "name:change", "room:leave", "typing:start"
    }  # fmt: skip

    class Open(msgspec.Struct):
        room: str

    assert PayloadReader(Open).read('{"room":"a"}') is None
