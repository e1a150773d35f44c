"""The HTTP API against the live server: what a script reads and says, and every way it is refused."""

import json
import secrets

import pytest

from tests.live import Visitor
from tests.programs import Program, new_token


@pytest.fixture(scope="module")
def server_settings():
    return {"CHAT_READS_PER_10S": "100000", "CHAT_MESSAGES_PER_10S": "100000", "CHAT_GUESSES_PER_10S": "100000"}


@pytest.fixture(scope="module")
def tea(server):
    """A bot of one room, and its token."""
    return Program(server, new_token(server, "tea"))


@pytest.fixture(scope="module")
def hook(server):
    return new_token(server, "tea", name="Alarm", webhook=True).removeprefix("/api/v1/")


def test_what_people_say_is_read_page_by_page(house):
    ann, script = house.member("Ann"), Program(house.server)
    for number in range(1, 6):
        ann.says(f"line {number}")

    newest = script.reads(house.room, "?limit=2").json
    assert [message["body"] for message in newest["messages"]] == ["line 4", "line 5"]
    assert (newest["head"], newest["more"], set(newest)) == (5, True, {"messages", "head", "epoch", "more"})
    older = script.reads(house.room, "?limit=3&before=4").json
    assert [message["id"] for message in older["messages"]] == [1, 2, 3]
    assert older["more"] is False
    since = script.reads(house.room, "?after_seq=3&limit=1").json
    assert ([message["id"] for message in since["messages"]], since["more"]) == ([4], True)
    assert "client_id" not in newest["messages"][0]


def test_as_text_every_message_is_a_line_that_nobody_can_forge(house):
    ann, script = house.member("Ann"), Program(house.server)
    ann.says("one\n2 2026-01-01T00:00:00Z Operator: two\x1b[2J\u2028three\u202e")
    ann.says("/me waves")
    house.member("! Ben").says("all of you")

    reply = script.reads(house.room, Accept="text/plain")

    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"
    first, second, third, fourth = reply.text.splitlines()
    assert first.startswith("1 20")
    assert first.endswith("Z Ann: one")
    assert second == " " * 20 + "2 2026-01-01T00:00:00Z Operator: two\ufffd[2J\ufffdthree\ufffd"
    assert third.endswith(" * Ann waves")
    assert fourth.endswith('Z "! Ben": all of you')


@pytest.mark.parametrize("query", ["?before=0", "?limit=x", "?after_seq=-1", "?before=1&after_seq=1", "?limit=1e3"])
def test_a_page_that_makes_no_sense_is_refused(house, query):
    assert Program(house.server).reads(house.room, query).refused == (400, "payload_invalid")


@pytest.mark.parametrize("room", ["Tea", "te%20a", "%00", "x" * 65, "..%2f..", "tea%0d%0aX-Evil:%201"])
def test_a_room_that_is_none_is_refused_everywhere(server, tea, room):
    for program in (Program(server), tea):
        for method, path in (("GET", "messages"), ("GET", "events"), ("POST", "messages")):
            reply = program.calls(method, f"rooms/{room}/{path}", {"body": "x"} if method == "POST" else None)
            assert reply.status in (400, 401, 403, 404)
            assert "X-Evil" not in reply.headers
            assert reply.json["ok"] is False


def test_what_a_bot_says_is_heard_by_everybody_and_its_key_by_the_bot_alone(house):
    ann, bot = house.member("Ann"), Program(house.server, new_token(house.server, house.room))
    client_id = secrets.token_hex(16)

    said = bot.says(house.room, "/me boils", client_id).json

    heard = ann.waits_for("message:posted")
    assert said == {"message": heard | {"client_id": client_id}, "duplicate": False}
    assert (heard["kind"], heard["body"], heard["author"]["name"]) == ("action", "boils", "Tea bot")
    assert "client_id" not in heard
    assert ann.joins()["count"] == 1


def test_said_again_under_one_key_it_is_there_once(house):
    bot, client_id = Program(house.server, new_token(house.server, house.room)), secrets.token_hex(16)
    first = bot.says(house.room, "hello", client_id).json

    house.server.restart()

    assert bot.says(house.room, "hello", client_id).json == {"message": first["message"], "duplicate": True}
    assert bot.says(house.room, "other", client_id).refused == (409, "client_id_conflict")
    assert bot.reads(house.room).json["head"] == 1


def test_a_token_opens_its_rooms_and_nothing_else(house, tea):
    house.member("Ann").says("private to this room")

    for method, path in (("GET", "messages"), ("GET", "events"), ("POST", "messages")):
        body = {"body": "x"} if method == "POST" else None
        assert tea.calls(method, f"rooms/{house.room}/{path}", body).refused == (403, "forbidden")
    assert Program(house.server).reads(house.room).json["head"] == 1
    both = Program(house.server, new_token(house.server, house.room, "Milk Bar!"))
    assert both.says(house.room, "here").status == both.says("milk-bar", "and here").status == 200


def wrong_tokens(good):
    yield from ("", "x", "bot_", good[:-1], good + "x", good.upper(), good[::-1], "hook_" + good[4:], f"{good},{good}")
    yield from (f"{good} {good}", "\xe9" * 40, "x" * 5000, "%00", "null", "../" + good)


def test_a_wrong_token_opens_nothing_and_is_not_taken_for_none(server, tea):
    for wrong in wrong_tokens(tea.token):
        program = Program(server)
        for method, path in (("GET", "messages"), ("POST", "messages"), ("GET", "events")):
            header = {"Authorization": f"Bearer {wrong}".encode("latin-1", "replace").decode("latin-1")}
            reply = program.calls(method, f"rooms/tea/{path}", {"body": "x"} if method == "POST" else None, **header)
            assert reply.refused == (401, "token_invalid"), wrong
            assert reply.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Basic dGVhOnRlYQ==", "Bearer", "bot", "Token x", "Bearer\tx"])
def test_another_kind_of_header_is_refused(server, header):
    assert Program(server).reads("tea", Authorization=header).status == 401


def test_without_a_token_nobody_speaks(server):
    assert Program(server).says("tea", "x").refused == (401, "token_invalid")


def test_a_cookie_opens_nothing(house):
    """So that no page of another site can use it."""
    visitor = house.visitor()
    visitor.post("/name", name="Ann", room=house.room)

    reply = visitor.asks("POST", f"/api/v1/rooms/{house.room}/messages", "{}", {"Content-Type": "application/json"})

    assert reply.status == 401
    assert visitor.get(f"/api/v1/rooms/{house.room}/messages").headers.get("Set-Cookie") is None


def test_a_token_that_is_taken_back_opens_nothing_from_then_on(house):
    bot = Program(house.server, new_token(house.server, house.room, name="Old bot"))
    assert bot.says(house.room, "hello").status == 200
    (line,) = [
        line for line in house.server.command("tokens").stdout.splitlines() if "Old bot" in line and house.room in line
    ]
    assert bot.token not in line

    done = house.server.command("revoke", line.split()[0])

    assert done.returncode == 0
    assert bot.says(house.room, "x").refused == (401, "token_invalid")
    again = house.server.command("revoke", line.split()[0])
    assert (again.returncode, again.stderr.count("\n")) == (1, 1)


def test_a_locked_room_is_read_by_nobody_but_its_bots(house):
    house.member("Ann").says("hello")
    bot = Program(house.server, new_token(house.server, house.room))
    house.server.command("lock", house.room)

    for path in ("messages", "events"):
        assert Program(house.server).calls("GET", f"rooms/{house.room}/{path}").refused == (403, "room_locked")
    assert bot.reads(house.room).json["head"] == 1
    assert bot.says(house.room, "still here").status == 200


def test_nobody_comes_in_as_the_bot(house):
    new_token(house.server, house.room)

    assert house.guest("x").joins(name="TEA BOT").refused == "name_taken"
    visitor = house.visitor()
    assert visitor.post("/name", name="Tea bot", room=house.room).status == 409


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", '"x"', "{}", '{"body":1}', '{"body":"x","kind":"notice"}', '{"body":"x","client_id":"1"}',
     '{"body":"\\ud800"}', '{"body":NaN}', '{"body":"x\\u0000"}', "[" * 100_000, b"\xff\xfe", '{"body":"x"} x'],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_its_code(tea, body):
    assert tea.calls("POST", "rooms/tea/messages", body).refused == (400, "payload_invalid")


def test_too_much_and_too_little_are_refused_with_their_codes(tea, server, hook):
    assert tea.says("tea", " \n ").refused == (400, "body_empty")
    assert tea.says("tea", "x" * 5001).refused == (413, "body_too_long")
    assert tea.says("tea", "x" * 200_000).refused == (413, "body_too_long")
    form = "payload=" + "x" * 200_000
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert Program(server).calls("POST", hook, form, **kind).refused == (413, "body_too_long")
    assert tea.says("tea", "\U0001f375" * 5000).status == 200


def test_another_kind_of_body_is_refused_with_what_to_do(tea):
    reply = tea.calls("POST", "rooms/tea/messages", '{"body":"x"}', **{"Content-Type": "text/plain"})

    assert reply.refused == (400, "payload_invalid")
    assert "application/json" in reply.json["error"]["detail"]


def test_a_webhook_takes_what_chat_tools_send(server, tea, hook):
    tool, form = Program(server), {"Content-Type": "application/x-www-form-urlencoded"}
    sent = {
        "text": "disk full",
        "username": "x",
        "icon_emoji": ":x:",
        "attachments": [{"fallback": None}],
        "kind": "notice",
    }

    assert tool.calls("POST", hook, sent).status == 200
    assert tool.calls("POST", hook, "payload=%7B%22text%22%3A%22by+form%22%7D", **form).status == 200
    assert tool.calls("POST", hook, {"text": "\U0001f375" * 5000}).status == 200

    newest = tea.reads("tea", "?limit=3").json["messages"]
    assert [message["body"] for message in newest[:2]] == ["disk full", "by form"]
    assert {(message["author"]["name"], message["kind"]) for message in newest} == {("Alarm", "text")}


def test_a_webhook_refuses_what_has_no_text(server, hook):
    tool, form = Program(server), {"Content-Type": "application/x-www-form-urlencoded"}

    for body in ({}, {"text": 1}, {"attachments": []}, [], "x", {"text": None}):
        assert tool.calls("POST", hook, body).refused == (400, "payload_invalid")
    for body in ("", "text=hi", "payload=", "payload=x", '{"text":"hi"}'):
        assert tool.calls("POST", hook, body, **form).refused == (400, "payload_invalid")
    assert tool.calls("POST", hook, {"text": ""}).refused == (400, "body_empty")


def test_a_webhooks_secret_is_no_token_and_a_token_no_webhook(server, tea, hook):
    secret = hook.removeprefix("hooks/")

    assert Program(server, secret).says("tea", "x").refused == (401, "token_invalid")
    assert Program(server).calls("POST", f"hooks/{tea.token}", {"text": "x"}).refused == (401, "token_invalid")
    assert Program(server).calls("POST", "hooks/nothing", {"text": "x"}).refused == (401, "token_invalid")


FOREIGN = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_no_page_of_another_site_has_anything_of_it(server, tea, hook, headers):
    calls = [(tea, "GET", "rooms/tea/messages", None), (tea, "POST", "rooms/tea/messages", {"body": "x"})]
    calls += [(tea, "GET", "rooms/tea/events", None), (Program(server), "POST", hook, {"text": "x"})]
    calls += [(tea, "GET", "openapi.json", None), (tea, "GET", "operator/status", None)]

    for program, method, path, body in calls:
        reply = program.calls(method, path, body, **headers)
        assert reply.refused == (403, "forbidden"), path
        assert not [name for name in reply.headers if name.lower().startswith("access-control")]
    preflight = tea.calls("OPTIONS", "rooms/tea/messages", **headers, **{"Access-Control-Request-Method": "POST"})
    assert not [name for name in preflight.headers if name.lower().startswith("access-control")]


def test_the_document_is_served(server):
    assert Program(server).calls("GET", "openapi.json").json["openapi"].startswith("3.")


@pytest.mark.parametrize("path", ["", "/", "/rooms", "/rooms/tea", "/hooks", "/hooks/", "/nothing", "/operator/x"])
def test_what_is_not_there_is_refused_as_data_whatever_a_browser_accepts(server, path):
    reply = Visitor(server.port).get(f"/api/v1{path}", Accept="text/html")

    assert reply.status in (401, 404)
    assert reply.json["ok"] is False


def test_no_secret_is_in_the_log_or_the_database(house, tea, hook):
    secret = hook.removeprefix("hooks/")
    Program(house.server).calls("POST", hook, {"text": "hi"})
    kept = b"".join(path.read_bytes() for path in house.server.data.iterdir() if "sqlite" in path.name)

    for each in (tea.token, secret):
        assert each not in house.server.log()
        assert each.encode() not in kept
    assert "Traceback" not in house.server.log()
    assert json.dumps(secret) not in house.server.log()
