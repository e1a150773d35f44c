"""Frames as a client may send them, and every way they can be wrong. The cases follow RFC 6455, section by section."""

import contextlib
import itertools
import os
import struct
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.transport import frames
from app.transport.frames import BINARY, CLOSE, CONTINUATION, FRAGMENTS, PING, PONG, TEXT, FrameReader, FrameRefused

LIMIT = 64 * 1024


def sent(opcode, payload=b"", *, final=True, masked=True, size=None, reserved=0, long_form=None):
    """A frame as a client writes it, or miswrites it."""
    size = len(payload) if size is None else size
    first = (0x80 if final else 0) | reserved | opcode
    mask_bit = 0x80 if masked else 0
    if long_form == 16 or (long_form is None and 125 < size <= 0xFFFF):
        head = struct.pack("!BBH", first, mask_bit | 126, size)
    elif long_form == 64 or size > 0xFFFF:
        head = struct.pack("!BBQ", first, mask_bit | 127, size)
    else:
        head = struct.pack("!BB", first, mask_bit | size)
    mask = os.urandom(4) if masked else b""
    body = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload)) if masked else payload
    return head + mask + body


def read(*pieces):
    reader = FrameReader(LIMIT)
    return [message for piece in pieces for message in reader.feed(piece)]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 128, 65_535, LIMIT])
def test_a_text_of_any_length_up_to_the_limit_arrives_whole(size):
    assert read(sent(TEXT, b"x" * size)) == [(TEXT, "x" * size)]


@given(st.lists(st.text(max_size=300), max_size=5), st.data())
@settings(max_examples=200)
def test_it_does_not_matter_how_the_bytes_are_cut(texts, data):
    stream = b"".join(sent(TEXT, text.encode()) for text in texts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]

    assert read(*pieces) == [(TEXT, text) for text in texts]


def test_fragments_are_joined_and_control_frames_may_come_between():
    stream = sent(TEXT, "здрав".encode()[:5], final=False) + sent(PING, b"!") + sent(CONTINUATION, "здрав".encode()[5:])

    assert read(stream) == [(PING, b"!"), (TEXT, "здрав")]


def test_what_stands_before_a_frame_that_breaks_a_rule_is_read():
    messages = FrameReader(LIMIT).feed(sent(TEXT, b"fine") + sent(BINARY, b"x"))

    assert next(messages) == (TEXT, "fine")
    with pytest.raises(FrameRefused):
        next(messages)


def test_ping_pong_and_close_carry_up_to_125_bytes():
    stream = sent(PING, b"p" * 125) + sent(PONG) + sent(CLOSE, struct.pack("!H", 1000) + b"bye")

    assert read(stream) == [(PING, b"p" * 125), (PONG, b""), (CLOSE, struct.pack("!H", 1000) + b"bye")]


@pytest.mark.parametrize(
    "wrong, code",
    [
        (sent(TEXT, b"x", masked=False), 1002),
        (sent(TEXT, b"x", reserved=0x40), 1002),
        (sent(TEXT, b"x", reserved=0x10), 1002),
        (sent(BINARY, b"x"), 1003),
        *[(sent(opcode, b"x"), 1002) for opcode in (3, 4, 5, 6, 7, 11, 12, 15)],
        (sent(PING, b"x", final=False), 1002),
        (sent(PING, b"x" * 126), 1002),
        (sent(CLOSE, b"x" * 126), 1002),
        (sent(CONTINUATION, b"x"), 1002),
        (sent(TEXT, b"a", final=False) + sent(TEXT, b"b"), 1002),
        (sent(TEXT, b"\xff\xfe"), 1007),
        (sent(TEXT, b"\xed\xa0\x80"), 1007),
        (sent(TEXT, b"\xc0\x80"), 1007),
        (sent(TEXT, b"\xe2\x82", final=False) + sent(CONTINUATION, b"x"), 1007),
        (sent(TEXT, b"x", long_form=16), 1002),
        (sent(TEXT, b"x" * 200, long_form=64), 1002),
        (sent(TEXT, b"a", final=False) * 1 + sent(CONTINUATION, b"a", final=False) * FRAGMENTS, 1009),
    ],
    ids=itertools.count(),  # each worker masks by other bytes, and all must call a test the same
)
def test_a_frame_that_breaks_a_rule_is_refused_with_its_close_code(wrong, code):
    with pytest.raises(FrameRefused) as no:
        read(wrong)

    assert no.value.code == code


@pytest.mark.parametrize("size", [LIMIT + 1, 1_000_000, 2**40, 2**63, 2**64 - 1])
def test_a_message_too_big_is_refused_at_its_length_before_its_bytes_come(size):
    """Row 4 of the threats: the header alone is enough."""
    with pytest.raises(FrameRefused) as no:
        read(sent(TEXT, b"", size=size))

    assert no.value.code == 1009


def test_fragments_that_add_up_are_refused_at_the_first_byte_too_many():
    half = sent(TEXT, b"x" * (LIMIT // 2), final=False)
    more = sent(CONTINUATION, b"x" * (LIMIT // 2), final=False)

    with pytest.raises(FrameRefused) as no:
        read(half, more, sent(CONTINUATION, b"", size=1))

    assert no.value.code == 1009


def test_a_hundred_thousand_fragments_hold_no_memory():
    tracemalloc.start()
    try:
        with pytest.raises(FrameRefused):
            read(sent(TEXT, b"x", final=False), *[sent(CONTINUATION, b"x", final=False)] * 100_000)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert held < 1_000_000


@given(st.binary(max_size=400))
@settings(max_examples=500)
def test_junk_is_read_or_refused_and_never_anything_else(junk):
    with contextlib.suppress(FrameRefused):
        read(junk)


@given(st.binary(max_size=1000), st.binary(min_size=4, max_size=4))
def test_unmasking_is_its_own_inverse(payload, mask):
    assert frames.unmask(frames.unmask(payload, mask), mask) == payload
    assert frames.unmask(payload, mask) == bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_our_own_frames_are_unmasked_and_say_their_length(size):
    written = frames.text("x" * size)

    head = 2 if size < 126 else 4 if size < 65_536 else 10
    assert len(written) == head + size
    assert written[0] == 0x81
    assert not written[1] & 0x80
