"""The same chatroom on PostgreSQL: talk, history, coming back, and a database that keeps others waiting."""

import secrets
import time

import psycopg
import pytest

from tests.live import Visitor, until
from tests.transport.test_disk import milliseconds

BUSY_S = 2.0


@pytest.fixture(scope="module")
def server_settings(cluster):
    return {"CHAT_DATABASE_URL": cluster.make()}


@pytest.fixture
def somebody(server_settings):
    """A connection of somebody else to the server's database."""
    with psycopg.connect(server_settings["CHAT_DATABASE_URL"]) as line:
        yield line


def test_talk_history_and_coming_back_after_a_restart(house):
    ann, ben = house.member("Ann"), house.member("Ben")
    cursor = {"epoch": ann.joins()["epoch"], "seq": 0}
    client_id = secrets.token_hex(16)
    for number in range(1, 6):
        assert ann.says(f"line {number}", client_id if number == 5 else None)["message"]["id"] == number
    ben.waits_for("message:posted", body="line 5")
    token = ann.token

    house.server.restart()

    back = house.guest("Ann", token=token)
    answer = back.joins(since=cursor | {"seq": 3})
    assert (answer.bodies, answer["reset"], answer["head"]) == (["line 4", "line 5"], False, 5)
    assert back.says("line 5", client_id)["duplicate"] is True
    assert back.reads(before=4).bodies == ["line 1", "line 2", "line 3"]
    assert house.server.exit_code() is None
    assert "Traceback" not in house.server.log()


@pytest.mark.alone
def test_while_a_row_is_locked_everybody_else_is_served(house, somebody):
    ann, ben, cat = house.member("Ann"), house.member("Ben"), house.member("Cat")
    ann.says("before")
    other = house.fresh_room()
    ben.joins(other)
    cat.joins(other)
    visitor, client_id, waits, refusals = Visitor(house.server.port), secrets.token_hex(16), [], 0
    somebody.execute("SELECT * FROM rooms WHERE slug = %s FOR UPDATE", (house.room,))

    deadline = time.monotonic() + BUSY_S
    waiting, elsewhere = ann.starts_saying("during", client_id), cat.starts_saying("meanwhile", room=other)
    while time.monotonic() < deadline:
        waits.append(milliseconds(lambda: ben.types(other)))
        waits.append(milliseconds(lambda: visitor.get("/healthz")))
        waits.append(milliseconds(lambda: ben.reads(room=other)))
        if waiting.done():
            assert waiting.result().refused == "unavailable"
            refusals += 1
            waiting = ann.starts_saying("during", client_id)
        time.sleep(0.05)
    assert elsewhere.result(10).ok, "another room waits for nobody"
    somebody.rollback()

    assert refusals > 0
    assert sorted(waits)[len(waits) * 9 // 10] < 100
    assert max(waits) < 500
    waiting.result(10)
    assert until(lambda: ann.says("during", client_id), 5)["message"]["id"] == 2
    assert ann.reads().bodies == ["before", "during"]
