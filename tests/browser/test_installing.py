"""The chatroom as an application of its own, and on an address where a browser withholds half of its features."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.person import PLAIN_HOST, Person

People = Callable[..., Person]
WITHHELD = "['clipboard', 'locks', 'serviceWorker'].filter((name) => name in navigator)"


def test_the_browser_would_install_it(person: People) -> None:
    ann = person("Ann")
    ann.page.goto("/")
    browser = ann.context.new_cdp_session(ann.page)

    manifest = browser.send("Page.getAppManifest")
    hindrances = browser.send("Page.getInstallabilityErrors")["installabilityErrors"]

    assert manifest["errors"] == []
    assert {each["errorId"] for each in hindrances} <= {"in-incognito"}


def test_a_plain_address_of_the_network_is_enough_to_talk(person: People, room: str) -> None:
    bob, ann = person("Bob").enters(room), person("Ann", host=PLAIN_HOST).opens(room)
    expect(ann.page.get_by_text("Here now: Bob.")).to_be_visible()
    assert ann.page.evaluate(f"[isSecureContext, {WITHHELD}]") == [False, []]

    ann.names("Ann").is_in()
    ann.says("no lock in the address bar")
    bob.sees("no lock in the address bar")
    ann.page.reload()

    ann.is_in()
    ann.sees("no lock in the address bar")
    ann.page.goto("/")
    expect(ann.page.get_by_role("region", name="Your rooms").get_by_role("link")).to_have_count(1)
