"""Between Enter and the ack: what is written is seen at once, is never lost, and says what became of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.person import PENDING, PLAIN_HOST, Person

People = Callable[..., Person]
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DEVICES = pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])


class Wire:
    """A page's connection, on which the server's word on what the page sends can be held back or made up."""

    def __init__(self, page: Page) -> None:
        self.sent: list[dict[str, Any]] = []
        self.held: list[str] = []
        self.holds = False
        self.refusals: list[dict[str, Any]] = []
        page.route_web_socket("**/socket.io/**", self._open)

    def _open(self, page: WebSocketRoute) -> None:
        self._page = page
        self._server = page.connect_to_server()
        page.on_message(self._from_page)
        self._server.on_message(self._from_server)

    def _from_page(self, frame: str | bytes) -> None:
        text = str(frame)
        if '["message:send"' not in text:
            return self._server.send(frame)
        number, _, rest = text.removeprefix("42").partition("[")
        self.sent.append(json.loads(f"[{rest}")[1])
        if self.refusals:
            return self._page.send(f"43{number}" + json.dumps([{"ok": False, "error": self.refusals.pop(0)}]))
        return self._server.send(frame)

    def _from_server(self, frame: str | bytes) -> None:
        tells = str(frame).startswith("43") or "message:posted" in str(frame)
        if self.holds and tells:
            self.held.append(str(frame))
        else:
            self._page.send(frame)

    def release(self) -> None:
        self.holds = False
        for frame in self.held:
            self._page.send(frame)


@pytest.fixture
def ann(person: People) -> Callable[..., tuple[Person, Wire]]:
    def make(room: str, **device: Any) -> tuple[Person, Wire]:
        ann = person("Ann", **device)
        ann.page.clock.install()
        wire = Wire(ann.page)
        return ann.enters(room), wire

    return make


def send(person: Person, text: str) -> None:
    person.types(text)
    person.page.get_by_role("button", name="Send").click()


PLACE = "node => { const { top, left, height } = node.getBoundingClientRect(); return [top, left, height] }"


@DEVICES
def test_my_message_is_there_at_once_and_the_confirmed_one_takes_its_place_without_moving(
    ann: Any, room: str, device: dict[str, Any]
) -> None:
    ann, wire = ann(room, **device)
    send(ann, "before")
    ann.sees("before")
    wire.holds = True
    send(ann, "hello")
    line = ann.message("hello")
    expect(line).to_have_class(PENDING)
    faint = "node => getComputedStyle(node.querySelector('.message__body')).color"
    node, place, dim = line.element_handle(), line.evaluate(PLACE), line.evaluate(faint)

    wire.release()
    ann.sees("hello")

    assert node.evaluate("node => node.isConnected")
    assert line.evaluate(PLACE) == place
    assert line.evaluate(faint) != dim
    expect(ann.bodies()).to_have_count(2)


@DEVICES
def test_not_confirmed_after_ten_seconds_it_says_so_and_offers_three_ways_out(
    ann: Any, room: str, device: dict[str, Any]
) -> None:
    ann, wire = ann(room, **device)
    wire.holds = True
    send(ann, "hello?")
    line = ann.message("hello?")
    ann.page.clock.run_for(8_000)
    expect(line.get_by_role("button")).to_have_count(0)

    ann.page.clock.run_for(3_000)

    expect(line).to_contain_text("Not sent yet")
    expect(line.get_by_role("button")).to_have_text(["Retry", "Copy", "Discard"])
    sent = len(wire.sent)
    wire.held.clear()
    line.get_by_role("button", name="Retry").click()
    expect(line).not_to_contain_text("Not sent")
    wire.release()
    ann.sees("hello?")
    assert len(wire.sent) > sent
    assert len({each["client_id"] for each in wire.sent}) == 1
    expect(ann.bodies()).to_have_count(1)


@pytest.mark.parametrize("host", ["127.0.0.1", PLAIN_HOST], ids=["secure", "plain-http"])
def test_what_was_not_sent_is_copied_or_discarded(ann: Any, room: str, host: str) -> None:
    allowed = {} if host == PLAIN_HOST else {"permissions": ["clipboard-read", "clipboard-write"]}
    ann, wire = ann(room, host=host, **allowed)
    wire.refusals = [{"code": "forbidden", "detail": "Not just now."}]
    send(ann, "/me waits")
    line = ann.message("waits")
    line.get_by_role("button", name="Copy").click()

    expect(line.get_by_role("button", name="Copied")).to_be_visible()
    line.get_by_role("button", name="Discard").click()
    expect(line).to_have_count(0)
    ann.box().press("Control+V")
    expect(ann.box()).to_have_value("/me waits")


def test_a_refusal_says_why_and_when_and_the_text_stays(ann: Any, room: str) -> None:
    ann, wire = ann(room)
    wire.refusals = [{"code": "too_fast", "detail": "Too fast.", "retry_after_ms": 7000}]
    send(ann, "patience")
    line = ann.message("patience")
    expect(line).to_contain_text("It goes out by itself in 7 s.")

    ann.page.clock.run_for(3_000)
    expect(line).to_contain_text("in 4 s.")
    expect(line.get_by_role("button", name="Copy")).to_be_visible()
    ann.page.clock.run_for(5_000)

    ann.sees("patience")
    expect(line).not_to_contain_text("Too fast")
    expect(ann.bodies()).to_have_count(1)


def test_what_i_write_is_kept_until_the_ack_and_never_twice(ann: Any, room: str) -> None:
    ann, wire = ann(room)
    ann.types("do not lose me")
    ann.page.reload()
    ann.is_in()
    expect(ann.box()).to_have_value("do not lose me")

    wire.refusals = [{"code": "forbidden", "detail": "Not just now."}]
    ann.box().press("Enter")
    expect(ann.message("do not lose me")).to_contain_text("Not just now.")
    ann.page.reload()
    ann.is_in()
    expect(ann.message("do not lose me")).to_contain_text("Not just now.")
    expect(ann.box()).to_have_value("")
    ann.message("do not lose me").get_by_role("button", name="Retry").click()
    ann.sees("do not lose me")
    ann.page.reload()
    ann.is_in()

    ann.sees("do not lose me")
    expect(ann.box()).to_have_value("")
    expect(ann.bodies()).to_have_count(1)


def test_every_room_has_its_own_draft(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    ann.types("for tea")

    ann.enters(f"{room}-other")
    expect(ann.box()).to_have_value("")
    ann.types("for cake")
    ann.opens(room).is_in()

    expect(ann.box()).to_have_value("for tea")
