"""Who is kept out is known to every process for as long as it lasts, and forgotten then."""

import pytest

from app.chat.refusals import Unavailable
from app.redis.kicks import KEY, RedisKickBook
from app.redis.link import RedisLink
from tests.live import until


@pytest.fixture
def book(redis_server):
    redis_server.flushes()
    return RedisKickBook(RedisLink(redis_server.url))


def test_what_one_notes_another_reads(redis_server, book):
    book.note("tea", "a1", 600)
    book.note("grüner-tee", "b2", 60)

    (room, member_id, soon_s), (other_room, other_id, later_s) = RedisKickBook(RedisLink(redis_server.url)).all()
    assert (room, member_id, other_room, other_id) == ("grüner-tee", "b2", "tea", "a1")
    assert 50 < soon_s <= 60
    assert 590 < later_s <= 600


def test_who_is_sent_out_again_is_kept_out_for_longer_and_never_for_less(book):
    book.note("tea", "a1", 60)
    book.note("tea", "a1", 600)
    book.note("tea", "a1", 6)

    ((*_, left_s),) = book.all()
    assert left_s > 590


def test_who_has_waited_long_enough_is_forgotten(redis_server, book):
    book.note("tea", "b2", 600)
    book.note("tea", "a1", 0.05)
    until(lambda: [member_id for _, member_id, _ in book.all()] == ["b2"])

    assert redis_server.asks("ZCARD", KEY) == ":1"


def test_nothing_stays_when_nobody_is_kept_out(redis_server, book):
    book.note("tea", "a1", 0.05)

    redis_server.until_asked("EXISTS", KEY, is_fit=lambda answer: answer == ":0")


def test_without_redis_nothing_is_noted(redis_server, book):
    redis_server.freezes()
    try:
        with pytest.raises(Unavailable):
            book.note("tea", "a1", 600)
        with pytest.raises(Unavailable):
            book.all()
    finally:
        redis_server.thaws()
