"""Who is here: coming, going, another tab, another name."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.actors import House
from tests.browser.person import Person

People = Callable[..., Person]


@pytest.fixture(scope="module")
def server_settings() -> dict[str, str]:
    """Half the grace: less to wait for, still longer than a reload."""
    return {"CHAT_LEAVE_GRACE_S": "2"}


def test_everybody_sees_who_comes_and_goes(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    ann.sees_people("Ann")

    bob = person("Bob").enters(room)
    ann.sees_people("Ann", "Bob")
    ann.is_told("Bob joined")
    bob.sees_people("Bob", "Ann")
    ann.says("so that leaving is a line of its own")
    ann.sees("so that leaving is a line of its own")
    bob.leaves()

    ann.sees_people("Ann")
    ann.is_told("Bob left")
    expect(ann.page.get_by_role("heading", name="People")).to_contain_text("1")


def test_a_closed_tab_is_a_person_gone(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)
    ann.sees_people("Ann", "Bob")

    bob.page.close()

    ann.sees_people("Ann")


def test_two_tabs_are_one_person_until_the_last_is_closed(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)
    ann.says("before the second tab")
    second = bob.tab()
    second.goto(f"/r/{room}")
    bob.is_in(second)
    ann.sees_people("Ann", "Bob")

    bob.page.close()
    bob.says("still here", second)
    ann.sees("still here")
    ann.sees_people("Ann", "Bob")
    assert ann.page.locator(".system").all_inner_texts() == ["Bob joined"]
    second.close()

    ann.sees_people("Ann")


def test_a_reload_is_not_told(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)
    ann.is_told("Bob joined")

    bob.page.reload()
    bob.is_in()
    bob.says("back")
    ann.sees("back")

    assert ann.page.locator(".system").all_inner_texts() == ["Bob joined"]


def test_a_new_name_is_seen_by_everybody_and_in_my_other_tab(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)
    second = bob.tab()
    second.goto(f"/r/{room}")
    bob.is_in(second)

    bob.renames("Robert")

    ann.sees_people("Ann", "Robert")
    ann.is_told("Robert joined")
    expect(second.locator(".person__name")).to_have_text(["Robert", "Ann"])
    bob.page.reload()
    bob.is_in().sees_people("Robert", "Ann")


def test_a_rename_is_told_with_both_names(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    bob = person("Bob").enters(room)
    ann.is_told("Bob joined")
    bob.says("hello")
    ann.sees("hello")

    bob.renames("Robert")

    ann.is_told("Bob is now Robert")
    bob.says("it is me")
    ann.sees("it is me")
    assert ann.page.locator(".message__author").all_inner_texts() == ["Bob", "Robert"]


def test_a_new_name_that_is_taken_is_refused_in_place(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)

    bob.renames("ANN")

    refusal = bob.page.get_by_role("dialog").get_by_role("alert")
    expect(refusal).to_contain_text("ANN")
    expect(bob.page.get_by_label("Your name in this room")).to_have_value("ANN")
    bob.page.get_by_role("button", name="Cancel").click()
    ann.sees_people("Ann", "Bob")


def test_who_types_is_shown_until_the_message_is_there(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)

    bob.types("I am about to")
    expect(ann.page.get_by_text("Bob is typing…")).to_be_visible()
    expect(bob.page.get_by_text("is typing…")).to_have_count(0)
    bob.says("said")

    ann.sees("said")
    expect(ann.page.get_by_text("Bob is typing…")).to_have_count(0)


def test_a_click_on_a_name_mentions_it_where_one_writes(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    person("Bob Lee").enters(room)
    ann.types("Tea?")

    ann.page.get_by_role("button", name="Mention Bob Lee").click()
    expect(ann.box()).to_have_value("Tea? @Bob Lee ")
    expect(ann.box()).to_be_focused()
    ann.page.keyboard.type("now")

    expect(ann.box()).to_have_value("Tea? @Bob Lee now")
    expect(ann.page.get_by_role("button", name="Mention Ann")).to_have_count(0)


@pytest.fixture
def many(house: House, room: str) -> None:
    for name in ("Zoë", "Émile", "bea", *(f"guest {number:02}" for number in range(9)), "Bert"):
        assert house.guest(name).joins(room).ok


@pytest.mark.usefixtures("many")
def test_many_people_are_found_by_a_part_of_their_name(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    guests = [f"guest {number:02}" for number in range(9)]
    ann.sees_people("Ann", "bea", "Bert", "Émile", *guests, "Zoë")
    expect(ann.page.get_by_role("heading", name="People")).to_contain_text("14")
    box = ann.page.get_by_role("searchbox", name="Find somebody")

    box.fill("zoe")
    ann.sees_people("Zoë")
    box.fill("nobody")
    ann.sees_people()
    expect(ann.page.get_by_text("Nobody in the list has that name.")).to_be_visible()
    box.fill("emi")
    box.press("Enter")

    expect(ann.box()).to_have_value("@Émile ")
    expect(box).to_have_value("")
    ann.sees_people("Ann", "bea", "Bert", "Émile", *guests, "Zoë")


@pytest.mark.parametrize("locale, shown", [("en-GB", "2,345"), ("de", "2.345")])
def test_many_people_are_counted_as_the_language_writes_numbers(
    person: People, room: str, locale: str, shown: str
) -> None:
    ann = person("Ann", locale=locale)

    def crowd(page: WebSocketRoute) -> None:
        server = page.connect_to_server()
        server.on_message(lambda frame: page.send(re.sub(r'"count":1\b', '"count":2345', str(frame))))

    ann.page.route_web_socket("**/socket.io/**", crowd)
    ann.enters(room)

    expect(ann.page.locator(".people__count")).to_have_text(shown)


def test_few_people_need_no_finding(person: People, room: str) -> None:
    ann = person("Ann").enters(room)

    expect(ann.page.locator(".people__filter")).to_be_hidden()


@pytest.mark.usefixtures("many")
def test_people_are_one_stop_of_tab_and_the_arrows_lead_to_each(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    ann.page.get_by_role("searchbox", name="Find somebody").focus()
    keyboard, focused = ann.page.keyboard, ann.page.locator(":focus")

    keyboard.press("ArrowDown")
    expect(focused).to_have_accessible_name("Mention bea")
    keyboard.press("ArrowDown")
    keyboard.press("End")
    expect(focused).to_have_accessible_name("Mention Zoë")
    keyboard.press("ArrowUp")
    keyboard.press("Tab")
    expect(ann.box()).to_be_focused()
    keyboard.press("Shift+Tab")
    expect(focused).to_have_accessible_name("Mention guest 08")
    keyboard.press("Enter")

    expect(ann.box()).to_have_value("@guest 08 ")


def test_on_a_phone_a_mention_puts_the_people_away(person: People, room: str) -> None:
    ann = person("Ann", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).enters(room)
    person("Bob").enters(room)

    ann.page.get_by_role("button", name="2 people").tap()
    ann.page.get_by_role("button", name="Mention Bob").tap()

    expect(ann.page.locator(".person__name").first).to_be_hidden()
    expect(ann.box()).to_have_value("@Bob ")
    expect(ann.box()).to_be_focused()


def test_on_a_phone_the_people_are_behind_a_button(person: People, room: str) -> None:
    ann = person("Ann", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).enters(room)
    person("Bob").enters(room)
    names = ann.page.locator(".person__name")
    expect(names.first).to_be_hidden()

    ann.page.get_by_role("button", name="2 people").tap()
    expect(names).to_have_text(["Ann", "Bob"])
    expect(names.first).to_be_visible()
    ann.page.get_by_role("button", name="Close").tap()

    expect(names.first).to_be_hidden()
