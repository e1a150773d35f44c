"""Several rooms in one page: one connection, each room with its own address, draft, place and count."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.columns import column, goes, link, titled
from tests.browser.person import Person

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
