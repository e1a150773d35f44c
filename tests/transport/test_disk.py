"""The disk is slow, busy or gone: nobody else waits, nothing is acked that is not there."""

import secrets
import sqlite3
import time
from contextlib import contextmanager

import pytest

from tests.actors import Guest
from tests.live import Visitor, until

BUSY_S = 2.0


@contextmanager
def write_lock(server):
    """Holds the database's only write lock, as a slow disk or a backup would."""
    file = server.data / "chat.sqlite3"
    line = sqlite3.connect(file, isolation_level=None, timeout=5)
    line.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        line.execute("ROLLBACK")
        line.close()


def milliseconds(work):
    begin = time.monotonic()
    work()
    return (time.monotonic() - begin) * 1000


@pytest.mark.alone
def test_while_a_commit_waits_everybody_else_is_served(house):
    ann, ben = house.member("Ann"), house.member("Ben")
    ann.says("before")
    other = house.fresh_room()
    ben.joins(other)
    visitor = Visitor(house.server.port)
    client_id, waits = secrets.token_hex(16), []

    with write_lock(house.server):
        waiting = ann.starts_saying("during", client_id)
        deadline = time.monotonic() + BUSY_S
        while time.monotonic() < deadline:
            waits.append(milliseconds(lambda: ben.types(other)))
            waits.append(milliseconds(lambda: visitor.get("/healthz")))
            assert not (waiting.done() and waiting.result().ok), "acked without a commit"
            time.sleep(0.05)

    # One in ten may be late on a busy machine; if the commit stopped the server, one would have waited all the time.
    assert sorted(waits)[len(waits) * 9 // 10] < 100
    assert max(waits) < 500
    first = waiting.result(10)
    answer = first if first.ok else ann.says("during", client_id)
    assert answer["message"]["id"] == 2
    assert ann.reads().bodies == ["before", "during"]


@contextmanager
def slow_commits(server, body, seconds):
    """A commit that carries `body` takes about so long: the database itself counts to a large number first."""
    counting = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {}) SELECT count(*) FROM n"
    line = sqlite3.connect(server.data / "chat.sqlite3", isolation_level=None, timeout=5)
    took_s = min(milliseconds(lambda: line.execute(counting.format(1_000_000)).fetchone()) for _ in range(3)) / 1000
    line.execute(f"CREATE VIEW slow AS {counting.format(int(1_000_000 * seconds / took_s))}")
    line.execute(
        f"CREATE TRIGGER slow_commit BEFORE INSERT ON messages WHEN NEW.body = '{body}' "
        "BEGIN SELECT RAISE(ABORT, 'never') FROM slow WHERE \"count(*)\" = 0; END"
    )
    try:
        yield
    finally:
        line.execute("DROP TRIGGER slow_commit")
        line.execute("DROP VIEW slow")
        line.close()


@pytest.mark.alone
def test_while_a_commit_takes_two_seconds_everybody_else_is_served(house):
    ann, ben = house.member("Ann"), house.member("Ben")
    ann.says("before")
    other = house.fresh_room()
    ben.joins(other)
    visitor, waits = Visitor(house.server.port), []

    with slow_commits(house.server, "heavy", 1.5 * BUSY_S):
        began = time.monotonic()
        heavy = ann.starts_saying("heavy")
        while not heavy.done():
            waits.append(milliseconds(lambda: ben.types(other)))
            waits.append(milliseconds(lambda: visitor.get("/healthz")))
            time.sleep(0.05)
        took_s = time.monotonic() - began

    assert heavy.result().ok
    assert took_s > BUSY_S
    assert sorted(waits)[len(waits) * 9 // 10] < 100
    assert max(waits) < 500
    assert ann.reads().bodies == ["before", "heavy"]


def test_a_disk_that_stays_away_is_unavailable_and_says_when_to_retry(house):
    ann, ben = house.member("Ann"), house.member("Ben")
    client_id = secrets.token_hex(16)

    with write_lock(house.server):
        answer = ann.starts_saying("hello", client_id).result(20)

    assert answer.refused == "unavailable"
    assert answer["error"]["retry_after_ms"] > 0
    assert ben.hears() == []
    assert until(lambda: ann.says("hello", client_id), 5).ok
    ben.waits_for("message:posted", body="hello")
    assert ben.hears() == ["hello"]


def test_our_own_mistake_is_told_as_one_and_logged_once_without_what_was_said(house):
    ann, ben = house.member("Ann"), house.member("Ben")
    ann.says("before")
    spoil(house.server, house.room)

    answer = ann.says("a very private sentence")

    assert answer.refused == "server_error"
    assert "private" not in house.server.log()
    assert house.server.log().count("bug where=") == 1
    assert house.guest("Cat").joins(house.fresh_room()).ok, "everybody else goes on"
    assert ben.hears() == ["before"]


def spoil(server, room):
    """A state no code of ours makes: the room's number is a word."""
    line = sqlite3.connect(server.data / "chat.sqlite3", timeout=5)
    with line:
        line.execute("UPDATE rooms SET head = 'many' WHERE slug = ?", (room,))
    line.close()


def test_an_acked_message_survives_a_power_cut(house):
    ann = house.member("Ann")
    answers = [ann.starts_saying(f"line {n}") for n in range(20)]
    answers[-1].result(10)

    house.server.kill()
    house.server.restart()

    back = Guest(house.server.url, house.room, "Ann", ann.token)
    assert back.joins()["head"] == 20
    assert back.reads().bodies == [f"line {n}" for n in range(20)]
    back.goes()
