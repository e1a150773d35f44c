"""The log: a line for each connection, join, rename and leave, and never what was said or a secret."""

import json
import re

import pytest

from tests.actors import House
from tests.live import Server, until


def lines_with(server, *words):
    return [line for line in server.log().splitlines() if all(word in line.lower() for word in words)]


def test_one_line_for_each_coming_and_going(house):
    ann = house.guest("Ann")
    ann.joins()
    ann.renames("Anna")
    ann.leaves()

    until(lambda: lines_with(house.server, "leave", house.room, ann.id, 'name="anna"'))
    assert len(lines_with(house.server, "connect", ann.id)) == 1
    assert len(lines_with(house.server, "join", ann.id, house.room)) == 1
    assert len(lines_with(house.server, "rename", ann.id, house.room)) == 1


def test_who_is_there_by_another_connection_is_not_said_to_have_left(house):
    ann = house.member("Ann")
    again = house.guest("Ann", token=ann.token)
    again.joins()

    again.leaves()
    assert lines_with(house.server, "leave", ann.id) == []

    ann.leaves()
    assert len(lines_with(house.server, "leave", ann.id)) == 1


def test_nothing_said_and_no_secret_is_in_the_log(house):
    ann = house.member("Ann")
    visitor = house.visitor()
    visitor.post("/name", name="Vera", room=house.room)
    ann.says("a very private sentence")
    ann.asks("message:send", {"room": house.room, "client_id": "0" * 32, "body": ["a very private sentence"]})
    ann.leaves()

    log = house.server.log()
    assert "private" not in log
    assert ann.token not in log
    assert not any(value and value in log for value in visitor.cookies.values())
    assert "Traceback" not in log


def test_a_name_cannot_write_lines_of_its_own(house):
    ann = house.guest("Ann")
    ann.joins(name="x\u2028INFO forged")
    ann.asks("room:join", {"room": "a\nINFO forged", "name": "Ann"})
    ann.asks("nothing\nINFO forged", {})
    house.visitor().get("/r/x%0aINFO%20forged")

    assert not [line for line in house.server.log().splitlines() if re.match(r"\W*INFO forged", line)]


@pytest.fixture
def collected(tmp_path):
    """A house whose log a program reads."""
    server = Server(tmp_path)
    server.start(CHAT_LOG_FORMAT="json")
    house = House(server)
    yield house
    house.close()
    server.stop()


def test_for_programs_every_line_is_an_object_whatever_people_call_themselves(collected):
    ann = collected.guest("Ann")
    name = 'a\u00e9", "event": "forged'
    ann.joins(name=name)
    ann.joins(name="x\u2028{}")
    ann.asks("room:join", {"room": 'a\n{"event": "forged"}', "name": "Ann"})
    collected.server.stop()

    log = collected.server.log()
    lines = [json.loads(line) for line in log.splitlines()]
    assert log.isascii()
    assert {line["event"] for line in lines} == {"message", "connect", "join", "disconnect"}
    assert all(
        line["level"] == "INFO" and re.fullmatch(r"....-..-..T..:..:..\....\+00:00", line["time"]) for line in lines
    )
    (join,) = [line for line in lines if line["event"] == "join"]
    assert (join["room"], join["member"], join["name"]) == (collected.room, ann.id, name)
    assert any("Open http://" in line.get("message", "") for line in lines), "what a start prints"
