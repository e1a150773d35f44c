"""The strip above the talk: silent while well, and never the only way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.person import WITHIN_MS, Person
from tests.live import Server

People = Callable[..., Person]


@pytest.fixture(scope="module")
def server_settings() -> dict[str, str]:
    return {"CHAT_RECONNECT_MIN_S": "60", "CHAT_RECONNECT_MAX_S": "60"}


# When the link broke, and when the strip said so.
WATCH = """() => {
  const { WebSocket } = window
  window.WebSocket = class extends WebSocket {
    constructor(...where) {
      super(...where)
      this.addEventListener('close', () => (window.brokeAt ??= performance.now()))
    }
  }
  addEventListener('DOMContentLoaded', () => {
    const strip = document.querySelector('.strip')
    const look = () => strip && !strip.hidden && window.brokeAt && (window.toldAt ??= performance.now())
    if (strip) new MutationObserver(look).observe(strip, { attributes: true })
  })
}"""


@pytest.fixture
def stranded(person: People, room: str, server: Server) -> Iterator[Person]:
    """Ann, whose server died and is back, and who would wait a minute before the next try."""
    ann = person("Ann")
    ann.context.add_init_script("Math.random = () => 0.99")
    ann.context.add_init_script(f"({WATCH})()")
    ann.enters(room)
    strip = ann.page.get_by_text("next try in")
    expect(strip).to_be_hidden()
    server.kill()
    ann.says("waits")
    expect(strip).to_be_visible(timeout=WITHIN_MS)
    server.restart()
    yield ann
    ann.sees("waits")
    expect(strip).to_be_hidden()


def test_the_first_two_seconds_are_not_told_and_now_tries_at_once(stranded: Person) -> None:
    assert stranded.page.evaluate("window.toldAt - window.brokeAt") >= 2000

    stranded.page.get_by_role("button", name="Now", exact=True).click()


def test_a_network_that_is_back_is_tried_at_once(stranded: Person) -> None:
    stranded.page.evaluate("dispatchEvent(new Event('online'))")


def test_a_page_that_is_looked_at_again_tries_at_once(stranded: Person) -> None:
    stranded.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
