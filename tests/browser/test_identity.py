"""Who this browser is: no cookies, a cookie replaced in another tab, a server with another key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, Route, WebSocketRoute, expect

from tests.browser.person import Person
from tests.live import Server
from tests.wide_server import one_process

People = Callable[..., Person]


def test_a_browser_that_keeps_no_cookies_is_told_and_not_sent_round(
    browser: Browser, server: Server, room: str
) -> None:
    with keeping_no_cookies(browser) as page:
        page.goto(f"http://127.0.0.1:{server.port}/")
        page.get_by_label("Room name").fill(room)
        page.keyboard.press("Enter")
        page.get_by_label("Your name").fill("Ann")
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", level=1)).to_have_text("This browser keeps no cookies for this address")
        expect(page.get_by_text("cookies_blocked")).to_be_visible()
        page.get_by_role("link", name="Try again").click()
        expect(page).to_have_url(f"http://127.0.0.1:{server.port}/name?room={room}")
        assert page.context.cookies() == []


# As the browsers' own setting does: whoever keeps no cookies of an address keeps nothing else of it.
NOTHING_KEPT = """for (const kind of ['localStorage', 'sessionStorage', 'indexedDB']) {
  Object.defineProperty(window, kind, { get() { throw new DOMException('Access is denied', 'SecurityError') } })
}"""


@contextmanager
def keeping_no_cookies(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.add_init_script(NOTHING_KEPT)

    def forget(route: Route) -> None:
        response = route.fetch(max_redirects=0)
        context.clear_cookies()
        kept = {name: value for name, value in response.headers.items() if name != "set-cookie"}
        route.fulfill(response=response, headers=kept)

    context.route("**/*", forget)
    yield context.new_page()
    context.unroute_all(behavior="ignoreErrors")
    context.close()


def me_id(person: Person) -> str:
    return str(person.page.locator("[data-me-id]").get_attribute("data-me-id"))


def loads(person: Person) -> list[str]:
    seen: list[str] = []
    person.page.on("request", lambda request: seen.append(request.url) if request.is_navigation_request() else None)
    return seen


def cut_off(person: Person) -> None:
    person.context.set_offline(True)
    expect(person.page.get_by_role("status").filter(has_text="connecting")).to_be_visible(timeout=25_000)


@pytest.fixture(scope="module")
def server_settings() -> dict[str, str]:
    """A line that is cut is noticed soon."""
    return {"CHAT_PING_INTERVAL_S": "1", "CHAT_PING_TIMEOUT_S": "1"}


def test_a_page_whose_cookie_was_replaced_is_loaded_once_and_acts_as_nobody_else(person: People, room: str) -> None:
    ann, ben = person("Ann").enters(room), person("Ben").enters(room)
    ann.says("as Ann")
    ben.sees("as Ann")
    before = me_id(ann)
    cut_off(ann)
    ann.says("written offline")
    ann.types("a draft")
    cookies = ann.context.cookies()
    takes_the_cookie_of(ann, "Eve", room)
    seen = loads(ann)

    ann.context.set_offline(False)

    expect(ann.page.locator(".person--me .person__name")).to_have_text("Eve", timeout=20_000)
    assert me_id(ann) != before
    assert seen == [f"{ann.url}/r/{room}"]
    expect(ann.box()).to_have_value("a draft")
    ann.says("as Eve")
    ben.sees("as Eve")
    expect(ben.message("written offline")).to_have_count(0)

    ann.context.clear_cookies()
    ann.context.add_cookies(cookies)
    ann.page.reload()
    ann.is_in()
    assert me_id(ann) == before
    ben.sees("written offline")
    expect(ben.message("written offline").locator(".message__author")).to_have_text("Ann")


def takes_the_cookie_of(person: Person, name: str, room: str) -> None:
    assert person.context.browser
    other = person.context.browser.new_context()
    other.request.post(f"{person.url}/name", form={"room": room, "name": name}, max_redirects=0)
    person.context.clear_cookies()
    person.context.add_cookies(other.cookies())
    other.close()


def test_a_page_that_stays_mistaken_says_so_and_is_not_loaded_for_ever(person: People, room: str) -> None:
    """The pages are given their cookie, the live connection is not: no page made anew would help."""
    ann, ben = person("Ann"), person("Ben").enters(room)
    ann.page.route_web_socket(re.compile("/socket.io/"), as_somebody_else)
    ann.context.request.post(f"{ann.url}/name", form={"room": room, "name": "Ann"}, max_redirects=0)
    seen = loads(ann)

    ann.opens(room)

    expect(ann.page.get_by_text("takes this browser for somebody else")).to_be_visible()
    ann.page.wait_for_timeout(2_000)
    assert len(seen) == 2
    ann.page.get_by_role("button", name="Load again").click()
    expect(ann.page.get_by_text("takes this browser for somebody else")).to_be_visible()
    assert len(seen) == 3
    ben.sees_people("Ben")


def as_somebody_else(socket: WebSocketRoute) -> None:
    server = socket.connect_to_server()
    server.on_message(lambda frame: socket.send(str(frame).replace('"member":{"id":"', '"member":{"id":"x')))


@one_process
def test_a_server_with_another_key_is_met_as_somebody_new(person: People, room: str, server: Server) -> None:
    ann = person("Ann").enters(room)
    ann.types("a draft")
    server.stop()
    (server.data / "secret.key").unlink()

    server.start()

    expect(ann.page).to_have_url(f"{ann.url}/name?room={room}", timeout=20_000)
    # The name is still kept for whoever had it, and no longer can that be proven.
    ann.names("Anna").is_in()
    expect(ann.box()).to_have_value("a draft")
