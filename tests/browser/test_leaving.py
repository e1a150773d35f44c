"""Leaving a room, and what of it comes back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.columns import column, goes, link, titled
from tests.browser.person import Person

People = Callable[..., Person]


@pytest.fixture(scope="module")
def server_settings() -> dict[str, str]:
    return {"CHAT_LEAVE_GRACE_S": "1"}


def test_leaving_one_room_shows_another_and_leaving_the_last_leads_to_the_lobby(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)
    goes(ann, f"{room}-2")
    link(ann, room).click()

    ann.page.get_by_role("button", name="Leave the room").click()
    ann.page.wait_for_url(f"**/r/{room}-2")
    bob.sees_people("Bob")

    expect(column(ann).get_by_role("listitem")).to_have_count(1)
    ann.leaves()


# What listens to the whole page, and by which signal it ends.
LISTENERS = """() => {
  window.signals = []
  const add = document.addEventListener
  document.addEventListener = (type, hear, options) => {
    if (type === 'pointerdown') window.signals.push(options?.signal)
    add.call(document, type, hear, options)
  }
}"""


def test_a_room_that_was_left_listens_no_more(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    ann.page.evaluate(LISTENERS)
    goes(ann, f"{room}-2")
    shown = ann.page.locator(".room:visible")
    shown.get_by_role("button", name="Emoji", exact=True).click()
    expect(shown.get_by_role("dialog", name="Emoji")).to_be_visible()

    shown.get_by_role("button", name="Leave the room").click()

    ann.page.wait_for_function("() => window.signals.length === 1 && window.signals[0]?.aborted")


# The link takes everything but what is said.
SPEECHLESS = """() => {
  const send = WebSocket.prototype.send
  window.speak = () => (WebSocket.prototype.send = send)
  WebSocket.prototype.send = function (frame) {
    if (!String(frame).includes('"message:send"')) send.call(this, frame)
  }
}"""


def test_whoever_leaves_a_room_with_something_unsent_is_asked_first(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    goes(ann, f"{room}-2")
    ann.page.evaluate(SPEECHLESS)
    ann.page.locator("textarea:visible").fill("for later")
    ann.page.keyboard.press("Enter")
    dialog = ann.page.get_by_role("dialog", name="Leave with something unsent?")
    leave = ann.page.locator(".room:visible").get_by_role("button", name="Leave the room")

    leave.click()
    expect(dialog).to_contain_text("1 message of yours is not sent yet. It waits in this browser")
    dialog.get_by_role("button", name="Stay").click()
    expect(link(ann, f"{room}-2")).to_have_count(1)
    leave.click()
    ann.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link(ann, f"{room}-2")).to_have_count(1)
    leave.click()
    dialog.get_by_role("button", name="Leave the room").click()
    expect(link(ann, f"{room}-2")).to_have_count(0)

    ann.page.evaluate("() => void window.speak()")
    goes(ann, f"{room}-2")
    ann.sees("for later")
    leave.click()
    expect(link(ann, f"{room}-2")).to_have_count(0)


def test_a_room_forgotten_in_the_lobby_does_not_come_back_with_another(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    goes(ann, f"{room}-2")
    ann.page.goto("/")
    ann.page.get_by_role("button", name=f"Forget {titled(room)}", exact=True).click()

    ann.page.get_by_role("link", name=f"{room}-2").click()
    ann.is_in()

    expect(column(ann).get_by_role("listitem")).to_have_count(1)
    expect(link(ann, room)).to_have_count(0)


# The browser keeps a page that was left, and brings it back as it was.
KEPT = """(changed) => {
  window.isKept = true
  dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))
  if (changed) sessionStorage.clear()
  dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
}"""


def test_a_page_the_browser_kept_joins_no_room_that_was_left_meanwhile(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)

    ann.page.evaluate(KEPT, False)
    bob.says("still here?")
    ann.sees("still here?")
    assert ann.page.evaluate("window.isKept")
    ann.page.evaluate(KEPT, True)

    ann.page.wait_for_function("() => !window.isKept")
    ann.is_in()
    ann.sees("still here?")
