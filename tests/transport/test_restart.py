"""The server goes and comes back: the talk, its numbers and its people are the same."""

import http.client
import json
import secrets
import threading
from contextlib import suppress

from socketio.exceptions import BadNamespaceError

from tests.live import until
from tests.transport.test_disk import slow_commits
from tests.wire import RawSocket


def test_a_restart_keeps_the_talk_its_numbers_and_its_epoch(house):
    ann = house.member("Ann")
    client_id = secrets.token_hex(16)
    ann.says("one", client_id)
    before = ann.joins()

    house.server.restart()

    ben = house.guest("Ben")
    after = ben.joins()
    assert (after["epoch"], after["head"], after["room"]) == (before["epoch"], 1, before["room"])
    assert after.bodies == ["one"]
    assert ben.says("two")["message"]["id"] == 2


def test_a_token_makes_the_same_member_after_a_restart(house):
    ann = house.member("Ann")
    client_id = secrets.token_hex(16)
    ann.says("one", client_id)
    cursor = {"epoch": ann.joins()["epoch"], "seq": 0 + 1}

    house.server.restart()

    back = house.guest("Ann", token=ann.token)
    answer = back.joins(since=cursor)
    assert back.id == ann.id
    assert (answer["messages"], answer["reset"]) == ([], False)
    assert back.says("one", client_id)["duplicate"] is True


def test_a_browsers_cookie_makes_the_same_member_after_a_restart(house):
    visitor = house.visitor()
    visitor.post("/name", name="Ann", room=house.room)
    before = house.guest("Ann", visitor=visitor).id

    house.server.restart()

    assert house.guest("Ann", visitor=visitor).id == before
    assert visitor.get(f"/r/{house.room}").status == 200


def test_a_server_that_stops_says_so_and_ends_with_code_zero(house):
    people = [house.guest(f"guest {n}") for n in range(5)]

    code = house.server.stop()

    waits = [guest.waits_for("server:stopping")["reconnect_in_ms"] for guest in people]
    assert all(guest.closed.wait(5) for guest in people)
    assert len(set(waits)) > 1, "not all at once"
    assert code == 0
    house.server.restart()


def test_a_server_stops_with_a_silent_socket_open(server):
    line = RawSocket(server.port)

    assert server.stop() == 0

    line.close()
    server.restart()


def test_a_stopping_server_finishes_what_has_begun_and_says_it_is_not_ready(house):
    ann, ben = house.member("Ann"), house.member("Ben")
    ann.says("before")
    watcher = http.client.HTTPConnection("127.0.0.1", house.server.port, timeout=5)
    watcher.request("GET", "/readyz")
    assert json.loads(watcher.getresponse().read())["ready"]

    with slow_commits(house.server, "heavy", 2):
        begun = ann.starts_saying("heavy")
        until(lambda: ben.types().ok, 5, "the message on its way")
        stopping = threading.Thread(target=house.server.stop)
        stopping.start()
        until(lambda: not house.server.answers(), 5, "an end to accepting")
        watcher.request("GET", "/readyz")
        answer = watcher.getresponse()
        told = json.loads(answer.read())
        first, late = begun.result(8), None
        # The server may have said goodbye to him by now.
        with suppress(BadNamespaceError):
            late = ben.starts_saying("too late")
        stopping.join()
    house.server.start()

    assert (answer.status, told["ready"]) == (503, False)
    assert first.ok
    assert late is None or not late.done() or late.result().refused == "unavailable"


def test_a_name_waits_for_its_owner_over_a_restart(house):
    ann = house.member("Ann")
    token = ann.token
    house.server.restart()

    assert house.guest("ann").joins(house.room).refused == "name_taken"
    assert house.guest("Ann", token=token).joins(house.room).ok


def test_a_name_waits_for_its_owner_even_when_the_server_was_killed(house):
    ann = house.member("Ann")
    token, names = ann.token, house.server.data / "names.json"
    until(lambda: names.exists() and house.room in names.read_text(), 5, "the name on disk")
    house.server.kill()
    house.server.start()

    assert house.guest("ann").joins(house.room).refused == "name_taken"
    assert house.guest("Ann", token=token).joins(house.room).ok
