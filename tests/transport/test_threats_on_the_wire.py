"""What is tried by whoever is connected. Rows 4, 6, 7, 8, 12 and 20 of the threats, against the live server."""

import json
import secrets
import time
from contextlib import suppress

import pytest

from tests.hostile.crowd import Crowd, least_p99_ms
from tests.hostile.line import Line, frame
from tests.hostile.watch import MB, Flood, joins_within, watched_server
from tests.live import least
from tests.wire import TEXT

CONTINUATION, BINARY = 0x0, 0x2


@pytest.fixture(scope="module")
def server(tmp_path_factory, server_settings):
    yield from watched_server(tmp_path_factory.mktemp("server"), server_settings)


def member(house, name, source="127.0.0.1"):
    """A line whose member is in the room, and the member's id."""
    line = Line(house.server.port, source=source)
    line.id = line.opens()["member"]["id"]
    assert line.asks("room:join", {"room": house.room, "name": name})["ok"]
    return line


def sends(line, data):
    """As long as the other side takes it."""
    with suppress(OSError):
        line.send_bytes(data)


BIG = {
    "fragments without end": frame(TEXT, b"x" * 60, final=False) + frame(CONTINUATION, b"x" * 60, final=False) * 50,
    "a hundred thousand of one byte": frame(TEXT, b"x", final=False) + frame(CONTINUATION, b"x", final=False) * 100_000,
    "one frame of a megabyte": frame(TEXT, b"x" * 1_000_000),
    "a length of terabytes": b"\x81" + b"\xff" + (2**45).to_bytes(8, "big") + bytes(4) + b"x" * 90_000,
    "fragments that add up": frame(TEXT, b"x" * 40_000, final=False) + frame(CONTINUATION, b"x" * 40_000),
}  # fmt: skip


@pytest.mark.alone
def test_what_is_too_big_is_closed_with_1009_and_others_do_not_notice(house, server):
    """Row 4 of the threats."""

    codes = []

    def each_once():
        for data in BIG.values():
            line = Line(server.port)
            line.opens()
            sends(line, data)
            codes.append(line.ends())

    def attack():
        with Crowd(server.port, house.fresh_room(), 10, pause_s=0.1) as crowd:
            # What a young process takes once is not what an attack makes it take.
            each_once()
            memory = server.memory()
            # So many, however fast the machine: what they spent is remembered for seconds, a kilobyte for each.
            for _ in range(250):
                each_once()
            assert server.memory() - memory < 5 * MB
        assert set(codes) == {1009}
        return crowd

    assert least_p99_ms(200, attack) < 200


@pytest.mark.alone
@pytest.mark.parametrize("what", ["pings", "pongs"])
def test_a_flood_of_control_frames_is_ended_before_it_holds_up_anybody(house, server, what):
    """Row 4 of the threats: a ping costs an answer, and a sign of life costs nothing to send."""

    def attack():
        with (
            Crowd(server.port, house.fresh_room(), 10, pause_s=0.1) as crowd,
            Flood(server.port, what, sockets=2, seconds=3) as flood,
        ):
            pass
        assert len(flood.ends) > 2
        assert set(flood.ends) <= {1008, None}
        return crowd

    assert least_p99_ms(200, attack) < 200


NO_PACKETS = {
    "x": "x",
    "empty": "",
    "nested": "4" + "[" * 50_000,
    "nested event": "42" + "[" * 60_000,
    "nested argument": '42["typing:start",' + "[" * 30_000 + "]" * 30_000 + "]",
    "nine deep": '427["typing:start",' + '{"a":' * 9 + "1" + "}" * 9 + "]",
    "many": "4x" * 10_000,
    "disconnect fired": '42["disconnect"]',
    "connect fired": '42["connect",{"v":1}]',
    "connect again": '40{"v":1}',
    "another namespace": '40/admin,{"v":1}',
    "an event there": '42/admin,["typing:start",{"room":"tea"}]',
    "goodbye there": "41/admin,",
    "an unknown event": '42["nonsense",{"room":"tea"}]',
    "a huge ack id": '4299999999999999999999["typing:start",{"room":"tea"}]',
    "an ack id over 2^31": '422147483649["typing:start",{"room":"tea"}]',
    "an ack of nothing": '430[{"ok":true}]',
    "a probe": "2probe",
    "an upgrade": "5",
    "open": '0{"sid":"x"}',
    "a refusal": '44{"message":"x"}',
    "attachments": '451-["message:send",{"_placeholder":true,"num":0}]',
    "many attachments": '45999999-["message:send",{"_placeholder":true,"num":0}]',
    "base64": "bAAAA",
    "NaN": '427["typing:start",{"room":NaN}]',
    "a key twice": '427["typing:start",{"room":"a","room":"b"}]',
    "1e999": '427["history:fetch",{"room":"a","before":1e999}]',
}


@pytest.mark.parametrize("what", NO_PACKETS)
def test_one_protocol_error_ends_the_session_and_is_told_once_and_at_once(house, server, what):
    """Rows 6, 7 and 8 of the threats."""
    # The log has room for so many lines of one address, and hers are counted.
    ann, names = house.member("Ann"), iter(("Eve", "Eva", "Evi"))

    def told_after_s():
        name = next(names)
        eve = member(house, name, "127.0.0.6")
        ann.sees("Ann", name)
        ann.forgets()
        began = time.monotonic()
        eve.send_text(NO_PACKETS[what])
        assert eve.ends() == 1002
        ann.sees("Ann")
        took_s = time.monotonic() - began
        assert ann.says("still here").ok
        assert len([left for digest in ann.heard("members:changed") for left in digest["left"]]) == 1
        lines = [line for line in server.log().splitlines() if eve.id in line]
        assert [line.split()[3] for line in lines] == ["connect", "join", "disconnect", "leave"]
        assert all(len(line) < 250 for line in lines)
        return took_s

    assert least(1, told_after_s) < 1


def test_binary_is_closed_at_its_first_frame_and_piles_up_nowhere(house, server):
    """Row 8 of the threats."""
    memory = server.memory()

    for _ in range(20):
        line = Line(server.port)
        line.opens()
        sends(line, frame(BINARY, b"x" * 60_000) * 50)
        assert line.ends() == 1003

    assert server.memory() - memory < 5 * MB
    joins_within(house)


def test_deep_or_wide_objects_cost_their_sender_the_answer_and_nobody_anything(house, server):
    """Row 9 of the threats: what is JSON but not of the wire is refused; the connection may live."""
    ann, eve = house.member("Ann"), member(house, "Eve")
    wide = json.dumps({str(number): number for number in range(4_000)})

    for fields in (
        wide,
        '{"room":["tea"]}',
        '{"room":"\\ud800"}',
        '{"room":"\\u0000"}',
        '{"room":{"a":{"b":{"c":1}}}}',
    ):
        eve.send_text(f'429["typing:start",{fields}]')
        answer = json.loads(eve.receive_until("439")[3:])[0]
        assert answer["error"]["code"] in ("payload_invalid", "room_invalid", "not_in_room")

    assert ann.says("still here").ok
    eve.close()


def test_no_value_of_room_reaches_a_room_one_is_not_in(house):
    """Row 12 of the threats."""
    ann = house.member("Ann")
    eve = house.guest("Eve")
    eve.joins(house.fresh_room())
    values = [
        house.room, "", None, True, 0, 1.5, [], {}, [house.room], {"room": house.room}, [[house.room]], "*", "#", "/",
        ann.id, ann._client.sid, ann._client.eio.sid, f"/{house.room}", f"{house.room}/", f"{house.room}#", "/,tea",
        f"{house.room}\x00", f" {house.room}", house.room.upper(), f"{house.room}?", f"../{house.room}", "\ud800",
        house.room.replace("-", "\u2010"), house.room.replace("o", "\u043e"), f"{house.room}\u200b", "x" * 5000,
        f"{house.room},{eve.room}", [house.room, eve.room], f"room:{house.room}", f"r/{house.room}", "%2e%2e", "null",
    ]  # fmt: skip
    ann.forgets()

    for value in values:
        answers = [
            eve.asks("message:send", {"room": value, "client_id": secrets.token_hex(16), "body": "from outside"}),
            eve.asks("typing:start", {"room": value}),
            eve.asks("name:change", {"room": value, "name": "Intruder"}),
            eve.asks("history:fetch", {"room": value}),
            eve.asks("room:leave", {"room": value}),
        ]
        codes = {answer.refused for answer in answers}
        assert codes <= {"not_in_room", "room_invalid", "payload_invalid", "too_fast"}, (value, codes)

    for event in ("message:posted", "typing:changed", "members:changed"):
        assert ann.heard(event) == []
    assert eve.hears() == []
    assert ann.reads()["head"] == 0


def test_another_members_client_id_is_ones_own_here(house):
    """Row 20 of the threats: it neither finds nor blocks the other's message, and is not told."""
    ann, ben = house.member("Ann"), house.member("Ben")
    client_id = secrets.token_hex(16)

    first, second = ann.says("mine", client_id), ben.says("also mine", client_id)

    assert (first["duplicate"], second["duplicate"]) == (False, False)
    assert [message["body"] for message in (first["message"], second["message"])] == ["mine", "also mine"]
    assert ben.says("also mine", client_id)["duplicate"] is True
    heard = ben.waits_for("message:posted", body="mine")
    assert "client_id" not in heard
    assert [message.get("client_id") for message in ben.reads()["messages"]] == [None, client_id]


@pytest.mark.parametrize(
    "field, value",
    [
        ("seq", 1),
        ("id", 1),
        ("author", {"id": "x", "name": "Ann"}),
        ("sent_at_ms", 0),
        ("kind", "notice"),
        ("name", "A"),
    ],
)
def test_number_author_and_time_are_the_servers_to_give(house, field, value):
    """Row 20 of the threats."""
    ann = house.member("Ann")
    payload = {"room": house.room, "client_id": secrets.token_hex(16), "body": "hello"}

    assert ann.asks("message:send", payload | {field: value}).refused == "payload_invalid"
    message = ann.asks("message:send", payload)["message"]
    assert (message["author"], message["kind"]) == ({"id": ann.id, "name": "Ann"}, "text")
    assert abs(message["sent_at_ms"] - time.time() * 1000) < 5_000
