"""WebSocket as RFC 6455 has it, case by case, against the live server.

A client that keeps the rules is served; one that does not is told which rule by the close code.
"""

import struct

import pytest

from tests.hostile.line import Line, frame
from tests.wire import TEXT, Closed

CONTINUATION, BINARY, CLOSE, PING, PONG = 0x0, 0x2, 0x8, 0x9, 0xA
ASK = b'427["typing:start",{"room":"tea"}]'
LONG = b'427["typing:start",{"room":"' + "\u0447\u0430\u0439".encode() * 200 + b'"}]'


@pytest.fixture
def line(server):
    line = Line(server.port)
    line.opens()
    yield line
    line.close()


def answered(line):
    """The ack that comes: the connection lives, and what was sent was understood."""
    return line.receive_until("437")


def raw(opcode, payload=b"", *, final=True, reserved=0, masked=True, size=None):
    """A frame with whatever is wrong with it."""
    size = len(payload) if size is None else size
    head = struct.pack("!BB", (0x80 if final else 0) | reserved | opcode, (0x80 if masked else 0) | size)
    return head + (bytes(4) if masked else b"") + payload


# 1, 5: texts and their fragments


@pytest.mark.parametrize("chop", [1, 2, 7, 1000], ids=lambda size: f"{size} bytes at a time")
@pytest.mark.parametrize("text", [ASK, LONG], ids=["short", "two bytes a letter"])
def test_a_text_may_come_in_any_pieces_of_tcp(line, text, chop):
    data = frame(TEXT, text)
    for at in range(0, len(data), chop):
        line.send_bytes(data[at : at + chop])

    assert answered(line)


@pytest.mark.parametrize("pieces", range(1, 9))
def test_a_text_may_come_in_up_to_eight_fragments(line, pieces):
    size = -(-len(LONG) // pieces)
    parts = [LONG[at : at + size] for at in range(0, len(LONG), size)]
    for number, part in enumerate(parts):
        line.send_bytes(frame(CONTINUATION if number else TEXT, part, final=number == len(parts) - 1))

    assert answered(line)


def test_a_fragment_may_be_empty(line):
    line.send_bytes(frame(TEXT, b"", final=False) + frame(CONTINUATION, ASK, final=False) + frame(CONTINUATION, b""))

    assert answered(line)


def test_a_letter_may_be_cut_between_two_fragments(line):
    middle = LONG.index("\u0447".encode()) + 1
    line.send_bytes(frame(TEXT, LONG[:middle], final=False) + frame(CONTINUATION, LONG[middle:]))

    assert answered(line)


def test_a_ping_between_fragments_is_answered_first(line):
    line.send_bytes(frame(TEXT, ASK[:9], final=False) + frame(PING, b"now?") + frame(CONTINUATION, ASK[9:]))

    assert line.receive() == "now?"
    assert answered(line)


# 2: pings and pongs


@pytest.mark.parametrize("payload", [b"", b"hello", b"\x00" * 125], ids=["empty", "text", "125 bytes"])
def test_a_ping_comes_back_as_a_pong_with_what_it_held(line, payload):
    line.send_bytes(frame(PING, payload))

    assert line.receive().encode() == payload


def test_ten_pings_are_ten_pongs_in_order(line):
    line.send_bytes(b"".join(frame(PING, b"%d" % number) for number in range(10)))

    assert [line.receive() for _ in range(10)] == [str(number) for number in range(10)]


def test_an_unasked_pong_is_let_pass(line):
    line.send_bytes(frame(PONG, b"here") + frame(TEXT, ASK))

    assert answered(line)


# 2 to 7: what breaks a rule


WRONG = {
    "a ping of 126 bytes": (frame(PING, b"x" * 126), 1002),
    "a ping in fragments": (raw(PING, b"x", final=False), 1002),
    "a close in fragments": (raw(CLOSE, b"", final=False), 1002),
    **{f"reserved bit {bit:#x}": (raw(TEXT, ASK, reserved=bit), 1002) for bit in (0x10, 0x20, 0x40, 0x70)},
    **{f"opcode {code}": (raw(code, b"x"), 1002) for code in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
    "no mask": (raw(TEXT, ASK, masked=False), 1002),
    "a fragment of nothing": (frame(CONTINUATION, b"x"), 1002),
    "a fragment of nothing that goes on": (frame(CONTINUATION, b"x", final=False), 1002),
    "a text inside a text": (frame(TEXT, b"x", final=False) + frame(TEXT, b"y"), 1002),
    "nine fragments": (frame(TEXT, b"x", final=False) + frame(CONTINUATION, b"x", final=False) * 8, 1009),
    "binary": (frame(BINARY, b"x"), 1003),
    "binary, empty": (frame(BINARY, b""), 1003),
    "binary in fragments": (frame(BINARY, b"x", final=False), 1003),
    "a length written long": (b"\x81\xfe\x00\x05" + bytes(4) + b"hello", 1002),
    "a length of 2^63": (b"\x81\xff" + b"\x80" + bytes(7) + bytes(4), 1009),
    "one byte too many": (frame(TEXT, b"x" * 65_537), 1009),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_breaks_a_rule_ends_with_the_code_of_the_rule(line, what):
    data, code = WRONG[what]
    line.send_bytes(data)

    assert line.ends() == code


# 6: UTF-8


NOT_UTF8 = [
    b"\xc0\xaf", b"\xe0\x80\xaf", b"\xf0\x80\x80\xaf", b"\xc1\xbf", b"\xe0\x9f\xbf", b"\xf0\x8f\xbf\xbf",
    b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xed\xa0\x80\xed\xb0\x80", b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80",
    b"\xfe", b"\xff", b"\x80", b"\xbf", b"\xce", b"\xe1\x80", b"\xf1\x80\x80",
    b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xf4\x90\x80\x80\x65",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_UTF8, ids=lambda text: text.hex())
@pytest.mark.parametrize("fragments", [False, True], ids=["whole", "in fragments"])
def test_what_is_not_utf8_ends_with_1007(line, text, fragments):
    if fragments:
        line.send_bytes(frame(TEXT, text[:1], final=False) + frame(CONTINUATION, text[1:]))
    else:
        line.send_bytes(frame(TEXT, text))

    assert line.ends() == 1007


@pytest.mark.parametrize(
    "letter", ["\x7f", "\x80", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\ufffd", "\uffff", "\U00010000", "\U0010ffff"]
)
def test_every_end_of_unicode_is_let_pass(line, letter):
    line.send_bytes(frame(TEXT, f'427["typing:start",{{"room":"{letter}"}}]'.encode()))

    assert answered(line)


# 7: closing


@pytest.mark.parametrize("code", [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999])
def test_a_close_is_answered_with_its_own_code(line, code):
    line.send_bytes(frame(CLOSE, struct.pack("!H", code) + "\u0447\u0430\u0439".encode()))

    assert line.ends() == code


def test_a_close_without_a_code_is_answered(line):
    line.send_bytes(frame(CLOSE, b""))

    assert line.ends() == 1000


@pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1012, 1016, 1100, 2000, 2999, 5000, 65_535])
def test_a_code_no_client_may_send_is_a_protocol_error(line, code):
    line.send_bytes(frame(CLOSE, struct.pack("!H", code)))

    assert line.ends() == 1002


@pytest.mark.parametrize(
    "payload, code",
    [(b"\x03", 1002), (b"\x03\xe8\xff", 1007), (b"\x03\xe8" + b"x" * 124, 1002)],
    ids=["half a code", "a reason that is not UTF-8", "126 bytes"],
)
def test_a_close_must_be_whole(line, payload, code):
    line.send_bytes(frame(CLOSE, payload))

    assert line.ends() == code


def test_nothing_after_a_close_is_heard(line, server):
    line.send_bytes(frame(CLOSE, struct.pack("!H", 1000)) + frame(TEXT, ASK) + frame(PING, b"still?"))
    line.waits(3)

    with pytest.raises(Closed) as end:
        line.receive()
    assert end.value.code == 1000


def test_a_rule_broken_in_the_middle_of_many_texts_ends_them(line):
    line.send_bytes(frame(TEXT, ASK) + raw(7, b"x") + frame(TEXT, ASK) * 10)

    assert line.ends() == 1002
