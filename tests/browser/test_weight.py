"""What a page costs the line: everything once, packed small; after that the page itself and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.person import Person

People = Callable[..., Person]

FIRST_BYTES = 150_000
AGAIN_BYTES = 20_000


class Meter:
    """What the browser fetches over the network from now on: bytes as they travel, headers too, by address."""

    def __init__(self, page: Page) -> None:
        self.fetched: dict[str, int] = {}
        self._urls: dict[str, str] = {}
        self._cached: set[str] = set()
        devtools = page.context.new_cdp_session(page)
        devtools.on("Network.responseReceived", self._begun)
        devtools.on("Network.requestServedFromCache", lambda event: self._cached.add(event["requestId"]))
        devtools.on("Network.loadingFinished", self._finished)
        devtools.send("Network.enable")

    def _begun(self, event: dict) -> None:
        if not event["response"].get("fromDiskCache"):
            self._urls[event["requestId"]] = event["response"]["url"]

    def _finished(self, event: dict) -> None:
        request = event["requestId"]
        if request in self._urls and request not in self._cached:
            self.fetched[self._urls[request]] = event["encodedDataLength"]


def test_the_first_load_is_light_and_the_second_is_one_request(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    bob = person("Bob")
    meter = Meter(bob.page)
    bob.page.goto(f"/name?room={room}")
    bob.names("Bob").is_in()
    bob.page.wait_for_load_state("networkidle")
    first = dict(meter.fetched)

    meter.fetched.clear()
    bob.page.goto(f"/r/{room}")
    bob.is_in()
    bob.page.wait_for_load_state("networkidle")

    ann.sees_people("Ann", "Bob")
    assert any("/vendor/socket.io" in url for url in first)
    assert len(first) > 30
    assert sum(first.values()) <= FIRST_BYTES
    assert list(meter.fetched) == [f"{bob.url}/r/{room}"]
    assert sum(meter.fetched.values()) <= AGAIN_BYTES


def test_a_room_with_markdown_is_light_too_and_its_reader_comes_once(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    ann.says("**bold**")
    bob = person("Bob")
    bob.page.goto(f"/name?room={room}")
    meter = Meter(bob.page)
    bob.names("Bob").is_in()
    expect(bob.bodies().locator("strong")).to_have_text("bold")
    bob.page.wait_for_load_state("networkidle")
    first = dict(meter.fetched)

    meter.fetched.clear()
    bob.page.goto(f"/r/{room}")
    expect(bob.bodies().locator("strong")).to_have_text("bold")
    bob.page.wait_for_load_state("networkidle")

    assert any("/vendor/markdown-it" in url for url in first)
    assert sum(first.values()) <= FIRST_BYTES
    assert list(meter.fetched) == [f"{bob.url}/r/{room}"]


def test_the_lobby_is_lighter_still(person: People) -> None:
    ann = person("Ann")
    meter = Meter(ann.page)

    ann.page.goto("/", wait_until="networkidle")

    assert sum(meter.fetched.values()) <= FIRST_BYTES
