"""Somebody with a browser: what they do in a room and what they see there, each waiting for what it expects."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.live import Server

WITHIN_MS = 10_000
# An address that a browser takes for a plain one of the network: no clipboard, no Web Locks.
PLAIN_HOST = "chat.test"
PENDING = re.compile("message--pending")


class Person:
    """One browser of their own, so one member. `page` is their first tab; `tab()` opens another."""

    def __init__(self, browser: Browser, server: Server, name: str, host: str = "127.0.0.1", **device: Any) -> None:
        self.name = name
        self.url = f"http://{host}:{server.port}"
        self.context = browser.new_context(**{"base_url": self.url, "locale": "en-GB", **device})
        self.context.set_default_timeout(WITHIN_MS)
        # What went wrong in any of their pages: an error nobody caught, or something the policy had to stop.
        self.complaints: list[str] = []
        self.page = self.tab()

    def tab(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self._listen(message.text))
        page.on("dialog", lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()))
        return page

    def _listen(self, text: str) -> None:
        if "Content Security Policy" in text or "Trusted" in text:
            self.complaints.append(text)

    # what they do

    def opens(self, room: str) -> Person:
        """The link of a room, which leads to the username page."""
        self.page.goto(f"/r/{room}")
        return self

    def names(self, name: str) -> Person:
        """Types a name on the username page and presses Enter."""
        self.page.get_by_label("name").fill(name)
        self.page.keyboard.press("Enter")
        return self

    def enters(self, room: str) -> Person:
        """In the room, by the shortest way: the form of the username page, without the page."""
        if PLAIN_HOST in self.url:
            return self.opens(room).names(self.name).is_in()
        self.context.request.post(f"{self.url}/name", form={"room": room, "name": self.name}, max_redirects=0)
        return self.opens(room).is_in()

    def is_in(self, page: Page | None = None) -> Person:
        """In the room, and the room knows it."""
        expect((page or self.page).locator(".person--me")).to_have_count(1, timeout=WITHIN_MS)
        return self

    def types(self, text: str, page: Page | None = None) -> None:
        self.box(page).fill(text)

    def says(self, text: str, page: Page | None = None) -> None:
        self.types(text, page)
        self.box(page).press("Enter")

    def renames(self, name: str) -> None:
        self.page.get_by_role("button", name="Change your name").click()
        self.page.get_by_label("Your name in this room").fill(name)
        self.page.get_by_role("button", name="Save").click()

    def leaves(self) -> None:
        self.page.get_by_role("button", name="Leave the room").click()
        self.page.wait_for_url(f"{self.url}/")

    # what they see

    def box(self, page: Page | None = None) -> Locator:
        return (page or self.page).get_by_role("textbox", name="Message", exact=True)

    def bodies(self, page: Page | None = None) -> Locator:
        return (page or self.page).get_by_role("log").locator(".message__body")

    def message(self, text: str, page: Page | None = None) -> Locator:
        """The line of the message that says exactly this."""
        body = (page or self.page).get_by_text(text, exact=True)
        return (page or self.page).locator(".message", has=body)

    def sees(self, text: str, page: Page | None = None) -> None:
        """Exactly one such message, and it is the room's, not only written here."""
        line = self.message(text, page)
        expect(line).to_have_count(1, timeout=WITHIN_MS)
        expect(line).to_be_visible()
        expect(line).not_to_have_class(PENDING, timeout=WITHIN_MS)

    def sees_people(self, *names: str) -> None:
        expect(self.page.locator(".person__name")).to_have_text(list(names), timeout=WITHIN_MS)

    def is_told(self, text: str) -> None:
        expect(self.page.locator(".system").last).to_contain_text(text, timeout=WITHIN_MS)
