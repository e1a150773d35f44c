"""What is tried with numbers. Rows 10, 11, 23 and 24 of the threats, against the live server."""

import sqlite3
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from app.chat.rooms import Room
from app.chat.service import Chat, Limits
from app.presence.memory import MemoryPresence
from app.store import open_store, sqlite_url
from tests.actors import House
from tests.hostile.crowd import Crowd, least_p99_ms
from tests.hostile.line import Line, frame
from tests.hostile.watch import MB, Flood, allow_files, joins_within, watched_server
from tests.live import Visitor, least, until
from tests.wire import TEXT

pytestmark = pytest.mark.alone

STORM_S = 8
# No digest of a big room rests longer.
QUIET_S = 4.5


@pytest.fixture(scope="module")
def server_settings():
    """A thousand lines come in at once here, and do nothing but listen."""
    return {"CHAT_ADMIT_PER_S": "2000", "CHAT_PING_INTERVAL_S": "60"}


@pytest.fixture(scope="module")
def server(tmp_path_factory, server_settings):
    yield from watched_server(tmp_path_factory.mktemp("server"), server_settings)


@pytest.mark.parametrize("what, sockets", [("events", 1), ("messages", 1), ("talk", 100)])
def test_who_says_too_much_is_refused_then_closed_and_others_do_not_notice(house, server, what, sockets):
    """Row 10 of the threats: as many as one socket can carry, and a hundred with ten a second each."""

    def attack():
        with (
            Crowd(server.port, house.fresh_room(), 10, pause_s=0.1) as crowd,
            Flood(server.port, what, sockets, seconds=3) as flood,
        ):
            pass
        if sockets == 1:
            assert flood.ends
            assert set(flood.ends) <= {1008, None}
        return crowd

    assert least_p99_ms(250, attack) < 250
    joins_within(house)


def test_who_floods_on_after_the_close_is_cut_off_and_others_do_not_notice(house, server):
    """Row 10 of the threats."""

    def worse_share():
        with (
            Crowd(server.port, house.fresh_room(), 10, pause_s=0.1) as crowd,
            Flood(server.port, "stubborn", sockets=4, seconds=6) as flood,
        ):
            pass
        assert (crowd.lost, crowd.refusals) == ([], [])
        assert len(flood.ends) >= 4
        assert 1008 in flood.ends
        assert set(flood.ends) <= {1008, None}
        assert flood.held_s > 0
        return max(crowd.p99_ms() / 250, flood.held_s / 4)

    assert least(1, worse_share) < 1


@pytest.mark.parametrize("is_deaf", [False, True], ids=["who reads", "who never reads"])
def test_who_is_closed_for_a_flood_is_gone_at_once(house, server, is_deaf):
    """Row 10 of the threats: not after the grace that a reload has."""
    ann, eve = house.member("Ann"), Line(server.port)
    eve.opens()
    assert eve.asks("room:join", {"room": house.room, "name": "Eve"})["ok"]
    ann.sees("Ann", "Eve")

    with suppress(OSError):
        eve.send_bytes(b"".join(frame(TEXT, b'427["typing:start",{"room":"elsewhere"}]') for _ in range(400)))
    if not is_deaf:
        assert eve.ends() == 1008

    ann.sees("Ann", within=2)
    assert house.guest("Eve").joins(name="Eve").refused == "name_taken", "her name waits for her all the same"


def test_sixty_honest_people_behind_one_address_are_never_refused(house, server):
    """Row 11 of the threats: one office, one school, one address."""
    statuses, lock = [], threading.Lock()

    def comes(number):
        visitor = Visitor(server.port)
        found = [
            visitor.get("/").status,
            visitor.post("/rooms", room=f"{house.room} {number}").status,
            visitor.post("/name", room=house.room, name=f"page {number}").status,
            visitor.get(f"/r/{house.room}").status,
            visitor.get(f"/r/{house.room}/messages").status,
        ]
        with lock:
            statuses.append(found)

    threads = [threading.Thread(target=comes, args=(number,)) for number in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with Crowd(server.port, house.room, 60, pause_s=1) as crowd:
        until(lambda: len(crowd.waits) > 60 * 60 * 4, 30, "four rounds of talk")

    assert statuses == [[200, 303, 303, 200, 200]] * 60
    assert (crowd.lost, crowd.refusals) == ([], [])


class NothingStored:
    """A store that can only be asked for a room, and has none: a join that wanted to write would fail."""

    def room(self, slug):
        return Room(slug, slug, "epoch", 0, None, False)


@pytest.mark.parametrize("count, real", [(100_000, False), (5_000, True)], ids=["in numbers", "with the real store"])
def test_joins_of_empty_rooms_leave_nothing(tmp_path, count, real):
    """Row 23 of the threats: a room is stored at its first message, and forgotten with the last who leaves it."""
    store = open_store(sqlite_url(tmp_path)) if real else NothingStored()
    chat = Chat(store, MemoryPresence(time.monotonic, 0, 0, 5000), Limits())
    before = resident()

    for number in range(count):
        slug = f"room-{number}"
        chat.open(f"Room {number}")
        chat.join(slug, "a", "Ann", "1")
        if number % 2:
            chat.leave(slug, "a", "1")
        elif number % 100 == 0:
            chat.drop("1")
            chat.sweep()

    assert resident() - before < 50 * MB
    assert len(chat.members("room-1")) == len(chat.members("room-100")) == 0
    if real:
        store.close()
        with closing(sqlite3.connect(tmp_path / "chat.sqlite3")) as database:
            assert database.execute("SELECT count(*) FROM rooms").fetchall() == [(0,)]


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def test_rooms_that_are_only_looked_into_take_no_row(house, server):
    """Row 23 of the threats, live."""
    eve, memory = house.guest("Eve"), server.memory()
    rooms = [house.fresh_room() for _ in range(300)]

    assert {eve.joins(room).refused for room in rooms} == {None, "too_fast"}
    visitor = house.visitor()
    assert {visitor.get(f"/name?room={room}").status for room in rooms} == {200}
    assert {visitor.post("/rooms", room=room).status for room in rooms} == {303, 429}

    assert server.rows("SELECT count(*) FROM rooms") == server.rows("SELECT count(DISTINCT room) FROM messages")
    assert server.memory() - memory < 10 * MB


def in_room(server, room, name):
    line = Line(server.port)
    line.opens()
    answer = line.asks("room:join", {"room": room, "name": name})
    assert answer["ok"], answer
    return line


def test_a_storm_of_comings_and_goings_is_told_in_digests(house, server):
    """Row 24 of the threats: a room of a thousand, and ten who come and go as fast as they may."""
    allow_files(2500)
    room = house.fresh_room()
    lines = [in_room(server, room, f"person {number}") for number in range(1000)]
    stormers = [House(server) for _ in range(10)]
    for line in lines:
        line.waits(0)
    quiet_since = time.monotonic()
    while time.monotonic() - quiet_since < QUIET_S:
        if drain(lines):
            quiet_since = time.monotonic()
        time.sleep(0.1)
    heard = 0
    over = time.monotonic() + STORM_S

    def storm(each, number):
        guest = each.guest(f"storm {number}")
        while time.monotonic() < over:
            for go in (guest.joins, guest.leaves):
                while not (answer := go(room)).ok:
                    time.sleep(answer["error"]["retry_after_ms"] / 1000)

    threads = [threading.Thread(target=storm, args=(each, number)) for number, each in enumerate(stormers)]
    for thread in threads:
        thread.start()
    while time.monotonic() < over:
        heard += drain(lines)
    for thread in threads:
        thread.join(20)
    for each in [*lines, *stormers]:
        each.close()

    assert heard, "nothing was told"
    assert heard * 8 / STORM_S < 2_000_000, f"{heard * 8 / STORM_S / 1e6:.1f} Mbit/s"


def drain(lines):
    taken = 0
    for line in lines:
        while size := line.swallows():
            taken += size
    return taken
