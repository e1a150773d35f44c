import msgspec
import pytest

from app.bus.bells import CARRIED_BYTES, Bell, Forged, Signer
from app.chat.facts import MemberKicked, MemberTyping, MessagePosted, RoomMoved
from app.chat.members import Member
from app.chat.messages import Message

KEY = b"k" * 32
ANN = Member("a", "Ann")


def message(body="hello"):
    return Message("tea", 3, 3, "text", ANN, body, 1_700_000_000_000, "c" * 32)


@pytest.fixture
def here():
    return Signer(KEY, "here")


@pytest.fixture
def there():
    return Signer(KEY, "there")


@pytest.mark.parametrize("fact", [MessagePosted(message("ä 🙂")), MemberTyping("tea", ANN), RoomMoved("tea", 7)])
def test_a_fact_arrives_as_it_was_rung(here, there, fact):
    assert there.fact("tea", here.bell(fact)) == fact


def test_a_kick_is_told_to_everybody_and_nothing_else_is(here, there):
    kick = MemberKicked("tea", ANN)

    assert there.fact(None, here.bell(kick)) == kick
    for room, fact in (("tea", kick), (None, RoomMoved("tea", 7))):
        with pytest.raises(Forged):
            there.fact(room, here.bell(fact))


def test_a_long_message_is_told_by_its_number_alone(here, there):
    bell = here.bell(MessagePosted(message("x" * (CARRIED_BYTES + 1))))

    assert there.fact("tea", bell) == RoomMoved("tea", 3)
    assert len(bell) < 100


def test_nobody_hears_themselves(here):
    assert here.fact("tea", here.bell(RoomMoved("tea", 7))) is None


def test_another_key_is_another_chat(here):
    with pytest.raises(Forged):
        Signer(b"another" * 4, "there").fact("tea", here.bell(RoomMoved("tea", 7)))


def test_every_single_byte_counts(here, there):
    bell = here.bell(MessagePosted(message()))

    for place in range(len(bell)):
        changed = bytes([*bell[:place], bell[place] ^ 1, *bell[place + 1 :]])
        with pytest.raises(Forged):
            there.fact("tea", changed)


@pytest.mark.parametrize("bell", [b"", b"x", b"x" * 15, b"x" * 16, b"x" * 100_000])
def test_junk_is_no_bell(there, bell):
    with pytest.raises(Forged):
        there.fact("tea", bell)


def test_what_was_overheard_in_one_room_cannot_be_said_in_another(here, there):
    with pytest.raises(Forged):
        there.fact("milk", here.bell(RoomMoved("tea", 7)))


@pytest.mark.parametrize(
    "data", [b"", b"\xc1", msgspec.msgpack.encode(["s", "tea", None, "7"]), msgspec.msgpack.encode(Bell("s", "tea"))]
)
def test_our_own_mark_does_not_make_nonsense_a_fact(there, data):
    with pytest.raises(Forged):
        there.fact("tea", there._mark(data) + data)
