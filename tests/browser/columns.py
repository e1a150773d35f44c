"""The rooms of a page, in its column."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.person import WITHIN_MS, Person


def column(person: Person) -> Locator:
    return person.page.get_by_role("navigation", name="Your rooms")


def goes(person: Person, room: str) -> None:
    """By the box in the column."""
    column(person).get_by_label("Go to a room").first.fill(room)
    person.page.keyboard.press("Enter")
    person.page.wait_for_url(f"**/r/{room}")
    expect(person.page.locator(".room:visible .person--me")).to_have_count(1, timeout=WITHIN_MS)


def titled(room: str) -> str:
    """As a room is called that was opened by its link."""
    return room.replace("-", " ")


def link(person: Person, room: str) -> Locator:
    return column(person).locator(f'a[href="/r/{room}"]')
