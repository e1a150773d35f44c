"""Where a room opens, and how one comes from there to the present and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.actors import Guest, House
from tests.browser.person import WITHIN_MS, Person
from tests.live import Server

People = Callable[..., Person]
TALK = 1200
MOST = 420

# Turn the wheel until `text` is in view; note the most lines there were, and how far the line under the eye slipped.
TO = """async ([text, step]) => {
  const view = document.querySelector('.timeline')
  const lines = document.querySelector('.timeline__lines')
  const picture = () => new Promise(requestAnimationFrame)
  const found = () => [...lines.querySelectorAll('.message__body')].find((body) => body.textContent === text)
  const until = performance.now() + 20_000
  let [most, slips] = [0, []]
  while (performance.now() < until) {
    const edge = view.getBoundingClientRect()
    const goal = found()?.getBoundingClientRect()
    if (goal && goal.bottom > edge.top && goal.bottom <= edge.bottom) return { most, slips }
    const all = [...lines.querySelectorAll('.message')]
    const eye = all.find((line) => line.getBoundingClientRect().bottom > edge.top + 50)
    const before = eye.getBoundingClientRect().bottom
    const at = view.scrollTop
    view.scrollTop += step
    const moved = view.scrollTop - at
    for (let n = 0; n < 3; n += 1) await picture()
    most = Math.max(most, lines.childElementCount)
    if (eye.isConnected) slips.push(Math.round(eye.getBoundingClientRect().bottom - before + moved))
  }
  throw new Error(`${text} did not come; ${lines.childElementCount} lines`)
}"""


@pytest.fixture(scope="module")
def server_settings() -> dict[str, str]:
    counts = ("MESSAGES", "CONNECTION_POINTS", "ADDRESS_POINTS", "ROOM_POINTS", "READS")
    return {f"CHAT_{count}_PER_10S": "1000000" for count in counts} | {"CHAT_LEAVE_GRACE_S": "2"}


@pytest.fixture(scope="module")
def talk(server: Server) -> Iterator[Guest]:
    """A room where much was said already; nobody adds to it."""
    cid = Guest(server.url, House.fresh_room(), "Cid")
    assert cid.joins().ok
    says(cid, 1, TALK)
    yield cid
    cid.goes()


def says(guest: Guest, first: int, last: int) -> None:
    for answer in [guest.starts_saying(f"line {n}") for n in range(first, last + 1)]:
        assert answer.result(20).ok


def to_end(page: Page) -> None:
    page.get_by_role("button", name=re.compile("To the end|new")).click()


def knows(ann: Person, room: str, number: int) -> None:
    """As if her browser had been at the end when the room's number was this."""
    ann.page.goto("/")
    ann.page.evaluate("([key, number]) => localStorage.setItem(key, number)", [f"chat:read:{room}", str(number)])


def mark(ann: Person, room: str) -> str | None:
    return ann.page.evaluate("key => localStorage.getItem(key)", f"chat:read:{room}")


def has_read(ann: Person, room: str, number: int) -> None:
    ann.page.wait_for_function(
        "([key, is]) => localStorage.getItem(key) === is", arg=[f"chat:read:{room}", str(number)]
    )


def beside(ann: Person, room: str) -> None:
    """Another room on the same page."""
    ann.page.get_by_label("Go to a room").first.fill(room)
    ann.page.keyboard.press("Enter")
    ann.page.wait_for_url(f"**/r/{room}")


def test_a_long_talk_is_paged_both_ways_with_few_lines_and_none_that_slips(person: People, talk: Guest) -> None:
    ann = person("Amy").enters(talk.room)
    expect(ann.message(f"line {TALK}")).to_be_in_viewport()

    up = ann.page.evaluate(TO, ["line 1", -2000])
    down = ann.page.evaluate(TO, [f"line {TALK}", 2000])

    assert max(up["most"], down["most"]) <= MOST
    assert [slip for slip in up["slips"] + down["slips"] if abs(slip) > 1] == []
    expect(ann.page.get_by_role("button", name="To the end")).to_be_hidden()


def test_a_link_to_a_message_opens_there_and_a_button_leads_to_the_present(person: People, talk: Guest) -> None:
    ann = person("Bea")

    ann.context.request.post(f"{ann.url}/name", form={"room": talk.room, "name": "Bea"}, max_redirects=0)
    ann.opens(f"{talk.room}#m300").is_in()

    line = ann.message("line 300")
    expect(line).to_be_in_viewport()
    expect(line).to_have_class(re.compile("message--target"))
    expect(line).not_to_have_class(re.compile("message--target"), timeout=WITHIN_MS)
    ann.page.evaluate(TO, ["line 520", 400])
    to_end(ann.page)
    expect(ann.message(f"line {TALK}")).to_be_in_viewport()
    assert ann.page.url == f"{ann.url}/r/{talk.room}"


def test_a_link_to_a_message_survives_the_name_step_even_a_taken_name(person: People, talk: Guest) -> None:
    ann = person("Dan").opens(f"{talk.room}#m300")

    ann.names("Cid")
    ann.page.get_by_role("button", name="Cid 2").click()
    ann.is_in()

    expect(ann.message("line 300")).to_be_in_viewport()


def test_another_message_is_gone_to_without_a_reload_and_without_motion_where_none_is_wanted(
    person: People, talk: Guest
) -> None:
    ann = person("Eve", reduced_motion="reduce").enters(talk.room)
    expect(ann.message(f"line {TALK}")).to_be_in_viewport()

    ann.page.evaluate("location.hash = '#m700'")

    line = ann.message("line 700")
    expect(line).to_be_in_viewport()
    assert line.evaluate("line => getComputedStyle(line).animationName") == "none"
    assert line.evaluate("line => getComputedStyle(line).backgroundColor") != "rgba(0, 0, 0, 0)"


def test_a_link_beyond_the_newest_message_says_so_once_and_shows_the_end(person: People, talk: Guest) -> None:
    ann = person("Uma").enters(talk.room)
    ann.page.goto("/")
    ann.page.goto(f"/r/{talk.room}#m999999")
    told = ann.page.locator("p:visible", has_text="There is no such message")

    expect(told.first).to_be_visible()
    expect(ann.message(f"line {TALK}")).to_be_in_viewport()
    expect(ann.page.locator(".message--target")).to_have_count(0)

    assert ann.page.url == f"{ann.url}/r/{talk.room}"
    ann.page.reload()
    expect(ann.message(f"line {TALK}")).to_be_in_viewport()
    expect(told).to_have_count(0)


@pytest.mark.parametrize("read", [TALK - 30, 200], ids=["near the end", "far back"])
def test_a_room_opens_at_the_first_unread_below_a_divider(person: People, talk: Guest, read: int) -> None:
    ann = person(f"Fay {read}")
    knows(ann, talk.room, read)
    ann.enters(talk.room)

    divider = ann.page.locator(".new")
    expect(divider).to_be_in_viewport()
    expect(ann.message(f"line {read + 1}")).to_be_in_viewport()
    assert divider.evaluate("line => line.nextElementSibling.querySelector('.message__body').textContent") == (
        f"line {read + 1}"
    )
    expect(ann.page.get_by_role("button", name=f"{TALK - read:,} new")).to_be_visible()
    assert mark(ann, talk.room) == str(read)
    to_end(ann.page)
    expect(ann.message(f"line {TALK}")).to_be_in_viewport()
    has_read(ann, talk.room, TALK)


def test_much_unread_is_counted_as_the_language_writes_numbers(person: People, talk: Guest) -> None:
    jan = person("Jan", locale="de")
    knows(jan, talk.room, 0)
    jan.enters(talk.room)
    expect(jan.page).to_have_title(re.compile(r"^\(1\.200\) "))

    jan.page.goto("/")

    expect(jan.page.locator(".recent__count")).to_have_text("1.200")


def test_a_room_read_to_the_end_opens_at_the_end_without_a_divider(person: People, talk: Guest) -> None:
    ann = person("Gus").enters(talk.room)
    has_read(ann, talk.room, TALK)

    ann.page.reload()
    ann.is_in()

    expect(ann.message(f"line {TALK}")).to_be_in_viewport()
    expect(ann.page.locator(".new")).to_have_count(0)


HIDE = """(is) => {
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (is ? 'hidden' : 'visible') })
  document.dispatchEvent(new Event('visibilitychange'))
}"""


def test_the_divider_stands_before_the_first_message_of_others_unseen_while_i_was_away(
    person: People, house: House
) -> None:
    cid = house.guest("Cid")
    cid.joins()
    says(cid, 1, 60)
    ann = person("Ann").enters(house.room)
    second = ann.tab()
    second.goto(f"/r/{house.room}")
    ann.is_in(second)
    has_read(ann, house.room, 60)
    cid.says("seen")
    ann.sees("seen")
    has_read(ann, house.room, 61)
    for page in (ann.page, second):
        page.evaluate(HIDE, True)

    ann.says("mine", second)
    ann.sees("mine")
    cid.says("unseen")
    cid.says("unseen too")
    ann.sees("unseen too")
    assert mark(ann, house.room) == "61"
    divider = ann.page.locator(".new")
    expect(divider).to_have_count(1)
    ann.page.evaluate(HIDE, False)
    has_read(ann, house.room, 64)

    assert divider.evaluate("line => line.nextElementSibling.textContent").split()[-1] == "unseen"
    expect(ann.message("unseen too")).to_be_in_viewport()
    cid.says("seen again")
    ann.sees("seen again")
    expect(divider).to_have_count(1)


def test_only_live_messages_of_others_are_read_out(person: People, house: House) -> None:
    cid = house.guest("Cid")
    cid.joins()
    says(cid, 1, 120)
    ann = person("Ann").enters(house.room)
    expect(ann.message("line 120")).to_be_in_viewport()
    aloud = ann.page.locator("[aria-live=polite]")

    ann.page.evaluate(TO, ["line 1", -2000])
    to_end(ann.page)
    ann.says("mine")
    ann.sees("mine")
    cid.says("hello")
    ann.sees("hello")

    expect(aloud.locator("p")).to_have_text(["Cid: hello"])
    expect(ann.page.get_by_role("log")).to_have_attribute("aria-live", "off")


def test_a_hidden_room_with_much_unread_opens_at_the_first_of_it_each_time_it_is_shown(
    person: People, house: House
) -> None:
    cid = house.guest("Cid")
    cid.joins()
    ann = person("Ann").enters(house.room)
    for first, last in ((1, 300), (301, 360)):
        beside(ann, f"{house.room}-2")
        cid.says("@Ann, this is the first")
        says(cid, first, last)
        shown = ann.page.locator(f'.rooms a[href="/r/{house.room}"]')
        expect(shown.get_by_label(f"{last - first + 2} unread messages")).to_be_visible()
        expect(shown.get_by_label("1 mention of you")).to_be_visible()
        number = mark(ann, house.room)

        shown.click()

        room = ann.page.locator(".room:visible")
        expect(room.locator(".new")).to_be_in_viewport()
        expect(room.locator(".new ~ .message").first).to_contain_text("this is the first")
        expect(room.get_by_role("button", name="new")).to_be_visible()
        assert mark(ann, house.room) == number
        room.get_by_role("button", name="new").click()
        has_read(ann, house.room, last + (1 if first == 1 else 2))
        expect(shown.get_by_role("img")).to_have_count(0)


TALL = """text => {
  const line = [...document.querySelectorAll('.message__body')].find((body) => body.textContent === text)
  const late = document.createElement('canvas')
  late.height = 5
  late.style.display = 'block'
  line.append(late)
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
    late.height = 400
    requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)))
  })))
}"""


def test_what_grows_late_moves_neither_the_end_nor_the_line_under_the_eye(person: People, talk: Guest) -> None:
    ann = person("Hal").enters(talk.room)
    last = ann.message(f"line {TALK}")
    expect(last).to_be_in_viewport()

    ann.page.evaluate(TALL, f"line {TALK - 3}")
    expect(last).to_be_in_viewport()

    ann.page.evaluate("() => { document.querySelector('.timeline').scrollTop -= 300 }")
    expect(last).not_to_be_in_viewport()
    eye, above = ann.page.evaluate(
        """() => {
          const top = document.querySelector('.timeline').getBoundingClientRect().top
          const lines = [...document.querySelectorAll('.message')]
          const at = lines.findIndex((line) => line.getBoundingClientRect().bottom > top + 100)
          return [at, at - 6].map((n) => lines[n].querySelector('.message__body').textContent)
        }"""
    )
    before = ann.message(eye).bounding_box()
    ann.page.evaluate(TALL, above)
    after = ann.message(eye).bounding_box()

    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) <= 1


KEYBOARD = """(height) => {
  Object.defineProperty(visualViewport, 'height', { configurable: true, get: () => height })
  visualViewport.dispatchEvent(new Event('resize'))
}"""


def test_the_phone_s_keyboard_covers_neither_the_end_nor_the_box(person: People, talk: Guest) -> None:
    ann = person("Ida", has_touch=True, is_mobile=True, viewport={"width": 390, "height": 700}).enters(talk.room)
    last = ann.message(f"line {TALK}")
    expect(last).to_be_in_viewport()

    ann.page.evaluate(KEYBOARD, 400)
    ann.page.wait_for_function("() => document.querySelector('.composer').getBoundingClientRect().bottom <= 401")
    ann.page.wait_for_function(
        """() => {
          const line = [...document.querySelectorAll('.message')].at(-1)
          const view = document.querySelector('.timeline')
          return line.getBoundingClientRect().bottom <= view.getBoundingClientRect().bottom
        }"""
    )
    ann.page.evaluate(KEYBOARD, 700)

    ann.page.wait_for_function("() => document.querySelector('.composer').getBoundingClientRect().bottom > 650")
    expect(last).to_be_in_viewport()
