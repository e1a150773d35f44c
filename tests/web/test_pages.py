"""The pages as a browser without JavaScript meets them: from the lobby through the name into the room."""

import json
import re

import pytest

from tests.live import ROOT, Server, Visitor


@pytest.fixture(scope="module")
def server_settings():
    """Rates are not the matter here."""
    return {"CHAT_ROOMS_PER_10S": "10000", "CHAT_READS_PER_10S": "10000"}


def named(house, name="Vera"):
    visitor = house.visitor()
    assert visitor.post("/name", name=name, room=house.room).status == 303
    return visitor


def asks_heads(visitor, rooms):
    sent = {"Content-Type": "application/json", "Accept": "application/json"}
    return visitor.asks("POST", "/rooms/heads", json.dumps({"rooms": rooms}), sent)


def name_box(html):
    (box,) = re.findall(r'<input[^>]*\bname="name"[^>]*>', html)
    return re.search(r'value="([^"]*)"', box)[1]


def test_the_lobby_opens(house):
    reply = house.visitor().get("/")

    assert reply.status == 200
    assert 'action="/rooms"' in reply.text


@pytest.mark.parametrize(
    "typed, slug",
    [("Tea Party!", "tea-party"), ("  tea  ", "tea"), ("\uff34\uff25\uff21", "tea"), ("Чай", "%D1%87%D0%B0%D0%B9")],
)
def test_a_room_name_leads_to_its_address(house, typed, slug):
    reply = house.visitor().post("/rooms", room=typed)

    assert (reply.status, reply.location) == (303, f"/r/{slug}")


def test_a_page_with_a_room_open_is_told_of_another_as_data(house):
    visitor = house.visitor()
    data = {"Accept": "application/json"}

    opened = json.loads(visitor.asks("POST", "/rooms/known", "room=Tea+Party!", data).text)
    refused = visitor.asks("POST", "/rooms/known", "room=///", data)

    assert (opened["ok"], opened["room"]["slug"], opened["room"]["title"]) == (True, "tea-party", "Tea Party!")
    assert (refused.status, json.loads(refused.text)["error"]["code"]) == (400, "room_invalid")


@pytest.mark.parametrize("accept", ["text/html", "application/json", "*/*", ""])
def test_whoever_opens_a_room_is_sent_to_its_address_whatever_they_read(house, accept):
    reply = house.visitor().asks("POST", "/rooms", "room=Tea+Party!", {"Accept": accept})

    assert (reply.status, reply.location) == (303, "/r/tea-party")


def test_whoever_knows_how_far_they_read_is_told_how_far_the_talk_is_but_of_no_locked_room(house):
    ann, locked = house.member("Ann"), house.fresh_room()
    assert ann.says("one").ok
    assert ann.says("two").ok
    assert house.server.command("lock", locked).returncode == 0

    visitor = house.visitor()
    answer = asks_heads(visitor, [house.room, locked, "///"])

    assert json.loads(answer.text) == {house.room: 2}
    assert visitor.cookies == {}


def test_the_heads_of_all_rooms_that_a_browser_remembers_are_told_and_of_more_none(house):
    kept = re.search(r"^const MOST = (\d+)$", (ROOT / "static/js/recent-rooms.js").read_text("utf-8"), re.MULTILINE)
    rooms = [f"{house.room}-{number}" for number in range(int(kept[1]))]

    answer = asks_heads(house.visitor(), rooms)
    too_many = asks_heads(house.visitor(), [*rooms, "one-more"])

    assert json.loads(answer.text) == dict.fromkeys(rooms, 0)
    assert (too_many.status, json.loads(too_many.text)["error"]["code"]) == (400, "payload_invalid")


def test_whoever_asks_for_heads_keeps_the_cookie_they_have(house):
    answer = asks_heads(named(house), [house.room])

    assert answer.status == 200
    assert "Set-Cookie" not in answer.headers


def test_a_room_asks_for_a_name_first_and_remembers_where_one_was_going(house):
    visitor = house.visitor()

    asked = visitor.get(f"/r/{house.room}")
    assert (asked.status, asked.location) == (303, f"/name?room={house.room}")

    page = visitor.get(asked.location)
    assert page.status == 200
    assert house.room.replace("-", " ") in page.text

    named = visitor.post("/name", name="Vera", room=house.room)
    assert (named.status, named.location) == (303, f"/r/{house.room}")

    room = visitor.get(named.location)
    assert room.status == 200
    assert 'data-me-name="Vera"' in room.text


def test_a_name_without_a_room_leads_to_the_lobby(house):
    reply = house.visitor().post("/name", name="Vera")

    assert (reply.status, reply.location) == (303, "/")


def test_the_name_page_says_who_is_inside(house):
    house.member("Ann")

    page = house.visitor().get(f"/name?room={house.room}").text

    assert "Ann" in page


def test_the_name_page_prefills_the_name_one_has(house):
    assert name_box(named(house).get(f"/name?room={house.room}").text) == "Vera"


def test_the_room_page_knows_the_same_member_as_the_socket(house):
    visitor = named(house)

    page = visitor.get(f"/r/{house.room}").text

    assert re.search(r'data-me-id="([^"]+)"', page)[1] == house.guest("Vera", visitor=visitor).id


@pytest.mark.parametrize("other", ["Ann", "ANN", "\u0410nn"])
def test_a_taken_name_is_answered_on_the_name_page_with_free_ones(house, other):
    house.member("Ann")
    visitor = house.visitor()

    reply = visitor.post("/name", name=other, room=house.room)

    assert reply.status == 409
    assert 'data-code="name_taken"' in reply.text
    assert name_box(reply.text) == ""
    free = re.findall(r'<button[^>]*name="name" value="([^"]+)"', reply.text)
    assert free
    assert visitor.post("/name", name=free[0], room=house.room).status == 303
    assert house.guest(free[0], visitor=visitor).joins().ok


def test_a_member_is_not_held_up_by_their_own_name(house):
    visitor = named(house, "Ann")
    house.guest("Ann", visitor=visitor).joins()

    assert visitor.get(f"/r/{house.room}").status == 200
    assert visitor.post("/name", name="ANN", room=house.room).status == 303


def test_an_unfit_name_is_answered_in_place(house):
    reply = house.visitor().post("/name", name="a\u202eb", room=house.room)

    assert reply.status == 400
    assert 'data-code="name_invalid"' in reply.text
    assert 'action="/name"' in reply.text


@pytest.mark.parametrize("address", ["Team", "te am", "\uff54eam!", "TEAM--"])
def test_a_room_has_one_address(house, address):
    from urllib.parse import quote

    visitor = named(house)
    reply = visitor.get(f"/r/{quote(address)}")

    assert reply.status in (301, 302, 303, 308)
    assert reply.location in ("/r/team", "/r/te-am")
    assert visitor.get(reply.location).status in (200, 303)


def test_a_name_is_known_in_the_next_room(house):
    visitor = named(house)

    assert visitor.get(f"/r/{house.fresh_room()}").status == 200


def test_history_is_a_page_of_json(house):
    ann = house.member("Ann")
    for n in range(1, 6):
        ann.says(f"line {n}")
    visitor = named(house)

    newest = json.loads(visitor.get(f"/r/{house.room}/messages?limit=2").text)
    older = json.loads(visitor.get(f"/r/{house.room}/messages?limit=2&before={newest['messages'][0]['id']}").text)

    assert [message["body"] for message in newest["messages"]] == ["line 4", "line 5"]
    assert [message["body"] for message in older["messages"]] == ["line 2", "line 3"]
    assert set(newest) == {"messages", "head", "epoch", "more"}
    assert (newest["head"], newest["more"]) == (5, True)


@pytest.mark.parametrize("query", ["before=x", "before=0", "limit=-1", "before=1e9", "before=99999999999999999999999"])
def test_a_page_of_history_that_cannot_be_is_refused(house, query):
    reply = named(house).get(f"/r/{house.room}/messages?{query}")

    assert reply.status == 400
    assert json.loads(reply.text)["error"]["code"] == "payload_invalid"


def test_a_closed_room_is_read_by_those_inside_alone(house):
    ann = house.member("Ann")
    ann.says("between us")
    assert house.server.command("lock", house.room).returncode == 0

    reply = house.visitor().get(f"/r/{house.room}/messages")

    assert reply.status == 403
    assert json.loads(reply.text)["error"]["code"] == "room_locked"
    assert "between us" not in reply.text


def test_health_is_told(house):
    alive, ready = house.visitor().get("/healthz"), house.visitor().get("/readyz")

    assert (alive.status, alive.text.strip()) == (200, "ok")
    assert ready.status == 200
    assert json.loads(ready.text)


def test_text_from_strangers_is_text_in_every_page(house):
    evil = "<img src=x onerror=alert(1)>"
    visitor = house.visitor()
    house.guest("Ann").joins(name=evil)

    pages = [
        visitor.get(f"/name?room={house.room}"),
        visitor.post("/name", name=evil, room=house.room),
        visitor.post("/rooms", room="<script>"),
        visitor.get("/r/%3Cscript%3E"),
    ]

    assert "&lt;img" in pages[0].text
    assert "&lt;img" in pages[1].text
    for page in pages:
        assert "<img src=x" not in page.text
        assert "<script>" not in page.text


def test_a_link_copied_on_the_servers_own_machine_is_one_that_others_can_open(tmp_path):
    server = Server(tmp_path)
    server.start(CHAT_PUBLIC_URL="http://192.0.2.7:8000")
    try:
        visitor = Visitor(server.port)
        visitor.post("/name", name="Vera", room="tea")

        assert 'data-share-origin="http://192.0.2.7:8000"' in visitor.get("/r/tea").text
    finally:
        server.stop()


def test_somebody_whose_name_is_taken_in_this_room_learns_it_at_once(house):
    room = house.fresh_room()
    ann = house.guest("Ann")
    ann.joins(room)
    visitor = house.visitor()
    visitor.post("/name", name="ANN")

    reply = visitor.get(f"/r/{room}")

    assert reply.status == 409
    assert "ANN" in reply.text


def test_a_closed_room_turns_newcomers_away_before_they_choose_a_name_and_names_nobody(house, server):
    house.member("Ann of the closed room")
    server.command("lock", house.room)
    visitor = house.visitor()

    for reply in (visitor.get(f"/name?room={house.room}"), visitor.post("/name", name="Vera", room=house.room)):
        assert reply.status == 403
        assert "room_locked" in reply.text
        assert "Ann of the closed room" not in reply.text
