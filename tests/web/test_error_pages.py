"""Every wrong turn ends on a page that says what happened, its code, and what to do next."""

import html
import json
import re
import time
from collections import Counter

import pytest
from flask import Flask, abort

from app.bus.local import LocalBus
from app.chat.refusals import Unavailable
from app.chat.service import Chat, Limits
from app.config import Settings
from app.presence.memory import MemoryPresence
from app.web import errors, headers, health, pages, theme, words
from app.web.draining import Drain
from app.web.identity import Identity
from app.web.limits import RateLimits
from tests.live import ROOT


def is_error_page(reply, status, code):
    """The status, the code, and the way on; never a trace."""
    assert reply.status == status
    assert f"<code>{code}</code>" in reply.text
    assert 'href="/"' in reply.text
    assert "Traceback" not in reply.text
    return True


@pytest.mark.parametrize("room", ["", "   ", "!!!", "x" * 65, "a\x00b"])
def test_a_room_name_that_will_not_do_is_refused_where_it_was_typed(house, room):
    reply = house.visitor().post("/rooms", room=room)

    assert reply.status == 400
    assert 'data-code="room_invalid"' in reply.text
    assert 'action="/rooms"' in reply.text
    assert f'value="{room if room.isprintable() else ""}"' in reply.text


def test_400_for_a_form_without_its_field(house):
    assert is_error_page(house.visitor().post("/rooms", other="x"), 400, "payload_invalid")
    assert is_error_page(house.visitor().post("/name", room=house.room), 400, "payload_invalid")


@pytest.mark.parametrize("path", ["/", "/r/tea", "/nothing"])
@pytest.mark.parametrize("host", ["x" * 64, "x..y", "x" * 900])
def test_400_for_a_host_that_cannot_be_one(house, path, host):
    reply = house.visitor().get(path, Host=host)

    assert reply.refused == (400, "payload_invalid")
    assert "Traceback" not in house.server.log()


def test_400_for_a_name_on_its_way_to_no_room(house):
    assert is_error_page(house.visitor().post("/name", name="Vera", room="No Slug"), 400, "room_invalid")


@pytest.mark.parametrize("path", ["/rooms", "/name"])
@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1.evil.example", "http://[x", "http://\x1f"],
)
def test_403_for_a_form_from_another_site(house, path, origin):
    reply = house.visitor().asks("POST", path, "room=tea&name=Vera", {"Origin": origin})

    assert is_error_page(reply, 403, "forbidden")


@pytest.mark.parametrize(
    "path", ["/nowhere", "/r/", "/r/tea/nothing", "/static/nothing.js", "/static/../app/config.py"]
)
def test_404_for_an_address_that_leads_nowhere(house, path):
    assert is_error_page(house.visitor().get(path), 404, "not_found")


def test_405_for_a_verb_a_page_does_not_know(house):
    visitor = house.visitor()

    assert is_error_page(visitor.asks("DELETE", "/rooms"), 405, "method_invalid")
    assert is_error_page(visitor.get("/rooms"), 405, "method_invalid")


def test_413_for_a_form_that_is_too_large(house):
    assert is_error_page(house.visitor().post("/rooms", room="x" * 100_000), 413, "body_too_long")


# What no visitor brings about by a link: a page of each status all the same.
STATUSES = sorted(errors.CODE_OF)
LANGUAGES = {path.stem: json.loads(path.read_text("utf-8")) for path in (ROOT / "static" / "words").glob("*.json")}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("status", STATUSES)
def test_every_error_page_says_what_happened_its_code_and_what_to_do_in_the_readers_language(status, language):
    app = Flask("wrong", root_path=str(ROOT))
    theme.register(app)
    errors.register(app, words.register(app, ROOT / "static" / "words"), Counter())
    app.add_url_rule("/", "pages.lobby", lambda: abort(status))
    client = app.test_client()

    reply = client.get("/", headers={"Accept": "text/html", "Accept-Language": language})

    assert reply.status_code == status
    said = LANGUAGES[language]
    for text in (said[f"error.{status}"], said[f"error.{status}.do"], f"<code>{errors.CODE_OF[status]}</code>"):
        assert text in html.unescape(reply.text)
    assert 'href="/"' in reply.text


def test_a_refusal_is_told_in_the_readers_language(house):
    visitor, german = house.visitor(), {"Accept": "text/html", "Accept-Language": "de"}
    asked = [
        ("POST", "/rooms", "room=!!!", "Ein Raumname braucht mindestens einen Buchstaben"),
        ("POST", "/rooms", "other=x", "Der Server konnte damit nichts anfangen"),
        ("POST", "/name", f"room={house.room}&name=%E2%80%AE", "Ein Name darf keine unsichtbaren Zeichen"),
        ("GET", f"/r/{house.room}/read?before=x", None, "Der Server konnte damit nichts anfangen"),
    ]

    for verb, path, form, said in asked:
        assert said in visitor.asks(verb, path, form, german).text, path
    foreign = visitor.asks("POST", "/rooms", "room=tea", german | {"Origin": "http://evil.example"})
    assert "von einer anderen Website" in foreign.text


def test_a_program_gets_its_refusal_as_data(house):
    reply = house.visitor().asks("POST", "/rooms", "room=", {"Accept": "application/json"})

    assert reply.status == 400
    assert re.match(r'\{"error":\{"code":"room_invalid","detail":"[^"]+\.","rule":"empty"\},"ok":false\}', reply.text)


# A store that is broken: the same pages on an application of the test's own.


class BrokenStore:
    def __init__(self, failure):
        self.failure = failure

    def __getattr__(self, name):
        def fail(*arguments):
            raise self.failure

        return fail


class SilentRelay:
    def tell(self, facts):
        assert not list(facts)


@pytest.fixture
def client_with():
    def make(failure):
        settings = Settings()
        chat = Chat(BrokenStore(failure), MemoryPresence(time.monotonic, 4, 120, 10), Limits())
        app = Flask("broken", root_path=str(ROOT))
        app.config["SECRET_KEY"] = b"test"
        app.register_blueprint(pages.blueprint(chat, SilentRelay(), Identity(b"test"), RateLimits(settings), settings))
        app.register_blueprint(health.blueprint(chat, LocalBus(), Drain()))
        theme.register(app)
        errors.register(app, words.register(app, ROOT / "static" / "words"), Counter())
        headers.register(app)
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT"] = "text/html"
        return client

    return make


def test_503_when_the_messages_are_away_and_when_to_come_back(client_with):
    client = client_with(Unavailable("gone"))
    client.post("/name", data={"name": "Vera"})

    reply = client.get("/r/tea")

    assert reply.status_code == 503
    assert "<code>unavailable</code>" in reply.text
    assert int(reply.headers["Retry-After"]) >= 1
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_500_for_our_own_mistake_without_a_word_of_it(client_with, caplog):
    client = client_with(RuntimeError("a very private sentence"))
    client.post("/name", data={"name": "Vera"})

    reply = client.get("/r/tea")

    assert reply.status_code == 500
    assert "<code>server_error</code>" in reply.text
    assert "RuntimeError" not in reply.text
    assert "private" not in reply.text + caplog.text
    assert caplog.text.count("RuntimeError") == 1, "logged once"


def test_a_broken_history_is_refused_as_data(client_with):
    reply = client_with(Unavailable("gone")).get("/r/tea/messages")

    assert (reply.status_code, reply.json["error"]["code"]) == (503, "unavailable")
