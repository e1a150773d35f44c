"""What is put together from bytes is what msgspec would write of the whole."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from app import protocol
from app.chat.members import Member
from app.chat.messages import Message
from app.web import wire

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
MESSAGES = st.builds(
    Message,
    room=TEXT,
    id=st.integers(1, 2**53),
    seq=st.integers(1, 2**53),
    kind=st.sampled_from(["text", "action", "notice"]),
    author=st.builds(Member, TEXT, TEXT),
    body=TEXT,
    sent_at_ms=st.integers(0, 2**53),
    client_id=TEXT,
)


@given(MESSAGES, st.booleans())
def test_a_message_put_together_is_the_one_written_as_a_whole(message, duplicate):
    encoded = wire.encoded(message)
    shared, own = wire.message(message, own=False), wire.message(message, own=True)

    assert encoded.shared == msgspec.json.encode(shared)
    assert encoded.own == msgspec.json.encode(own)
    assert wire.message_sent(encoded, duplicate=duplicate) == msgspec.json.encode(protocol.MessageSent(own, duplicate))
