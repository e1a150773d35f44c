"""Reading back, and new messages while the eye is elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.actors import House
from tests.browser.person import WITHIN_MS, Person

People = Callable[..., Person]
TALK = 160


@pytest.fixture(scope="module")
def server_settings() -> dict[str, str]:
    """Whoever missed more than this gets the newest page and a gap."""
    return {"CHAT_RESUME_CHANGES": "20", "CHAT_LEAVE_GRACE_S": "2"}


@pytest.fixture
def talk(house: House) -> Any:
    """A room where much was said already."""
    cid = house.guest("Cid")
    cid.joins()
    for answer in [cid.starts_saying(f"line {n}") for n in range(1, TALK + 1)]:
        assert answer.result(20).ok
    return cid


def view(page: Page) -> Any:
    return page.get_by_role("region", name="Messages")


def top_of(page: Page, text: str) -> float:
    return float(page.get_by_text(text, exact=True).evaluate("line => line.getBoundingClientRect().top"))


def test_a_room_opens_at_its_end(person: People, talk: Any) -> None:
    ann = person("Ann").enters(talk.room)

    expect(ann.message(f"line {TALK}")).to_be_in_viewport()
    assert ann.bodies().count() < TALK


def test_scrolling_up_loads_what_was_said_before_and_the_line_under_the_eye_stays(person: People, talk: Any) -> None:
    ann = person("Ann").enters(talk.room)
    expect(ann.message(f"line {TALK}")).to_be_in_viewport()
    page, first = ann.page, ann.bodies().first.inner_text()
    # Put the first loaded line somewhere in the view, and note where it stands when older ones arrive above it.
    page.evaluate(
        """first => {
          const view = document.querySelector('.timeline')
          const line = [...document.querySelectorAll('.message__body')].find((body) => body.textContent === first)
          view.scrollTop += line.getBoundingClientRect().top - view.getBoundingClientRect().top - 200
          window.stood = line.getBoundingClientRect().top
          window.line = line
        }""",
        first,
    )
    page.wait_for_function("() => document.querySelector('.message__body') !== window.line")

    moved = page.evaluate("window.line.getBoundingClientRect().top - window.stood")

    assert abs(moved) <= 1


def test_scrolling_reaches_the_first_message_with_none_missing(person: People, talk: Any) -> None:
    ann = person("Ann").enters(talk.room)
    expect(ann.message(f"line {TALK}")).to_be_in_viewport()

    ann.page.wait_for_function(
        """() => {
          document.querySelector('.timeline').scrollTop = 0
          return document.querySelector('.message__body')?.textContent === 'line 1'
        }"""
    )

    assert ann.bodies().all_inner_texts() == [f"line {n}" for n in range(1, TALK + 1)]


def test_a_new_message_moves_the_view_only_at_the_end(person: People, talk: Any) -> None:
    ann = person("Ann").enters(talk.room)
    talk.says("at the end")
    expect(ann.message("at the end")).to_be_in_viewport()
    view(ann.page).evaluate("view => { view.scrollTop -= 400 }")
    expect(ann.message("at the end")).not_to_be_in_viewport()
    before = top_of(ann.page, f"line {TALK - 10}")

    talk.says("unseen one")
    talk.says("unseen two")
    button = ann.page.get_by_role("button", name="2 new")
    expect(button).to_be_visible()
    assert abs(top_of(ann.page, f"line {TALK - 10}") - before) <= 1
    button.click()

    expect(ann.message("unseen two")).to_be_in_viewport()
    expect(button).to_be_hidden()


def test_within_100_px_of_the_end_a_reader_is_at_the_end(person: People, talk: Any) -> None:
    ann = person("Ann").enters(talk.room)
    for back, follows in ((90, True), (110, False)):
        end = talk.says(f"the end, {back}")["message"]["body"]
        expect(ann.message(end)).to_be_in_viewport()
        view(ann.page).evaluate(
            "(view, back) => { view.scrollTop = view.scrollHeight - view.clientHeight - back }", back
        )
        talk.says(f"news, {back}")
        ann.sees(f"news, {back}")
        button = ann.page.get_by_role("button", name="1 new")

        if follows:
            expect(ann.message(f"news, {back}")).to_be_in_viewport(ratio=1)
            expect(button).to_be_hidden()
        else:
            expect(button).to_be_visible()


def test_my_own_message_brings_me_to_the_end(person: People, talk: Any) -> None:
    ann = person("Ann").enters(talk.room)
    expect(ann.message(f"line {TALK}")).to_be_in_viewport()
    view(ann.page).evaluate("view => { view.scrollTop -= 400 }")

    ann.says("mine")

    ann.sees("mine")
    expect(ann.message("mine")).to_be_in_viewport()


def test_the_end_stays_the_end_when_the_view_shrinks(person: People, talk: Any) -> None:
    ann = person("Ann").enters(talk.room)
    expect(ann.message(f"line {TALK}")).to_be_in_viewport()

    ann.page.set_viewport_size({"width": 600, "height": 400})

    expect(ann.message(f"line {TALK}")).to_be_in_viewport()


def test_a_lost_push_is_noticed_and_fetched(person: People, talk: Any) -> None:
    ann = person("Ann").enters(talk.room)
    ann.page.evaluate(
        """() => {
          const parse = JSON.parse
          JSON.parse = (text) => parse(text.replace('"message:posted"', '"lost"'))
          window.mend = () => { JSON.parse = parse }
        }"""
    )
    talk.says("lost on the way")
    talk.says("lost too")
    ann.page.evaluate("window.mend()")

    expect(ann.message("lost too")).to_have_count(1, timeout=WITHIN_MS)

    texts = ann.bodies().all_inner_texts()
    assert texts[-3:] == [f"line {TALK}", "lost on the way", "lost too"]


def test_who_missed_too_much_sees_a_gap_that_loads_when_they_come_to_it(person: People, house: House) -> None:
    ann, cid = person("Ann").enters(house.room), house.member("Cid")
    cid.says("line 1")
    ann.sees("line 1")
    ann.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    for answer in [cid.starts_saying(f"line {n}") for n in range(2, TALK + 1)]:
        assert answer.result(20).ok

    ann.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    gap = ann.page.get_by_role("button", name="Load what came between")
    expect(ann.message(f"line {TALK}")).to_be_in_viewport()
    expect(gap).to_have_count(1)
    assert 1 < ann.bodies().count() < TALK
    ann.page.wait_for_function(
        """() => {
          const gap = document.querySelector('.gap')
          if (gap) gap.scrollIntoView()
          else document.querySelector('.timeline').scrollTop = 0
          return !gap && document.querySelector('.message__body').textContent === 'line 1'
        }"""
    )

    assert ann.bodies().all_inner_texts() == [f"line {n}" for n in range(1, TALK + 1)]


def test_a_run_of_one_author_has_one_head_and_the_day_is_said_once(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)
    ann.sees_people("Ann", "Bob")
    ann.says("one")
    ann.says("two")
    bob.sees("two")
    bob.says("three")
    ann.sees("three")

    expect(ann.page.locator(".message--first")).to_have_count(2)
    expect(ann.page.locator(".day")).to_have_text(["Today"])
    stamp = ann.message("one").locator("time")
    assert stamp.get_attribute("datetime")
    assert stamp.get_attribute("title")


TIP = """(line) => {
  const tip = getComputedStyle(line, '::after')
  if (tip.content === 'none') return null
  // Over the line, or among its rows.
  const isRow = tip.position === 'static'
  const room = isRow ? line.querySelector('.message__body').offsetWidth - parseFloat(tip.width) : parseFloat(tip.left)
  return { text: tip.content, room, tall: isRow ? 0 : parseFloat(tip.bottom) }
}"""


def test_the_full_time_is_shown_whole_to_whoever_comes_by_keyboard(person: People, room: str) -> None:
    ann = person("Ann", viewport={"width": 390, "height": 700}).enters(room)
    for text in ("one", "two"):
        ann.says(text)
        ann.sees(text)

    ann.page.get_by_role("region", name="Messages").focus()
    for key, text in (("Tab", "two"), ("ArrowUp", "one")):
        ann.page.keyboard.press(key)
        full = ann.message(text).locator("time").get_attribute("title")
        expect(ann.page.get_by_role("link", name=full, exact=True).and_(ann.page.locator(":focus"))).to_have_count(1)
        tip = ann.message(text).evaluate(TIP)
        assert full in tip["text"]
        # The row is all that is painted of it.
        assert tip["room"] >= 0
        assert tip["tall"] >= 0

    assert ann.message("two").evaluate(TIP) is None


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("locale", ["en-GB", "en-US"])
def test_the_time_of_a_line_that_goes_on_stands_beside_its_text(
    person: People, room: str, locale: str, width: int
) -> None:
    ann = person("Ann", locale=locale, viewport={"width": width, "height": 780}).enters(room)
    ann.says("one")
    ann.says("two")
    ann.sees("two")
    line = ann.message("two")
    line.locator(".message__body").hover()

    time, body = line.locator("time").bounding_box(), line.locator(".message__body").bounding_box()
    assert time is not None
    assert body is not None
    assert time["x"] >= 0
    assert time["x"] + time["width"] <= body["x"]
