"""Several rooms in one page: one connection, each room with its own address, draft, place and count."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.person import WITHIN_MS, Person
from tests.live import Server

People = Callable[..., Person]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ROOMS_AT_ONCE = 3
AWAY = """() => {
  window.isAway = true
  Object.defineProperty(document, 'visibilityState', { get: () => (window.isAway ? 'hidden' : 'visible') })
}"""


@pytest.fixture(scope="module")
def server_settings() -> dict[str, str]:
    return {"CHAT_ROOMS_PER_CONNECTION": str(ROOMS_AT_ONCE), "CHAT_LEAVE_GRACE_S": "1"}


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


def test_another_room_opens_beside_the_first_over_the_same_connection(person: People, room: str) -> None:
    ann, bob = person("Ann"), person("Bob")
    sockets: list[object] = []
    ann.page.on("websocket", lambda socket: sockets.append(socket))
    ann.enters(room)
    bob.enters(f"{room}-2")
    ann.page.evaluate("window.isSame = true")

    goes(ann, f"{room}-2")
    bob.says("hello, second room")

    ann.sees("hello, second room")
    expect(ann.page).to_have_title(re.compile(f"^{room}-2 "))
    link(ann, room).click()
    ann.page.wait_for_url(f"**/r/{room}")
    expect(ann.page.locator(".room:visible h1")).to_have_text(titled(room))
    assert ann.page.evaluate("window.isSame")
    assert len(sockets) == 1


def test_what_is_said_elsewhere_is_counted_and_read_by_looking(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)
    goes(ann, f"{room}-2")
    bob.says("one")
    bob.says("two, Ann")

    first = link(ann, room)
    expect(first.get_by_label("2 unread messages")).to_have_text("2")
    expect(first.get_by_label("1 mention of you")).to_have_text("@1")
    expect(ann.page).to_have_title(re.compile(r"^\(@1\) "))
    first.click()

    ann.sees("two, Ann")
    expect(first.get_by_role("img")).to_have_count(0)
    expect(ann.page).to_have_title(re.compile(f"^{titled(room)} "))


def test_each_room_keeps_its_draft_and_its_place(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    for number in range(12):
        ann.says(f"{number}\n" * 5)
    ann.sees("11\n" * 4 + "11")
    ann.types("a draft for the first")
    ann.page.locator(".timeline:visible").hover()
    ann.page.mouse.wheel(0, -600)
    eye = "Math.round(document.querySelector('.room:not([hidden]) .timeline').scrollTop)"
    ann.page.wait_for_function(f"() => {eye} > 0 && document.querySelector('.timeline').scrollHeight - {eye} > 900")
    place = ann.page.evaluate(eye)

    goes(ann, f"{room}-2")
    expect(ann.page.locator("textarea:visible")).to_have_value("")
    ann.page.locator("textarea:visible").fill("a draft for the second")
    ann.page.go_back()

    expect(ann.page.locator("textarea:visible")).to_have_value("a draft for the first")
    assert abs(ann.page.evaluate(eye) - place) <= 1
    ann.page.go_forward()
    expect(ann.page.locator("textarea:visible")).to_have_value("a draft for the second")


def test_the_open_rooms_survive_a_reload(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)
    goes(ann, f"{room}-2")

    ann.page.reload()
    expect(link(ann, f"{room}-2")).to_have_attribute("aria-current", "page")
    expect(column(ann).get_by_role("listitem")).to_have_count(2)
    bob.sees_people("Bob", "Ann")
    bob.says("after the reload")

    expect(link(ann, room).get_by_label("1 unread message")).to_be_visible()


def test_leaving_one_room_shows_another_and_leaving_the_last_leads_to_the_lobby(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)
    goes(ann, f"{room}-2")
    link(ann, room).click()

    ann.page.get_by_role("button", name="Leave the room").click()
    ann.page.wait_for_url(f"**/r/{room}-2")
    bob.sees_people("Bob")

    expect(column(ann).get_by_role("listitem")).to_have_count(1)
    ann.leaves()


# What listens to the whole page, and by which signal it ends.
LISTENERS = """() => {
  window.signals = []
  const add = document.addEventListener
  document.addEventListener = (type, hear, options) => {
    if (type === 'pointerdown') window.signals.push(options?.signal)
    add.call(document, type, hear, options)
  }
}"""


def test_a_room_that_was_left_listens_no_more(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    ann.page.evaluate(LISTENERS)
    goes(ann, f"{room}-2")
    shown = ann.page.locator(".room:visible")
    shown.get_by_role("button", name="Emoji", exact=True).click()
    expect(shown.get_by_role("dialog", name="Emoji")).to_be_visible()

    shown.get_by_role("button", name="Leave the room").click()

    ann.page.wait_for_function("() => window.signals.length === 1 && window.signals[0]?.aborted")


def test_whoever_leaves_a_room_with_something_unsent_is_asked_first(person: People, room: str, server: Server) -> None:
    ann = person("Ann").enters(room)
    goes(ann, f"{room}-2")
    server.kill()
    ann.page.locator("textarea:visible").fill("for later")
    ann.page.keyboard.press("Enter")
    dialog = ann.page.get_by_role("dialog", name="Leave with something unsent?")
    leave = ann.page.locator(".room:visible").get_by_role("button", name="Leave the room")

    leave.click()
    expect(dialog).to_contain_text("1 message of yours is not sent yet. It waits in this browser")
    dialog.get_by_role("button", name="Stay").click()
    expect(link(ann, f"{room}-2")).to_have_count(1)
    leave.click()
    ann.page.keyboard.press("Escape")
    expect(link(ann, f"{room}-2")).to_have_count(1)
    leave.click()
    dialog.get_by_role("button", name="Leave the room").click()

    expect(link(ann, f"{room}-2")).to_have_count(0)
    server.restart()
    expect(ann.page.locator(".strip")).to_be_hidden(timeout=WITHIN_MS)
    goes(ann, f"{room}-2")
    ann.sees("for later")
    ann.page.locator(".room:visible").get_by_role("button", name="Leave the room").click()
    expect(link(ann, f"{room}-2")).to_have_count(0)


def test_a_room_forgotten_in_the_lobby_does_not_come_back_with_another(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    goes(ann, f"{room}-2")
    ann.page.goto("/")
    ann.page.get_by_role("button", name=f"Forget {titled(room)}", exact=True).click()

    ann.page.get_by_role("link", name=f"{room}-2").click()
    ann.is_in()

    expect(column(ann).get_by_role("listitem")).to_have_count(1)
    expect(link(ann, room)).to_have_count(0)


# The browser keeps a page that was left, and brings it back as it was.
KEPT = """(changed) => {
  window.isKept = true
  dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))
  if (changed) sessionStorage.clear()
  dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
}"""


def test_a_page_the_browser_kept_joins_no_room_that_was_left_meanwhile(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)

    ann.page.evaluate(KEPT, False)
    bob.says("still here?")
    ann.sees("still here?")
    assert ann.page.evaluate("window.isKept")
    ann.page.evaluate(KEPT, True)

    ann.page.wait_for_function("() => !window.isKept")
    ann.is_in()
    ann.sees("still here?")


def test_a_taken_name_in_another_room_is_settled_in_place(person: People, room: str) -> None:
    person("Ann").enters(f"{room}-2")
    other = person("Ann").enters(room)

    column(other).get_by_label("Go to a room").first.fill(f"{room}-2")
    other.page.keyboard.press("Enter")
    dialog = other.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Somebody here is called Ann")
    dialog.get_by_label("Your name in this room").fill("ANN")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_contain_text("Somebody here is called ANN")
    dialog.get_by_role("button", name="ANN 2", exact=True).click()

    expect(other.page.locator(".room:visible .person__name")).to_have_text(["ANN 2", "Ann"])
    link(other, room).click()
    expect(other.page.locator(".room:visible .person__name")).to_have_text(["Ann"])

    # A reload gives each room its own name again.
    other.page.reload()
    other.is_in()
    expect(other.page.locator(".room:visible .person__name")).to_have_text(["Ann"])


def test_more_rooms_than_the_server_allows_is_said_in_words(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    for number in range(1, ROOMS_AT_ONCE):
        goes(ann, f"{room}-{number}")

    column(ann).get_by_label("Go to a room").first.fill(f"{room}-one-more")
    ann.page.keyboard.press("Enter")
    strip = ann.page.locator(".strip")
    expect(strip).to_contain_text("You are in too many rooms at once. Leave one of them first.")
    strip.get_by_role("button", name="Leave the room").click()

    expect(strip).to_be_hidden()
    expect(column(ann).get_by_role("listitem")).to_have_count(ROOMS_AT_ONCE)


def test_a_hidden_room_that_did_not_let_me_in_is_marked(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    for number in range(1, ROOMS_AT_ONCE):
        goes(ann, f"{room}-{number}")
    column(ann).get_by_label("Go to a room").first.fill(f"{room}-one-more")
    ann.page.keyboard.press("Enter")
    ann.page.wait_for_url(f"**/r/{room}-one-more")
    link(ann, room).click()
    expect(link(ann, f"{room}-one-more").get_by_label("Did not let you in")).to_be_visible()
    expect(link(ann, room).get_by_role("img")).to_have_count(0)


def test_a_hidden_room_that_wants_another_name_of_me_is_marked(person: People, room: str) -> None:
    person("Ann").enters(f"{room}-2")
    other = person("Ann").enters(room)
    column(other).get_by_label("Go to a room").first.fill(f"{room}-2")
    other.page.keyboard.press("Enter")
    expect(other.page.get_by_role("dialog")).to_be_visible()

    other.page.goto(f"/r/{room}")
    marked = link(other, f"{room}-2")
    expect(marked.get_by_label("Wants another name from you")).to_be_visible()
    marked.click()

    expect(other.page.get_by_role("dialog")).to_contain_text("Somebody here is called Ann")


def test_a_name_that_no_room_can_have_is_refused_beside_the_box(person: People, room: str) -> None:
    ann = person("Ann").enters(room)

    column(ann).get_by_label("Go to a room").first.fill("///")
    ann.page.keyboard.press("Enter")

    expect(column(ann).get_by_role("alert")).not_to_be_empty()
    expect(column(ann).get_by_role("listitem")).to_have_count(1)


def test_a_room_to_be_warned_of_opens_by_its_own_page(person: People, room: str) -> None:
    ann = person("Ann").enters(room)

    column(ann).get_by_label("Go to a room").first.fill("p\u0430ypal " + room)
    ann.page.keyboard.press("Enter")

    expect(ann.page.get_by_role("complementary", name="Look closely")).to_be_visible()
    expect(column(ann).get_by_role("listitem")).to_have_count(2)


def test_on_a_phone_the_rooms_are_behind_a_button_that_shows_when_something_waits(person: People, room: str) -> None:
    ann, bob = person("Ann", **PHONE).enters(room), person("Bob").enters(room)
    ann.page.get_by_role("button", name="Your rooms").tap()
    goes(ann, f"{room}-2")
    expect(column(ann)).to_be_hidden()
    bob.says("are you there?")

    ann.page.get_by_role("button", name="Your rooms: something is new").tap()
    link(ann, room).tap()

    expect(column(ann)).to_be_hidden()
    expect(ann.page.get_by_role("heading", name=titled(room), exact=True)).to_be_focused()
    ann.sees("are you there?")


def test_the_tab_tells_how_much_was_not_read_until_its_reader_looks(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)
    ann.page.evaluate(AWAY)
    bob.says("one")
    bob.says("@ann two")

    expect(ann.page).to_have_title(re.compile(r"^\(2 @1\) "))
    ann.page.evaluate("window.isAway = false; document.dispatchEvent(new Event('visibilitychange'))")

    expect(ann.page).to_have_title(re.compile(f"^{titled(room)} "))


def test_whoever_comes_to_a_shared_tab_is_in_none_of_the_last_ones_rooms(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    goes(ann, f"{room}-2")
    ann.page.goto(f"/name?room={room}")

    ann.page.get_by_role("button", name="Not you?").click()
    ann.page.wait_for_url(f"**/name?room={room}")
    assert ann.page.evaluate("sessionStorage.length") == 0
    ann.names("Bea").is_in()

    expect(column(ann).get_by_role("listitem")).to_have_count(1)


def test_what_is_said_in_a_hidden_room_is_not_read_out(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)
    goes(ann, f"{room}-2")

    bob.says("in the hidden room")
    expect(link(ann, room).get_by_label("1 unread message")).to_be_visible()

    expect(ann.page.locator('[data-part="aloud"]').filter(has_text="in the hidden room")).to_have_count(0)


def test_a_title_that_runs_the_other_way_begins_where_the_others_do(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    column(ann).get_by_role("textbox", name="Go to a room").fill("\u05e9\u05d5\u05dc\u05d7\u05df")
    ann.page.keyboard.press("Enter")
    expect(column(ann).get_by_role("listitem")).to_have_count(2)

    first, second = (
        column(ann)
        .locator(".rooms__title")
        .evaluate_all(
            """nodes => nodes.map((node) => {
          const text = new Range()
          text.selectNodeContents(node)
          return text.getBoundingClientRect().left
        })"""
        )
    )

    assert abs(first - second) <= 1
