import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat.members import Member
from app.chat.messages import Message
from app.web.order import MOST_WAITING, Order

ANN = Member("a", "Ann")


def message(seq, room="tea"):
    return Message(room, seq, seq, "text", ANN, f"m{seq}", 0, f"{seq:032x}")


def seqs(items):
    return [message.seq for message, _ in items]


@pytest.fixture
def order():
    order = Order()
    order.begin("tea", 3)
    return order


def test_the_next_number_is_told_at_once_with_its_json(order):
    given = message(4)

    assert list(order.take(given, "json")) == [(given, "json")]
    assert order.told("tea") == 4


def test_what_was_told_is_not_told_again(order):
    order.take(message(4))

    assert seqs(order.take(message(4))) == []
    assert seqs(order.take(message(2))) == []


def test_what_comes_early_waits_for_what_is_missing(order):
    assert seqs(order.take(message(6))) == []
    assert seqs(order.take(message(5))) == []
    assert seqs(order.take(message(4))) == [4, 5, 6]
    assert seqs(order.take(message(7))) == [7]


def test_numbers_without_a_message_can_be_passed(order):
    order.take(message(7))

    assert seqs(order.skip("tea", 6)) == [7]
    assert seqs(order.skip("tea", 5)) == []
    assert order.told("tea") == 7


def test_a_room_nobody_listens_to_tells_nothing(order):
    assert seqs(order.take(message(1, "milk"))) == []
    order.end("tea")
    assert seqs(order.take(message(4))) == []
    assert order.rooms() == []


def test_a_room_that_goes_on_does_not_begin_again(order):
    order.take(message(4))
    order.begin("tea", 1)

    assert order.told("tea") == 4


def test_what_waits_is_bounded_and_what_fell_out_can_come_again(order):
    for seq in range(5, 2 * MOST_WAITING):
        order.take(message(seq))

    assert seqs(order.take(message(4))) == list(range(4, 5 + MOST_WAITING))
    assert seqs(order.take(message(5 + MOST_WAITING))) == [5 + MOST_WAITING]


@given(st.randoms(use_true_random=False), st.integers(1, 60))
def test_in_any_order_and_twice_all_is_told_once_in_order(spread, count):
    order, told = Order(), []
    order.begin("tea", 0)
    coming = [message(seq) for seq in range(1, count + 1)] * 2
    spread.shuffle(coming)

    for each in coming:
        told += seqs(order.take(each))

    assert told == list(range(1, count + 1))
