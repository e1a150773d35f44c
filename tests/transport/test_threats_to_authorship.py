"""Who says what, under whatever id, with whatever else: row 20 of the threats, a property, against the live server."""

import secrets
import time
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CLOCK_MS = 2_000
PEOPLE = ("Ann", "Ben", "Eve")
CLIENT_IDS = tuple(secrets.token_hex(16) for _ in range(3))
ANY_VALUE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**60), 2**60),
    st.text(max_size=20),
    st.fixed_dictionaries({"id": st.text(max_size=20), "name": st.sampled_from(PEOPLE)}),
)
FORGED = st.dictionaries(
    st.sampled_from(["seq", "id", "author", "sent_at_ms", "kind", "name", "member", "epoch", "head", "duplicate"]),
    ANY_VALUE,
    max_size=2,
)


@dataclass(frozen=True)
class Try:
    """Somebody sends a message under one of three ids that all of them use, with fields that are not theirs to give."""

    who: int
    room: int
    client_id: str
    body: str
    forged: dict


TRIES = st.builds(
    Try,
    st.integers(0, len(PEOPLE) - 1),
    st.integers(0, 1),
    st.sampled_from(CLIENT_IDS),
    st.sampled_from(["one", "two"]),
    st.one_of(st.just({}), FORGED),
)


@dataclass
class Room:
    """What must have been recorded: (author, client_id) → message, in the order of the numbers."""

    slug: str
    messages: dict = field(default_factory=dict)


@pytest.fixture(scope="module")
def server_settings():
    return {
        "CHAT_MESSAGES_PER_10S": "100000",
        "CHAT_JOINS_PER_10S": "100000",
        "CHAT_READS_PER_10S": "100000",
        "CHAT_CONNECTION_POINTS_PER_10S": "1000000",
        "CHAT_ROOM_POINTS_PER_10S": "1000000",
        "CHAT_ADDRESS_POINTS_PER_10S": "1000000",
        "CHAT_ADMIT_PER_S": "100000",
    }


@pytest.fixture
def people(house):
    return [house.guest(name) for name in PEOPLE]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tries=st.lists(TRIES, min_size=4, max_size=16))
def test_nobody_writes_finds_or_blocks_a_message_in_anothers_name_number_or_time(house, people, tries):
    rooms = [Room(house.fresh_room()), Room(house.fresh_room())]
    for person in people:
        assert all(person.joins(room.slug).ok for room in rooms)

    for each in tries:
        makes(people[each.who], rooms[each.room], each)

    for reader in people:
        for room in rooms:
            expected = [
                message if author == reader.id else {key: message[key] for key in message if key != "client_id"}
                for (author, _), message in room.messages.items()
            ]
            assert reader.reads(room.slug)["messages"] == expected
            assert reader.leaves(room.slug).ok


def makes(person, room, each):
    payload = {"room": room.slug, "client_id": each.client_id, "body": each.body}
    answer = person.asks("message:send", payload | each.forged)
    known = room.messages.get((person.id, each.client_id))

    if each.forged:
        assert answer.refused == "payload_invalid"
    elif known and known["body"] != each.body:
        assert answer.refused == "client_id_conflict"
    elif known:
        assert (answer["message"], answer["duplicate"]) == (known, True)
    else:
        message = answer["message"]
        number = len(room.messages) + 1
        assert answer["duplicate"] is False
        assert abs(message["sent_at_ms"] - time.time() * 1000) < CLOCK_MS
        assert message == payload | {
            "id": number,
            "seq": number,
            "kind": "text",
            "author": {"id": person.id, "name": person.name},
            "sent_at_ms": message["sent_at_ms"],
        }
        room.messages[person.id, each.client_id] = message
