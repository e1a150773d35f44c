"""The box: keys that lead to it, names that complete themselves, commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.actors import House
from tests.browser.person import Person

People = Callable[..., Person]
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DEVICES = pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])


def names(person: Person) -> Locator:
    return person.page.get_by_role("listbox", name="Names").get_by_role("option")


def send(person: Person) -> None:
    person.page.get_by_role("button", name="Send").click()


def test_a_slash_leads_to_the_box_and_is_not_typed(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    ann.page.get_by_role("region", name="Messages").focus()

    ann.page.keyboard.press("/")

    expect(ann.box()).to_be_focused()
    expect(ann.box()).to_have_value("")
    ann.page.keyboard.press("/")
    expect(ann.box()).to_have_value("/")


def test_a_question_mark_shows_the_keys_and_is_typed_in_a_text(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    dialog = ann.page.get_by_role("dialog", name="Keys and commands")
    ann.box().press_sequentially("why?")
    expect(ann.box()).to_have_value("why?")
    expect(dialog).to_be_hidden()

    ann.page.get_by_role("region", name="Messages").focus()
    ann.page.keyboard.press("?")

    expect(dialog).to_be_visible()
    for key in ("Shift", "@", "/nick Ann", "**bold**"):
        expect(dialog.get_by_text(key, exact=True).first).to_be_visible()
    ann.page.keyboard.press("/")
    ann.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(ann.page.get_by_role("region", name="Messages")).to_be_focused()


def test_names_are_completed_by_keyboard(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    for name in ("Bob", "Bobby Lee", "Cleo"):
        person(name).enters(room)
    ann.sees_people("Ann", "Bob", "Bobby Lee", "Cleo")

    ann.box().press_sequentially("hi @bo")
    expect(names(ann)).to_have_text(["Bob", "Bobby Lee"])
    expect(names(ann).first).to_have_attribute("aria-selected", "true")
    ann.box().press("ArrowDown")
    chosen = names(ann).nth(1)
    expect(chosen).to_have_attribute("aria-selected", "true")
    assert ann.box().get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    assert ann.box().get_attribute("aria-controls") == "completions"
    ann.box().press("Enter")

    expect(ann.box()).to_have_value("hi @Bobby Lee ")
    expect(names(ann)).to_have_count(0)
    assert ann.box().get_attribute("aria-activedescendant") is None
    assert ann.bodies().count() == 0
    ann.box().press("Enter")
    ann.sees("hi @Bobby Lee")


def test_tab_completes_a_word_and_otherwise_goes_on(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    person("Cleo").enters(room)
    person("Clem").enters(room)
    ann.sees_people("Ann", "Clem", "Cleo")

    ann.box().press_sequentially("so cleo")
    ann.box().press("Tab")
    expect(ann.box()).to_have_value("so Cleo ")
    ann.box().press_sequentially("cl")
    ann.box().press("Tab")
    expect(names(ann)).to_have_text(["Clem", "Cleo"])
    ann.box().press("Escape")
    expect(names(ann)).to_have_count(0)
    for text in ("so Cleo cl", "nobody"):
        expect(ann.box()).to_have_value(text)
        ann.box().press("Tab")
        expect(ann.page.get_by_role("button", name="Emoji", exact=True)).to_be_focused()
        ann.types("nobody")


def test_escape_closes_the_names_and_they_stay_closed_for_what_is_there(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    person("Bob").enters(room)
    ann.sees_people("Ann", "Bob")
    ann.box().press_sequentially("@")
    expect(names(ann)).to_have_text(["Bob"])

    ann.box().press("Escape")

    expect(names(ann)).to_have_count(0)
    ann.box().press("Enter")
    ann.sees("@")


@DEVICES
def test_names_are_completed_by_pointing(person: People, room: str, device: dict[str, Any]) -> None:
    ann = person("Ann", **device).enters(room)
    person("Bob Lee").enters(room)
    expect(ann.page.locator(".person__name")).to_have_text(["Ann", "Bob Lee"])
    ann.box().focus()
    ann.page.keyboard.type("@")
    expect(names(ann)).to_have_text(["Bob Lee"])
    box = names(ann).first.bounding_box()
    assert box
    assert box["height"] >= 44

    names(ann).first.tap() if device is PHONE else names(ann).first.click()

    expect(ann.box()).to_have_value("@Bob Lee ")
    expect(ann.box()).to_be_focused()


@DEVICES
def test_an_unknown_command_is_refused_with_help(person: People, room: str, device: dict[str, Any]) -> None:
    ann, bob = person("Ann", **device).enters(room), person("Bob").enters(room)
    ann.types("/dance wildly")

    send(ann)

    hint = ann.page.get_by_role("status").filter(has_text="/dance")
    expect(hint).to_contain_text("/help")
    expect(ann.box()).to_have_value("/dance wildly")
    ann.types("//dance wildly")
    expect(hint).to_have_count(0)
    send(ann)
    bob.sees("/dance wildly")
    assert bob.bodies().count() == 1
    assert ann.page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


@DEVICES
def test_me_nick_and_help_do_what_they_say(person: People, room: str, device: dict[str, Any]) -> None:
    ann, bob = person("Ann", **device).enters(room), person("Bob").enters(room)
    ann.types("/me waves")
    send(ann)
    bob.sees("waves")
    expect(bob.page.locator(".message--action .message__body")).to_have_text(["waves"])
    expect(ann.page.locator(".message--action .message__body")).to_have_text(["waves"])

    ann.types("/nick Anna")
    send(ann)
    bob.is_told("Ann is now Anna")
    expect(ann.box()).to_have_value("")

    ann.types("/nick BOB")
    send(ann)
    expect(ann.page.locator(".composer__hint")).to_contain_text("BOB")
    expect(ann.box()).to_have_value("/nick BOB")

    ann.types("/help")
    send(ann)
    expect(ann.page.get_by_role("dialog", name="Keys and commands")).to_be_visible()
    expect(ann.box()).to_have_value("")
    ann.page.get_by_role("button", name="Done").click()
    assert bob.bodies().count() == 1


def test_two_slashes_make_no_action(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)

    ann.says("//me waves")

    bob.sees("/me waves")
    expect(bob.page.locator(".message--action")).to_have_count(0)


@DEVICES
def test_the_box_grows_to_two_fifths_of_the_view(person: People, room: str, device: dict[str, Any]) -> None:
    ann = person("Ann", **device).enters(room)
    height = "box => box.getBoundingClientRect().height"
    one = ann.box().evaluate(height)

    ann.types("line\n" * 5)
    six = ann.box().evaluate(height)
    ann.types("line\n" * 200)

    most = device["viewport"]["height"] * 0.4
    assert one < six < most
    assert abs(ann.box().evaluate(height) - most) <= 1
    expect(ann.page.get_by_role("button", name="Send")).to_be_in_viewport()
    ann.types("")
    assert ann.box().evaluate(height) == one


def emoji(person: Person) -> Locator:
    return person.page.get_by_role("listbox", name="Emoji").get_by_role("option")


@DEVICES
def test_emoji_are_completed_by_their_names(person: People, room: str, device: dict[str, Any]) -> None:
    ann = person("Ann", **device).enters(room)
    ann.box().focus()
    ann.page.keyboard.type("at 12:30 or http://tada yes :tad")
    expect(emoji(ann).first).to_have_text("🎉 :tada:")

    emoji(ann).first.tap() if device is PHONE else ann.box().press("Tab")

    expect(ann.box()).to_have_value("at 12:30 or http://tada yes 🎉 ")
    expect(ann.box()).to_be_focused()
    ann.page.keyboard.type(":+1:, :no_such_thing: ")
    expect(ann.box()).to_have_value("at 12:30 or http://tada yes 🎉 👍, :no_such_thing: ")
    send(ann)
    expect(ann.bodies()).to_have_count(1)


def test_without_the_names_of_emoji_one_writes_on(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    ann.page.route("**/emoji.*.json", lambda route: route.abort())

    ann.box().press_sequentially("no :tada")
    ann.box().press("Enter")

    ann.sees("no :tada")
    expect(emoji(ann)).to_have_count(0)
    ann.page.unroute("**/emoji.*.json")
    ann.box().press_sequentially("yes :tada")
    expect(emoji(ann).first).to_have_text("🎉 :tada:")


@DEVICES
def test_emoji_are_picked_by_keyboard_and_by_touch(person: People, room: str, device: dict[str, Any]) -> None:
    ann = person("Ann", **device).enters(room)
    ann.types("so")
    button, panel = ann.page.get_by_role("button", name="Emoji"), ann.page.get_by_role("dialog", name="Emoji")
    find = panel.get_by_label("Find an emoji")
    if device is PHONE:
        button.tap()
        panel.get_by_role("button", name="Animals and nature").tap()
        panel.get_by_role("button", name="monkey face", exact=True).tap()
    else:
        button.focus()
        ann.page.keyboard.press("Enter")
        expect(panel.get_by_role("button", name="grinning face", exact=True)).to_be_visible()
        ann.page.keyboard.type("monkey")
        expect(panel.get_by_role("button", name="monkey face", exact=True)).to_be_visible()
        for key in ("ArrowDown", "ArrowRight", "ArrowLeft", "Enter"):
            ann.page.keyboard.press(key)

    expect(ann.box()).to_have_value("so🐵" if device is PHONE else "so🐒")
    expect(panel).to_be_hidden()
    expect(ann.box()).to_be_focused()
    button.click()
    expect(find).to_be_visible()
    assert find.evaluate("node => node === document.activeElement") is (device is DESKTOP)
    assert ann.page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    box = panel.bounding_box()
    assert box
    assert box["y"] >= 0
    sizes = "nodes => nodes.every((node) => node.offsetWidth >= 44 && node.offsetHeight >= 44)"
    assert panel.get_by_role("button").evaluate_all(sizes)
    find.press("Escape")
    expect(panel).to_be_hidden()
    expect(ann.box()).to_be_focused()
    send(ann)
    expect(ann.bodies()).to_have_count(1)


@DEVICES
def test_the_keyboard_of_a_phone_stays_away_until_it_is_wanted_and_then_stays(
    person: People, room: str, device: dict[str, Any]
) -> None:
    ann = person("Ann", **device).enters(room)
    focused = "box => box === document.activeElement"
    assert ann.box().evaluate(focused) is (device is DESKTOP)

    ann.box().focus()
    ann.page.keyboard.type("one")
    ann.page.keyboard.press("Enter")
    ann.page.keyboard.type("two")

    if device is PHONE:
        expect(ann.box()).to_have_value("one\ntwo")
        ann.page.get_by_role("button", name="Send").tap()
        ann.sees("one\ntwo")
    else:
        ann.sees("one")
        expect(ann.box()).to_have_value("two")
    expect(ann.box()).to_be_focused()


@DEVICES
def test_ctrl_or_cmd_enter_sends_on_every_device(person: People, room: str, device: dict[str, Any]) -> None:
    ann = person("Ann", **device).enters(room)
    for key in ("Control+Enter", "Meta+Enter"):
        ann.types(key)
        ann.box().press(key)
        ann.sees(key)
        expect(ann.box()).to_have_value("")


def test_enter_belongs_to_the_input_method_while_it_composes(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    keyboard = ann.context.new_cdp_session(ann.page)
    ann.box().focus()
    keyboard.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    expect(ann.box()).to_have_value("にほん")

    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
    for move in ("rawKeyDown", "keyUp"):
        keyboard.send("Input.dispatchKeyEvent", {"type": move, **enter})
    # What Safari tells of the Enter that ended a composition.
    late = {"key": "Enter", "keyCode": 229, "bubbles": True, "cancelable": True}
    ann.box().evaluate("(box, late) => box.dispatchEvent(new KeyboardEvent('keydown', late))", late)
    keyboard.send("Input.insertText", {"text": "日本"})

    expect(ann.box()).to_have_value("日本")
    assert ann.bodies().count() == 0
    ann.page.keyboard.press("Enter")
    ann.sees("日本")
    assert ann.bodies().count() == 1


# How often the page told that somebody types.
COUNT = """
  window.told = 0
  const { send } = WebSocket.prototype
  WebSocket.prototype.send = function (data) {
    window.told += String(data).includes('typing:start')
    return send.call(this, data)
  }
"""


def test_that_somebody_types_is_told_every_three_seconds_and_forgotten_after_six(person: People, house: House) -> None:
    bob, ann = house.member("Bob"), person("Ann")
    ann.page.clock.install()
    ann.page.add_init_script(COUNT)
    ann.enters(house.room)
    ann.page.clock.pause_at(ann.page.evaluate("Date.now()") / 1000 + 5)
    word = ann.page.get_by_text("Bob is typing…")

    for wait_ms, times in ((0, 1), (2_900, 1), (200, 2)):
        ann.page.clock.run_for(wait_ms)
        ann.box().press_sequentially("words")
        assert ann.page.evaluate("window.told") == times

    bob.types()
    expect(word).to_be_visible()
    ann.page.clock.run_for(5_900)
    expect(word).to_be_visible()
    ann.page.clock.run_for(200)
    expect(word).to_have_count(0)


def test_what_is_typed_before_the_page_has_come_to_life_stays(person: People, room: str) -> None:
    ann = person("Ann").opens(room)
    held: list[Any] = []
    ann.page.route("**/js/page.js", lambda route: held.append(route))
    ann.names("Ann")
    ann.box().fill("early words")
    expect(ann.page.get_by_role("button", name="Send")).to_be_disabled()

    held[0].continue_()

    ann.is_in()
    expect(ann.box()).to_have_value("early words")
    ann.box().press("Enter")
    ann.sees("early words")
