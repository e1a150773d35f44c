"""Knowing what is new while one looks elsewhere: notices of the desktop, a tone, and counts in the lobby."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.person import PLAIN_HOST, Person
from tests.live import Server

People = Callable[..., Person]

# The desktop is out of reach of a test: what is asked of it, what it is to show and what sounds is written down.
DESKTOP = """() => {
  window.told = []
  window.asked = 0
  let permission = 'default'
  window.Notification = class extends EventTarget {
    static get permission() { return permission }
    static async requestPermission() {
      window.asked += 1
      return (permission = window.answers ?? 'granted')
    }
    constructor(title, { body, tag } = {}) {
      super()
      if (permission === 'granted') window.told.push({ title, body, tag, notice: this })
    }
    close() {}
  }
  window.sounds = window.contexts = 0
  window.AudioContext = class extends AudioContext {
    constructor(...options) {
      super(...options)
      window.contexts += 1
    }
  }
  const start = OscillatorNode.prototype.start
  OscillatorNode.prototype.start = function (...times) {
    window.sounds += 1
    start.apply(this, times)
  }
}"""
SEEN = """(is) => {
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (is ? 'visible' : 'hidden') })
  document.dispatchEvent(new Event('visibilitychange'))
}"""


def at_a_desktop(person: People, name: str, **device: object) -> Person:
    who = person(name, **device)
    who.page.add_init_script(f"({DESKTOP})()")
    return who


def looks_away(person: Person) -> None:
    person.page.evaluate(SEEN, False)


def menu(person: Person) -> Locator:
    return person.page.locator("#notices")


def asks_for(person: Person, way: str, what: str) -> None:
    person.page.locator(".room:visible").get_by_role("button", name="Notices").click()
    menu(person).get_by_role("group", name=way).get_by_label(what).click()
    person.page.keyboard.press("Escape")
    expect(menu(person)).to_be_hidden()


def told(person: Person) -> list[list[str]]:
    found: list[list[str]] = person.page.evaluate("window.told.map(({ title, body }) => [title, body])")
    return found


def is_told(person: Person, title: str, body: str) -> None:
    person.page.wait_for_function(
        "([title, body]) => window.told.some((one) => one.title === title && one.body === body)", arg=[title, body]
    )


def titled(room: str) -> str:
    return room.replace("-", " ")


def test_nothing_is_asked_or_told_until_somebody_asks_for_it(person: People, room: str) -> None:
    ann, bob = at_a_desktop(person, "Ann").enters(room), person("Bob").enters(room)
    bell = ann.page.get_by_role("button", name="Notices: off")
    bell.click()
    for way in ("On the desktop", "With a sound"):
        expect(menu(ann).get_by_role("group", name=way).get_by_label("Nothing")).to_be_checked()
    ann.page.keyboard.press("Escape")
    looks_away(ann)
    bob.says("Ann?")
    expect(ann.page).to_have_title(re.compile(r"^\(1 @1\)"))
    assert (ann.page.evaluate("window.asked"), told(ann), ann.page.evaluate("window.sounds")) == (0, [], 0)

    ann.page.evaluate(SEEN, True)
    asks_for(ann, "On the desktop", "All")

    assert ann.page.evaluate("window.asked") == 1
    expect(ann.page.get_by_role("button", name="Notices: on")).to_be_visible()
    assert told(ann) == []


def test_mentions_alone_or_all_are_told_while_the_page_is_out_of_sight(person: People, room: str) -> None:
    ann, bob = at_a_desktop(person, "Ann").enters(room), person("Bob").enters(room)
    asks_for(ann, "On the desktop", "Mentions")
    bob.says("while she looks")
    ann.sees("while she looks")
    looks_away(ann)

    bob.says("of no matter to her")
    bob.says("Ann, tea?")
    is_told(ann, f"Bob in {titled(room)}", "Ann, tea?")
    asks_for(ann, "On the desktop", "All")
    bob.says("anybody?")
    is_told(ann, f"Bob in {titled(room)}", "anybody?")

    assert len(told(ann)) == 2


def test_a_click_on_a_notice_leads_to_its_room(person: People, room: str) -> None:
    ann, bob = at_a_desktop(person, "Ann").enters(room), person("Bob").enters(room)
    asks_for(ann, "On the desktop", "All")
    go = ann.page.get_by_role("navigation", name="Your rooms")
    go.get_by_label("Go to a room").first.fill(f"{room}-2")
    ann.page.keyboard.press("Enter")
    ann.page.wait_for_url(f"**/r/{room}-2")
    expect(ann.page.get_by_role("button", name="Notices: off")).to_be_visible()
    looks_away(ann)
    bob.says("over here")
    is_told(ann, f"Bob in {titled(room)}", "over here")

    ann.page.evaluate("window.told.at(-1).notice.dispatchEvent(new Event('click'))")

    ann.page.wait_for_url(f"**/r/{room}")
    ann.sees("over here")


def test_what_was_said_while_the_page_was_gone_is_not_told(person: People, room: str) -> None:
    ann, bob = at_a_desktop(person, "Ann").enters(room), person("Bob").enters(room)
    asks_for(ann, "On the desktop", "All")
    ann.page.goto("about:blank")
    bob.says("to nobody")
    bob.sees("to nobody")
    ann.page.add_init_script(f"({SEEN})(false); Notification.requestPermission()")
    ann.enters(room)
    expect(ann.page).to_have_title(re.compile(r"^\(1\)"))

    bob.says("live")
    is_told(ann, f"Bob in {titled(room)}", "live")

    assert len(told(ann)) == 1


def test_what_was_said_while_the_link_was_gone_is_told_when_it_is_back(
    person: People, room: str, server: Server
) -> None:
    ann, bob = at_a_desktop(person, "Ann").enters(room), person("Bob").enters(room)
    asks_for(ann, "On the desktop", "All")
    looks_away(ann)
    ann.context.set_offline(True)
    server.kill()
    server.restart()
    bob.says("meanwhile")
    bob.sees("meanwhile")

    ann.context.set_offline(False)

    is_told(ann, f"Bob in {titled(room)}", "meanwhile")
    assert len(told(ann)) == 1


def test_what_was_read_in_another_tab_is_not_told(person: People, room: str) -> None:
    ann, bob = at_a_desktop(person, "Ann").enters(room), person("Bob").enters(room)
    asks_for(ann, "On the desktop", "All")
    looks_away(ann)
    other = ann.tab()
    other.goto(f"/r/{room}")
    ann.is_in(other)
    bob.says("one")
    bob.says("two")
    ann.sees("two", other)
    other.close()

    bob.says("three")
    is_told(ann, f"Bob in {titled(room)}", "three")

    assert len(told(ann)) == 1


def test_of_two_hidden_tabs_in_a_room_one_tells(person: People, room: str) -> None:
    ann, bob = at_a_desktop(person, "Ann").enters(room), person("Bob").enters(room)
    other = ann.tab()
    other.add_init_script(f"({DESKTOP})()")
    other.goto(f"/r/{room}")
    ann.is_in(other)
    asks_for(ann, "On the desktop", "All")
    other.evaluate("Notification.requestPermission()")
    for page in (ann.page, other):
        page.evaluate(SEEN, False)
        page.evaluate(
            "() => { window.told.push = ({ body }) => { localStorage.told = `${localStorage.told ?? ''}${body} ` } }"
        )

    for text in ("one", "two"):
        bob.says(text)
        other.wait_for_function("(text) => localStorage.told?.includes(text)", arg=text)

    assert other.evaluate("localStorage.told") == "one two "


def test_a_tone_is_heard_as_asked_for_and_once_to_try_it(person: People, room: str) -> None:
    ann, bob = at_a_desktop(person, "Ann").enters(room), person("Bob").enters(room)

    asks_for(ann, "With a sound", "Mentions")
    ann.page.wait_for_function("() => window.sounds === 1")
    looks_away(ann)
    bob.says("Ann!")

    ann.page.wait_for_function("() => window.sounds === 2")
    assert (ann.page.evaluate("window.asked"), told(ann)) == (0, [])
    assert ann.page.evaluate("window.contexts") == 1


def test_a_plain_address_says_that_it_has_no_notices_and_still_sounds(person: People, room: str) -> None:
    ann = at_a_desktop(person, "Ann", host=PLAIN_HOST).enters(room)
    ann.page.get_by_role("button", name="Notices: off").click()
    expect(menu(ann).get_by_role("status")).to_contain_text("https")
    expect(menu(ann).get_by_role("group", name="On the desktop").get_by_label("All")).to_be_disabled()

    menu(ann).get_by_role("group", name="With a sound").get_by_label("All").click()

    ann.page.wait_for_function("() => window.sounds === 1")
    expect(ann.page.get_by_role("button", name="Notices: on")).to_be_visible()


def test_a_browser_that_keeps_nothing_is_named_as_the_reason_too(person: People, room: str) -> None:
    ann = at_a_desktop(person, "Ann").enters(room)
    ann.page.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('no', 'SecurityError') } }")

    ann.page.get_by_role("button", name="Notices: off").click()
    menu(ann).get_by_role("group", name="With a sound").get_by_label("All").click()

    expect(menu(ann).get_by_role("status")).to_contain_text("This browser lets the page keep nothing")
    expect(menu(ann).get_by_role("group", name="With a sound").get_by_label("Nothing")).to_be_checked()


def test_a_browser_that_blocks_notices_is_named_as_the_reason(person: People, room: str) -> None:
    ann = at_a_desktop(person, "Ann").enters(room)
    ann.page.evaluate("window.answers = 'denied'")

    ann.page.get_by_role("button", name="Notices: off").click()
    menu(ann).get_by_role("group", name="On the desktop").get_by_label("All").click()

    expect(menu(ann).get_by_role("status")).to_contain_text("Your browser blocks them")
    expect(menu(ann).get_by_role("group", name="On the desktop").get_by_label("Nothing")).to_be_checked()
    expect(ann.page.get_by_role("button", name="Notices: off")).to_be_visible()


def test_the_title_keeps_its_count_until_the_end_is_reached(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)
    for number in range(10):
        ann.says(f"{number}\n" * 6)
    ann.sees("9\n" * 5 + "9")
    ann.page.locator(".timeline").hover()
    ann.page.mouse.wheel(0, -600)
    expect(ann.page.locator(".to-end")).to_be_visible()

    bob.says("below the view")
    expect(ann.page).to_have_title(re.compile(r"^\(1\) "))
    ann.page.locator(".to-end").click()

    expect(ann.page).to_have_title(re.compile(f"^{titled(room)} "))


def test_the_lobby_counts_what_i_have_not_read(person: People, room: str) -> None:
    ann, bob = person("Ann"), person("Bob").enters(room)
    ann.page.goto("/")
    expect(ann.page.get_by_text("None yet.")).to_be_visible()
    ann.enters(room)
    ann.page.goto("/")
    bob.says("one")
    bob.says("two")
    bob.sees("two")

    ann.page.reload()

    line = ann.page.get_by_role("listitem").filter(has_text=titled(room))
    expect(line.get_by_label("2 unread messages")).to_have_text("2")
    expect(ann.page.get_by_text("None yet.")).to_be_hidden()


def test_who_is_alone_in_a_room_with_talk_is_told_what_to_do(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    expect(ann.page.get_by_text("You are the first here")).to_be_visible()
    expect(ann.page.get_by_text("Nobody else is here.")).to_be_hidden()

    ann.says("hello?")
    expect(ann.page.get_by_text("Nobody else is here.")).to_be_visible()
    person("Bob").enters(room)

    expect(ann.page.get_by_text("Nobody else is here.")).to_be_hidden()
