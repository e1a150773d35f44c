"""Whatever travels has exactly the fields that `app/protocol.py` says, each of its type."""

import secrets

import msgspec

from app import protocol


def is_exactly(payload, struct):
    """`payload` has all fields of `struct` that must be there, none it does not know, and each of its type."""
    fields = {field.name: field for field in msgspec.structs.fields(struct)}
    needed = {name for name, field in fields.items() if field.required or name == "ok"}
    assert needed <= set(payload) <= set(fields), (struct.__name__, sorted(payload))
    msgspec.convert(payload, struct)
    return True


def test_every_ack_is_as_the_wire_says(house):
    ann = house.member("Ann")
    client_id = secrets.token_hex(16)
    acks = {
        "room:join": ann.joins(),
        "message:send": ann.says("hello", client_id),
        "history:fetch": ann.reads(),
        "name:change": ann.renames("Anna"),
        "typing:start": ann.types(),
        "members:list": ann.asks("members:list", {"room": house.room}),
        "room:leave": ann.leaves(),
    }

    assert acks.keys() == protocol.ACKS.keys()
    for event, ack in acks.items():
        assert is_exactly(ack, protocol.ACKS[event])
    for message in acks["history:fetch"]["messages"]:
        assert is_exactly(message, protocol.WireMessage)


def test_every_push_is_as_the_wire_says(house):
    ann, ben = house.member("Ann"), house.guest("Ben")
    assert is_exactly(ben.ready, protocol.SessionReady)
    ben.joins()
    ann.says("hello")
    ann.types()
    ann.renames("Anna")
    ben.waits_for("room:head", within=15)
    ann.leaves()
    ben.sees("Ben")

    for event in ("message:posted", "members:changed", "typing:changed", "room:head"):
        payloads = ben.heard(event)
        assert payloads, event
        assert all(is_exactly(payload, protocol.SERVER_EVENTS[event]) for payload in payloads)


def test_every_refusal_has_one_form(house):
    ann = house.member("Ann")

    for answer in (
        ann.says(""),
        ann.asks("nothing", {}),
        ann.renames(""),
        ann.joins("No Slug"),
        ann.types("elsewhere"),
    ):
        assert set(answer) == {"ok", "error"}
        assert {"code", "detail"} <= set(answer["error"]) <= {"code", "detail", "rule", "retry_after_ms"}
        assert answer.refused in protocol.CODES
        assert answer.detail.endswith(".")
