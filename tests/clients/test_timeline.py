"""The cursor rules of docs/protocol.md: whatever is lost, doubled or late, the same talk in the end."""

from hypothesis import given
from hypothesis import strategies as st

from app.protocol import HistoryPage, RoomHead, RoomJoined, WireMember, WireMessage, WireRoom
from clients.timeline import Timeline

ANN = WireMember("a", "Ann")


def message(number, seq=None, body="x"):
    return WireMessage("tea", number, seq or number, "text", ANN, body, 0)


def joined(messages, head, *, epoch="e", complete=True, reset=False):
    return RoomJoined(WireRoom("tea", "tea", 0), ANN, [ANN], 1, epoch, head, messages, complete, reset)


def ids(timeline):
    return [each.id for each in timeline.messages()]


def opened(upto, first=1):
    timeline = Timeline()
    timeline.joined(joined([message(n) for n in range(first, upto + 1)], upto))
    return timeline


def test_a_push_with_the_next_number_is_shown_and_a_later_one_waits():
    timeline = opened(2)

    timeline.pushed(message(4))
    assert (ids(timeline), timeline.lacks) == ([1, 2], True)

    timeline.pushed(message(3))
    assert (ids(timeline), timeline.lacks, timeline.seq) == ([1, 2, 3, 4], False, 4)


def test_what_was_said_before_is_known_as_such_until_the_log_begins_anew():
    timeline = opened(2)
    timeline.pushed(message(3))
    timeline.joined(joined([message(4)], 4))
    assert timeline.before == ("e", 2)

    timeline.joined(joined([message(1)], 1, epoch="new", reset=True))
    assert timeline.before == ("new", 1)


def test_a_head_beyond_mine_says_that_something_is_missing():
    timeline = opened(2)

    assert timeline.told(RoomHead("tea", "e", 3))
    assert timeline.lacks
    assert timeline.changed(HistoryPage([message(3)], 3, "e", False))
    assert (ids(timeline), timeline.lacks) == ([1, 2, 3], False)


def test_another_epoch_means_join_again_and_forget():
    timeline = opened(2)

    assert not timeline.told(RoomHead("tea", "other", 1))
    assert not timeline.changed(HistoryPage([], 1, "other", False))
    assert timeline.joined(joined([message(1, body="new")], 1, epoch="other", reset=True)) == "reset"
    assert [each.body for each in timeline.messages()] == ["new"]


def test_a_page_after_too_much_was_missed_stands_alone_and_can_be_read_back():
    timeline = opened(2)

    assert timeline.joined(joined([message(8), message(9)], 9, complete=False)) == "cut"
    assert (ids(timeline), timeline.has_older) == ([8, 9], True)
    assert timeline.older(8, HistoryPage([message(n) for n in range(1, 8)], 9, "e", False))
    assert (ids(timeline), timeline.has_older) == (list(range(1, 10)), False)


def test_a_change_of_what_is_not_shown_makes_no_hole():
    timeline = opened(9, first=8)

    timeline.pushed(message(3, seq=10))

    assert (ids(timeline), timeline.seq) == ([8, 9], 10)


def test_what_was_let_go_can_be_read_again():
    timeline = opened(9)

    timeline.trim(2)

    assert (ids(timeline), timeline.has_older, timeline.first) == ([8, 9], True, 8)


@given(st.lists(st.integers(1, 30)), st.integers(0, 10))
def test_any_order_of_pushes_heals_to_the_same_talk(pushes, known):
    timeline = Timeline()
    timeline.joined(joined([message(n) for n in range(1, known + 1)], known))
    for number in pushes:
        timeline.pushed(message(number))
    head = max([known, *pushes])

    while timeline.lacks:
        after = timeline.seq
        page = [message(n) for n in range(after + 1, min(after + 3, head) + 1)]
        timeline.changed(HistoryPage(page, head, "e", after + 3 < head))

    assert ids(timeline) == list(range(1, head + 1))
