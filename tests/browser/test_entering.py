"""From the lobby or a link to the room: the name, a name taken, what is remembered."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.person import Person

People = Callable[..., Person]


def open_room(page: Page, name: str) -> None:
    page.goto("/")
    page.get_by_label("Room name").fill(name)
    page.keyboard.press("Enter")


def test_a_room_made_in_the_lobby_is_shared_and_two_people_talk(person: People, room: str) -> None:
    ann, bob = person("Ann"), person("Bob")
    open_room(ann.page, f"Tea {room}")
    ann.names("Ann").is_in()
    expect(ann.page.get_by_role("heading", level=1)).to_have_text(f"Tea {room}")

    bob.page.goto(ann.page.url)
    expect(bob.page.get_by_role("heading", level=1)).to_have_text(f"Tea {room}")
    expect(bob.page.get_by_text("Here now: Ann.")).to_be_visible()
    bob.names("Bob").is_in()
    ann.says("hello Bob")
    bob.sees("hello Bob")
    bob.says("hello Ann")

    ann.sees("hello Ann")
    assert ann.bodies().all_inner_texts() == bob.bodies().all_inner_texts() == ["hello Bob", "hello Ann"]


def test_any_script_makes_a_room(person: People) -> None:
    ann = person("Ann")

    open_room(ann.page, "Чай и пироги 🍰")
    ann.names("Ann").is_in()

    expect(ann.page.get_by_role("heading", level=1)).to_have_text("Чай и пироги 🍰")


def test_a_name_is_picked_for_those_who_have_no_idea(person: People) -> None:
    ann = person("Ann")
    ann.page.goto("/")

    ann.page.get_by_role("button", name="Pick a name for me").click()
    picked = ann.page.get_by_label("Room name").input_value()
    ann.page.keyboard.press("Enter")
    ann.names("Ann").is_in()

    assert picked
    expect(ann.page.get_by_role("heading", level=1)).to_have_text(picked)


@pytest.mark.parametrize("wanted", ["Ann", "ANN", "Аnn"], ids=["same", "other case", "Cyrillic A"])
def test_a_taken_name_is_answered_in_place_with_free_ones_and_an_empty_box(
    person: People, room: str, wanted: str
) -> None:
    person("Ann").enters(room)
    bob = person(wanted)
    bob.page.goto("/")
    bob.page.evaluate("localStorage.setItem('chat:name', JSON.stringify('Ann'))")

    with bob.page.expect_response(lambda answer: answer.request.method == "POST") as posted:
        bob.opens(room).names(wanted)

    assert posted.value.status == 409
    expect(bob.page.get_by_role("heading", level=1)).to_have_text(room.replace("-", " "))
    expect(bob.page.get_by_text("Here now: Ann.")).to_be_visible()
    expect(bob.page.get_by_role("alert")).to_contain_text(f"called {wanted},")
    box = bob.page.get_by_label("name")
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    bob.page.get_by_role("button", name=f"{wanted} 2").click()
    bob.is_in()
    bob.sees_people(f"{wanted} 2", "Ann")


def test_a_name_taken_in_the_next_room_is_answered_there_too(person: People, room: str) -> None:
    person("Ann").enters(room)
    bob = person("ANN").enters(f"{room}-2")

    bob.opens(room)

    expect(bob.page.get_by_role("alert")).to_contain_text("called ANN,")
    expect(bob.page.get_by_label("name")).to_have_value("")
    bob.names("Bob").is_in()
    bob.sees_people("Bob", "Ann")


def test_a_name_that_will_not_do_is_refused_in_place(person: People, room: str) -> None:
    bob = person("Bob").opens(room)

    bob.names("Bob\u202e")

    expect(bob.page.get_by_role("alert")).to_contain_text("invisible")
    bob.names("Bob").is_in()


def test_the_name_is_remembered_on_this_device(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    ann.context.clear_cookies()

    ann.opens(f"{room}-2")

    expect(ann.page.get_by_label("name")).to_have_value("Ann")
    ann.page.keyboard.press("Enter")
    ann.is_in()


def test_the_name_is_asked_once(person: People, room: str) -> None:
    ann = person("Ann").enters(room)

    ann.opens(f"{room}-2").is_in()

    expect(ann.page).to_have_url(f"{ann.url}/r/{room}-2")


def test_the_lobby_knows_my_rooms_and_forgets_them_when_asked(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    ann.opens(f"{room}-2").is_in()

    ann.page.get_by_role("link", name="Chatroom").click()
    rooms = ann.page.get_by_role("region", name="Your rooms").get_by_role("link")
    expect(rooms.locator("bdi")).to_have_text([f"{room} 2".replace("-", " "), room.replace("-", " ")])
    ann.page.get_by_role("button", name="Forget").first.click()
    expect(rooms).to_have_count(1)
    rooms.click()

    ann.is_in()
    expect(ann.page).to_have_url(f"{ann.url}/r/{room}")


def test_from_the_lobby_to_a_message_by_keyboard_alone(person: People, room: str) -> None:
    ann = person("Ann")
    keyboard = ann.page.keyboard
    ann.page.goto("/")

    keyboard.type(room)
    keyboard.press("Enter")
    expect(ann.page.get_by_label("name")).to_be_focused()
    keyboard.type("Ann")
    keyboard.press("Enter")
    ann.is_in()
    expect(ann.box()).to_be_focused()
    keyboard.type("no mouse")
    keyboard.press("Enter")
    ann.sees("no mouse")
    expect(ann.box()).to_be_focused()

    while ann.page.evaluate("document.activeElement.dataset.part") != "rename":
        keyboard.press("Shift+Tab")
    keyboard.press("Enter")
    keyboard.type("Anna")
    keyboard.press("Enter")
    ann.sees_people("Anna")
    while ann.page.evaluate("document.activeElement.dataset.part") != "leave":
        keyboard.press("Shift+Tab")
    keyboard.press("Enter")

    ann.page.wait_for_url(f"{ann.url}/")


def test_a_wrong_address_says_what_happened_and_leads_out(person: People) -> None:
    ann = person("Ann")

    ann.page.goto("/nothing/here")
    expect(ann.page.get_by_text("not_found")).to_be_visible()
    ann.page.get_by_role("link", name="To the lobby").click()

    expect(ann.page.get_by_label("Room name")).to_be_visible()


def test_the_link_is_shown_as_it_will_be(person: People, room: str) -> None:
    ann = person("Ann")
    ann.page.goto("/")

    ann.page.get_by_label("Room name").press_sequentially(f"Straße & Чай {room}!")

    shown = f"{ann.url.removeprefix('http://')}/r/strasse-чай-{room}"
    expect(ann.page.get_by_text(shown, exact=True)).to_be_visible()
    ann.page.keyboard.press("Enter")
    ann.names("Ann").is_in()
    assert unquote(ann.page.url) == f"http://{shown}"


@pytest.mark.parametrize("way", ["lobby", "name page"])
def test_the_next_one_at_a_shared_machine_is_somebody_else(person: People, room: str, way: str) -> None:
    ann = person("Ann").enters(room)
    ann.types("a secret draft")
    ann.page.wait_for_function("() => Object.values(localStorage).some((kept) => kept.includes('secret'))")
    ann.page.goto("/" if way == "lobby" else f"/name?room={room}")
    expect(ann.page.get_by_text("This browser knows you as Ann.")).to_be_visible()

    ann.page.get_by_role("button", name="Not you?").click()
    ann.page.wait_for_url("**/" if way == "lobby" else f"**/name?room={room}")

    expect(ann.page.get_by_role("button", name="Not you?")).to_be_hidden()
    assert ann.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('chat:'))") == []
    ann.opens(room)
    expect(ann.page.get_by_label("name")).to_have_value("")
    ann.names("Bea").is_in()
    expect(ann.box()).to_have_value("")
