"""Following a room over plain HTTP: everything once and in order, over restarts, slow lines and crowds."""

import sqlite3
import subprocess
from contextlib import closing

import pytest

from tests.hostile.watch import MB, watched_server
from tests.live import until
from tests.needs import need_program
from tests.programs import Follower, Program, new_token, operator

CAP = 60


@pytest.fixture(scope="module")
def server_settings():
    return {
        "CHAT_HEARTBEAT_S": "0.8",
        "CHAT_READS_PER_10S": "100000",
        "CHAT_OPERATOR_PER_10S": "100000",
        "CHAT_MESSAGES_PER_10S": "100000",
        "CHAT_ROOM_POINTS_PER_10S": "10000000",
        "CHAT_ADDRESS_POINTS_PER_10S": "10000000",
        "CHAT_CONNECTION_POINTS_PER_10S": "10000000",
        "CHAT_CONNECTIONS_PER_ADDRESS": str(CAP),
        "CHAT_RECONNECT_MIN_S": "0.3",
        "CHAT_RECONNECT_MAX_S": "0.7",
    }


@pytest.fixture(scope="module")
def server(tmp_path_factory, server_settings):
    yield from watched_server(tmp_path_factory.mktemp("server"), server_settings)


@pytest.fixture
def follows(house):
    """`follows(room, place)` is somebody who follows; all are let go in the end."""
    everybody = []

    def follow(room=None, *place, **options):
        everybody.append(Follower(house.server, room or house.room, *place, **options))
        return everybody[-1]

    yield follow
    for each in everybody:
        each.close()


def test_who_follows_is_told_where_it_begins_and_then_what_is_said(house, follows):
    ann = house.member("Ann")
    ann.says("before")
    script = follows()

    head, epoch = script.hears(), ann.joins()["epoch"]
    ann.says("/me waves")
    name, message = script.hears()

    assert script.response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert head == ("room:head", {"room": house.room, "epoch": epoch, "head": 1})
    assert name == "message:posted"
    heard = ann.waits_for("message:posted", id=2)
    assert message | {"client_id": heard["client_id"]} == heard
    assert (message["kind"], message["body"], message["seq"]) == ("action", "waves", 2)
    assert "client_id" not in message
    assert script.place == f"2-{epoch}"
    assert 300 <= script.retry_ms <= 700


def test_from_a_place_on_everything_comes_once_and_in_order(house, follows):
    ann = house.member("Ann")
    for answer in [ann.starts_saying(f"{number}") for number in range(1, 451)]:
        assert answer.result(8).ok
    wanted = [str(number) for number in range(1, 451)]

    assert follows(None, "0").hears_up_to("450") == wanted
    some = follows(None, "0")
    some.hears_up_to("120")
    assert follows(None, some.place).hears_up_to("450") == wanted[120:]
    assert follows(None, "449").hears_up_to("450") == ["450"]


def test_what_many_say_at_once_is_heard_once_in_order_by_everybody(house, follows):
    people = [house.member(f"Person {number}") for number in range(4)]
    scripts = [follows() for _ in range(8)]
    for script in scripts:
        script.hears()

    answers = [each.starts_saying(f"{number} of {each.name}") for number in range(50) for each in people]
    numbers = [answer.result(8)["message"]["id"] for answer in answers]
    people[0].says("last")

    order = [scripts[0].hears_up_to("last")] + [each.hears_up_to("last") for each in scripts[1:]]
    assert sorted(numbers) == list(range(1, 201))
    assert len(order[0]) == 201
    assert all(each == order[0] for each in order)


def test_over_a_restart_nothing_is_missed_and_nothing_comes_twice(house, tmp_path):
    """With curl, as a script would."""
    curl, heard = need_program("curl"), tmp_path / "heard"
    ann = house.member("Ann")
    token, url = ann.token, f"{house.server.url}/api/v1/rooms/{house.room}/events"

    def listen(place):
        with heard.open("ab") as file:
            headers = ["-H", f"Last-Event-ID: {place}"]
            return subprocess.Popen([curl, "-sSN", "--max-time", "30", url, *headers], stdout=file)

    listener = listen("0")
    for number in range(1, 31):
        ann.says(f"{number}")
    until(lambda: b'"30"' in heard.read_bytes(), 8, "thirty messages")
    for how in (house.server.restart, lambda: (house.server.kill(), house.server.start(**house.server._settings))):
        how()
        assert listener.wait(8) in (0, 18, 56)
        ann = house.guest("Ann", token=token)
        head = ann.joins()["head"]
        said = [ann.says(f"{number}")["message"]["id"] for number in range(head + 1, head + 31)]
        listener = listen(ids(heard)[-1])
        until(lambda said=said: f"id: {said[-1]}-" in heard.read_text(), 8, "what was missed")
    listener.terminate()
    listener.wait(5)

    assert [int(place.partition("-")[0]) for place in ids(heard) if not place.startswith("0-")] == heads(heard, 90)
    assert heard.read_text().count("event: server:stopping") == 1


def ids(heard):
    return [line[4:] for line in heard.read_text().splitlines() if line.startswith("id: ")]


def heads(heard, count):
    """Every number once, and again where a stream began with the place it was given."""
    events = [block for block in heard.read_text().split("\n\n") if "event: message:posted" in block]
    assert [int(block.rpartition("id: ")[2].partition("-")[0]) for block in events] == list(range(1, count + 1))
    begun = [30, 60]
    return sorted([*range(1, count + 1), *begun])


@pytest.mark.parametrize("place", ["5-another", "999", "1-0"])
def test_a_place_in_another_log_is_said_to_be_void(house, follows, place):
    ann = house.member("Ann")
    for number in range(1, 4):
        ann.says(f"{number}")
    epoch = ann.joins()["epoch"]

    script = follows(None, place)

    assert script.hears() == ("room:reset", {"room": house.room, "epoch": epoch, "head": 3})
    assert script.hears_up_to("3") == ["1", "2", "3"]
    ann.says("4")
    assert script.hears_up_to("4") == ["4"]


@pytest.mark.parametrize("place", ["x", "-1", "1-", "1 2", "1-a-b", "9" * 17, "1-" + "a" * 40, "1;2", "\xb2"])
def test_a_place_that_is_none_is_refused(house, place):
    reply = Program(house.server).calls("GET", f"rooms/{house.room}/events", **{"Last-Event-ID": place})

    assert reply.refused == (400, "payload_invalid")


def test_a_sign_of_life_comes_as_often_as_set(house, follows):
    script = follows()
    script.hears()

    script.waits_for_life(2)


def test_who_ends_is_forgotten_and_costs_nothing_while_listening(house, follows):
    server, ann = house.server, house.member("Ann")
    base = server.greenlets()
    scripts = [follows() for _ in range(40)]
    for script in scripts:
        script.hears()
    server.settles(base, spare=3)
    ann.says("hello")
    for script in scripts:
        script.hears_up_to("hello")
        script.close()

    until(lambda: following(server) == 0, 5, "nobody following")


def following(server):
    return operator(server).calls("GET", "operator/status").json["followers"]


def test_one_address_follows_so_often_and_others_are_let_in(house):
    followers, source = [], "127.0.0.77"
    try:
        while len(followers) <= CAP + 1:
            followers.append(Follower(house.server, house.room, source=source))
            if followers[-1].status != 200:
                break
            followers[-1].hears()
        assert followers[-1].status == 503
        assert len(followers) in (CAP, CAP + 1)
        other = Follower(house.server, house.room, source="127.0.0.78")
        assert other.status == 200
        other.close()
    finally:
        for each in followers:
            each.close()
    until(lambda: following(house.server) == 0, 5)
    again = Follower(house.server, house.room, source=source)
    assert again.status == 200
    again.close()


def test_who_does_not_read_costs_little_and_loses_nothing(house, follows):
    """Read again soon, the stream goes on; a while later it has ended, and is taken up at its place."""
    ann, server = house.member("Ann"), house.server
    slow = [follows() for _ in range(10)]
    for each in slow:
        each.hears()
        each.reads_little()
    memory = server.memory()
    bodies = [f"{number} ".ljust(4900, "x") for number in range(160)]
    for at in range(0, len(bodies), 16):
        # So few at once that the speaker, who hears them all twice, is no slow reader either.
        for answer in [ann.starts_saying(body) for body in bodies[at : at + 16]]:
            assert answer.result(8).ok

    assert server.memory() - memory < 10 * MB
    for _ in range(2):
        reader, heard = slow.pop(), []
        while len(heard) < len(bodies):
            event = reader.hears()
            if event is None:
                reader = follows(None, reader.place)
            elif event[0] == "message:posted":
                heard.append(event[1]["body"])
        assert heard == bodies
        reader.close()
        until(lambda: following(server) == 0, 10, "an end to those who read nothing")


def test_who_follows_and_talks_back_is_hung_up_on(house, follows):
    script = follows()
    script.hears()

    script.response.fp.raw._sock.sendall(b"x" * 20_000)

    assert script.hears_the_end() == []


def test_whose_token_is_taken_back_hears_no_more(house, follows):
    token = new_token(house.server, house.room, name="Old bot")
    script = follows(token=token)
    script.hears()
    (line,) = [line for line in house.server.command("tokens").stdout.splitlines() if house.room in line]

    house.server.command("revoke", line.split()[0])

    assert script.hears_the_end() == []
    assert Follower(house.server, house.room, token=token).status == 401


def test_when_the_database_is_away_it_ends_and_comes_back(house, follows):
    """Not with an error page in the middle of it."""
    ann = house.member("Ann")
    ann.says("1")
    script = follows(None, "0")
    script.hears_up_to("1")
    with closing(sqlite3.connect(house.server.data / "chat.sqlite3", isolation_level=None)) as database:
        database.execute("ALTER TABLE messages RENAME TO elsewhere")
        try:
            assert Program(house.server).reads(house.room).status in (500, 503)
            lost = follows(None, "0")
            assert lost.hears()[0] == "room:head"
            assert lost.hears_the_end() == []
        finally:
            database.execute("ALTER TABLE elsewhere RENAME TO messages")
    assert follows(None, "0").hears_up_to("1") == ["1"]


def test_a_look_without_the_stream_takes_no_socket(house):
    assert Program(house.server).calls("HEAD", f"rooms/{house.room}/events").status == 200
    assert Program(house.server).reads(house.room).status == 200
