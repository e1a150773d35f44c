"""What was said before: pages both ways, and what a returning client missed."""

import json

import pytest

from tests.actors import House

LINES = 130


@pytest.fixture(scope="module")
def server_settings():
    """Rates are not the matter here."""
    return {"CHAT_JOINS_PER_10S": "10000", "CHAT_MESSAGES_PER_10S": "10000"}


@pytest.fixture(scope="module")
def talk(server):
    """Ann in a room with 130 messages."""
    house = House(server)
    ann = house.member("Ann")
    for start in range(1, LINES + 1, 10):
        answers = [ann.starts_saying(f"line {n}") for n in range(start, start + 10)]
        assert all(answer.result(10).ok for answer in answers)
    yield ann
    house.close()


def ids(answer):
    return [message["id"] for message in answer["messages"]]


def test_a_newcomer_reads_the_newest_page(house, talk):
    answer = house.guest("Ben").joins(talk.room)

    assert ids(answer) == list(range(LINES - 49, LINES + 1))
    assert answer["head"] == LINES
    assert answer["room"]["created_at_ms"] == pytest.approx(talk.ready["server_time_ms"], abs=60_000)


def test_pages_go_back_to_the_beginning(talk):
    seen, page = [], talk.reads()
    while True:
        seen = ids(page) + seen
        if not page["more"]:
            break
        page = talk.reads(before=seen[0])

    assert seen == list(range(1, LINES + 1))


def test_pages_go_forward_to_the_end(talk):
    seen, page = [], talk.reads(after_seq=0, limit=40)
    while True:
        seen += ids(page)
        if not page["more"]:
            break
        page = talk.reads(after_seq=seen[-1], limit=40)

    assert seen == list(range(1, LINES + 1))


def test_pages_lead_from_any_message_both_ways(talk):
    before, behind = talk.reads(before=43, limit=3), talk.reads(after=42, limit=3)

    assert (ids(before), before["more"]) == ([40, 41, 42], True)
    assert (ids(behind), behind["more"]) == ([43, 44, 45], True)
    assert (ids(talk.reads(after=LINES - 2)), ids(talk.reads(after=LINES))) == ([LINES - 1, LINES], [])


@pytest.mark.parametrize(
    "two", [{"before": 3, "after": 3}, {"after": 3, "after_seq": 3}, {"before": 3, "after_seq": 3}]
)
def test_a_page_has_one_place(talk, two):
    assert talk.reads(**two).refused == "payload_invalid"


def test_a_page_says_where_the_room_stands(talk):
    page = talk.reads(before=11, limit=3)

    assert ids(page) == [8, 9, 10]
    assert (page["head"], page["epoch"], page["more"]) == (LINES, talk.joins()["epoch"], True)


def test_a_page_has_a_greatest_size(talk):
    assert len(talk.reads(limit=1_000_000)["messages"]) <= 200


def test_there_is_nothing_before_the_first(talk):
    page = talk.reads(before=1)

    assert (page["messages"], page["more"]) == ([], False)


def test_who_missed_nothing_gets_nothing(talk):
    epoch = talk.joins()["epoch"]

    answer = talk.joins(since={"epoch": epoch, "seq": LINES})

    assert (answer["messages"], answer["complete"], answer["reset"]) == ([], True, False)


def test_who_missed_some_gets_exactly_those(house, talk):
    epoch = talk.joins()["epoch"]
    back = house.guest("Cat")

    answer = back.joins(talk.room, since={"epoch": epoch, "seq": 60})

    assert ids(answer) == list(range(61, LINES + 1))
    assert (answer["complete"], answer["reset"]) == (True, False)


def test_who_has_read_nothing_gets_everything(talk):
    epoch = talk.joins()["epoch"]

    answer = talk.joins(since={"epoch": epoch, "seq": 0})

    assert ids(answer) == list(range(1, LINES + 1))
    assert (answer["complete"], answer["reset"]) == (True, False)


@pytest.mark.parametrize("epoch, seq", [("another", 5), ("another", 0), (None, LINES + 1)])
def test_a_cursor_of_another_log_is_void(talk, epoch, seq):
    answer = talk.joins(since={"epoch": epoch or talk.joins()["epoch"], "seq": seq})

    assert ids(answer) == list(range(LINES - 49, LINES + 1))
    assert answer["reset"] is True


@pytest.mark.parametrize(
    "where", [{"before": 0}, {"before": -1}, {"after_seq": -1}, {"after": -1}, {"limit": 0}, {"before": 2**70}]
)
def test_a_place_that_cannot_be_is_refused(house, where):
    assert house.member("Ann").reads(**where).refused == "payload_invalid"


def test_the_page_of_a_room_reads_the_same_history(house, talk):
    reply = house.visitor().get(f"/r/{talk.room}/messages?before=11&limit=3")

    assert reply.status == 200
    assert reply.headers["Content-Type"].startswith("application/json")
    page = json.loads(reply.text)
    assert ids(page) == [8, 9, 10]
    assert (page["head"], page["more"]) == (LINES, True)
    assert "client_id" not in reply.text
