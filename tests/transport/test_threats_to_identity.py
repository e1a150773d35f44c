"""Who somebody is, and what the server remembers of it. Rows 18 and 21 of the threats, against the live server."""

import json
import re
import secrets
import sqlite3
import time
from collections import Counter
from contextlib import closing

import pytest

from app.chat.members import Member
from app.chat.refusals import NameTaken
from app.chat.service import Chat, Limits
from app.presence.memory import MemoryPresence
from app.web.identity import Identity
from tests.hostile import names
from tests.hostile.line import Line
from tests.live import until

LEASE_S = 120
LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (?:INFO|ERROR) \w+((?: \w+=\"(?:[^\"\\]|\\.)*\")*)")
FORGED = '\n2026-01-01 00:00:00,000 INFO join member="root"'


@pytest.fixture(scope="module")
def server_settings():
    return {"CHAT_JOINS_PER_10S": "100000", "CHAT_ADMIT_PER_S": "100000", "CHAT_LEAVE_GRACE_S": "0.3"}


class EmptyStore:
    def room(self, slug):
        return type("Room", (), {"slug": slug, "is_locked": False, "created_at_ms": None})()


def test_a_thief_never_gets_the_name_of_somebody_who_dropped():
    """Row 18 of the threats: a thousand names, tried one second after the drop and until the lease ends."""
    now, won = 0.0, []
    chat = Chat(EmptyStore(), MemoryPresence(lambda: now, 4, LEASE_S, 10), Limits())
    for number in range(1000):
        room = f"room-{number}"
        chat.join(room, "owner", "Ann", "1")
        chat.drop("1")
        for wait_s in (1, 3, 10, LEASE_S - 15):
            now += wait_s
            chat.sweep()
            for name in ("Ann", "ANN", "\u0410nn", "Ann\ufe0f"):
                try:
                    chat.join(room, "thief", name, "2")
                    won.append((number, name))
                except NameTaken:
                    pass
        assert chat.join(room, "owner", "Ann", "3")[0] == Member("owner", "Ann")
        chat.leave(room, "owner", "3")

    assert won == []


def test_a_thief_loses_on_the_wire_too_and_the_owner_is_let_back(house):
    """Row 18 of the threats, live: before the drop is told and after."""
    thief, won = house.guest("thief"), []
    for number in range(20):
        room = house.fresh_room()
        owner = house.guest("Ann")
        owner.joins(room)
        owner.closes()
        if number % 4 == 0:
            until(lambda room=room: f'leave room="{room}"' in house.server.log(), what="the leave")
        won += [name for name in ("Ann", "\u0410nn") if thief.joins(room, name=name).ok]
        assert house.guest("Ann", token=owner.token).joins(room)["me"] == {"id": owner.id, "name": "Ann"}

    assert won == []


def test_a_token_somebody_chose_for_another_is_not_taken(house):
    """Row 18 of the threats: fixation, by the wire and by the cookie."""
    ann = house.guest("Ann")
    secret, _, signature = ann.token.partition(".")
    chosen = [
        secret,
        f"{'0' * 32}.{signature}",
        f"{secret}.{signature[::-1]}",
        f"{secret}..{signature}",
        ann.id,
        "",
        "x" * 9999,
    ]
    chosen += [Identity(b"another server").new_token(), ann.token + "\n", ann.token.upper(), secrets.token_hex(16)]

    for token in chosen:
        stranger = house.guest("Eve", token=token)
        assert stranger.id != ann.id
        assert stranger.token != token

    visitor = house.visitor()
    visitor.cookies["chat"] = "eyJ0b2tlbiI6ImNob3NlbiJ9.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"
    visitor.get("/")
    assert "chosen" not in visitor.cookies["chat"]
    assert not visitor.cookies["chat"].startswith("eyJ0b2tlbiI6ImNob3NlbiJ9")


def test_no_token_is_in_an_address_the_log_or_the_database(house):
    """Row 18 of the threats: what is kept is derived from the secret and leads nowhere back."""
    ann, visitor = house.member("Ann"), house.visitor()
    visitor.post("/name", name="Vera", room=house.room)
    vera = house.guest("Vera", visitor=visitor)
    vera.joins()
    for guest in (ann, vera):
        assert guest.says("hello").ok
    pages = [visitor.get(path) for path in ("/", "/name", f"/r/{house.room}", f"/r/{house.room}/messages")]
    house.guest("Ann", token=ann.token).joins()

    secret = ann.token.partition(".")[0]
    kept = house.server.log() + stored(house.server) + "".join(page.text + page.location for page in pages)
    for hidden in (ann.token, secret, visitor.cookies["chat"], visitor.cookies["chat"].partition(".")[0]):
        assert hidden
        assert hidden not in kept
    assert ann.id in kept
    files = [path for path in house.server.data.iterdir() if path.name != "secret.key"]
    assert not [path for path in files if secret.encode() in path.read_bytes()]


def stored(server):
    with closing(sqlite3.connect(server.data / "chat.sqlite3")) as database:
        return "\n".join(database.iterdump())


def test_every_line_of_the_log_is_ours_whatever_people_call_themselves(house):
    """Row 21 of the threats: each line parses, none is forged, and none holds what was said."""
    odd = [*names.ALL, FORGED.strip(), "a\x1b[31mb", "a\u2028b", "a\u0085b", 'a" why="x', "a\\", "%s%n"]
    for number, name in enumerate(odd):
        if number % 50 == 0:
            # Nobody may be refused so often.
            eve = house.guest("Eve")
        eve.asks("room:join", {"room": house.room, "name": name})
        eve.asks("room:leave", {"room": house.room})
    for room in (FORGED, "a\x1b[2J", "\u2028"):
        eve.asks("room:join", {"room": room, "name": "Eve"})
        eve.asks("typing:start" + room, {})
    for path in ("/r/%0a2026-01-01%20forged", "/%1b[2J", "/name?room=%e2%80%a8forged"):
        house.visitor().asks(
            "GET", path, headers={"User-Agent": "forged", "Referer": "forged", "X-Forwarded-For": "forged"}
        )
    Line(house.server.port, X_Forwarded_For="forged", User_Agent="forged\tINFO").close()

    log = house.server.log()
    lines = [line for line in log.partition("ARGS=--lan)\n")[2].split("\n") if line]
    assert len(lines) > 50
    for line in lines:
        found = LINE.fullmatch(line)
        assert found, line
        assert line.isascii()
        assert line.isprintable()
        for value in re.findall(r'="(?:[^"\\]|\\.)*"', found[1]):
            json.loads(value[1:])
    assert not [line for line in lines if 'member="root"' in line and "INFO join member" in line]
    assert "forged" not in log.replace('name="forged', "")


def test_one_source_fills_no_disk(house):
    """Row 21 of the threats: so many lines from one address, as whoever it comes, and of those who are missed."""
    before, began = len(house.server.log().splitlines()), time.monotonic()
    for number in range(600):
        line = Line(house.server.port, source="127.0.0.21")
        line.opens()
        assert line.asks("room:join", {"room": house.room, "name": f"person {number}"})["ok"]
        line.close()
    ann = house.guest("Ann")
    ann.joins()
    ann.sees("Ann", within=8)

    said = Counter(line.split()[3] for line in house.server.log().splitlines()[before:])
    most = 200 + 20 * (time.monotonic() - began)
    assert set(said) == {"connect", "join", "disconnect", "leave"}
    assert max(said.values()) <= most
