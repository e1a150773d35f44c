"""More people than are listed: the page counts them, and lists as many as one asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from tests.actors import Guest
from tests.browser.person import Person
from tests.live import Server

People = Callable[..., Person]


@pytest.fixture(scope="module")
def server_settings() -> dict[str, str]:
    return {"CHAT_MEMBERS_LISTED": "20", "CHAT_LEAVE_GRACE_S": "0.2"}


@pytest.fixture
def guests(server: Server, room: str) -> Iterator[list[Guest]]:
    def enter(number: int) -> Guest:
        guest = Guest(server.url, room, f"guest {number:02}")
        assert guest.joins().ok
        return guest

    with ThreadPoolExecutor(10) as threads:
        guests = list(threads.map(enter, range(50)))
    yield guests
    for guest in guests:
        guest.goes()


def test_a_crowd_is_counted_and_listed_as_far_as_one_asks(
    person: People, room: str, server: Server, guests: list[Guest]
) -> None:
    ann = person("Zoe").enters(room)
    people, more = ann.page.locator(".person"), ann.page.get_by_role("button", name="Show more people")

    expect(ann.page.locator(".people__count")).to_have_text("51")
    expect(people).to_have_count(21)
    expect(people.first).to_contain_text("Zoe")
    expect(people.last).to_contain_text("guest 19")
    for shown in (41, 51):
        more.click()
        expect(people).to_have_count(shown)
    expect(more).to_be_hidden()

    guests[0].renames("aaron")
    expect(people.nth(1)).to_contain_text("aaron")
    for guest in guests[10:]:
        guest.leaves()

    ann.sees_people("Zoe", "aaron", *(f"guest {number:02}" for number in range(1, 10)))
    expect(ann.page.locator(".people__count")).to_have_text("11")
    newcomer = Guest(server.url, room, "newcomer")
    newcomer.joins()
    ann.is_told("newcomer joined")
    guests[49].joins()
    expect(ann.page.get_by_text("guest 49")).to_have_count(1)
    newcomer.goes()
    expect(ann.page.locator(".system")).not_to_contain_text(["came back"])


def test_a_room_that_grows_into_a_crowd_stays_a_list_that_is_true(
    person: People, room: str, guests: list[Guest]
) -> None:
    for guest in guests[15:]:
        guest.leaves()
    ann = person("Ann").enters(room)
    ann.sees_people("Ann", *(f"guest {number:02}" for number in range(15)))

    for guest in guests[15:]:
        guest.joins()

    expect(ann.page.locator(".people__count")).to_have_text("51")
    expect(ann.page.get_by_role("button", name="Show more people")).to_be_visible()
    ann.says("good evening")
    ann.sees("good evening")


def test_the_way_out_of_a_long_list_stays_in_sight(person: People, room: str, guests: list[Guest]) -> None:
    ann = person("Ann", viewport={"width": 390, "height": 700}).enters(room)
    ann.page.get_by_role("button", name="51 people").click()
    drawer = ann.page.get_by_role("complementary")

    drawer.locator(".person").last.scroll_into_view_if_needed()

    expect(drawer.locator(".person").first).not_to_be_in_viewport()
    expect(drawer.get_by_role("searchbox")).to_be_in_viewport(ratio=1)
    expect(drawer.get_by_role("button", name="Close")).to_be_in_viewport(ratio=1)
