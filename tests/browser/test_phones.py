"""What a phone asks of a page: boxes it does not zoom into, and nothing under its rounded corners."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.person import PLAIN_HOST, Person

People = Callable[..., Person]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}
LYING = {"width": 844, "height": 390}
TABLET_LYING = {"width": 1180, "height": 820}
CORNERS = {"top": 40, "left": 50, "bottom": 30, "right": 60}

# A phone zooms into a box whose letters are smaller than 16 px, and stays there.
SMALL = """() => [...document.querySelectorAll('input:not([type=hidden]), textarea, select')]
  .filter((box) => parseFloat(getComputedStyle(box).fontSize) < 16).map((box) => box.outerHTML.slice(0, 80))"""

# Text and what can be pressed, that reaches out of the safe part of the screen. A page that scrolls goes on below it.
UNSAFE = """({ top, left, bottom, right }) => {
  const foot = document.documentElement.scrollHeight > innerHeight ? Infinity : innerHeight - bottom
  const hasText = (node) => [...node.childNodes].some((part) => part.nodeType === 3 && part.textContent.trim())
  const isShown = (node) => node.checkVisibility({ visibilityProperty: true }) && node.offsetWidth > 0
    && !node.closest('.visually-hidden, .skip') && getComputedStyle(node).clipPath === 'none'
  const reachesOut = (node) => {
    const { paddingTop, paddingLeft, paddingBottom, paddingRight } = getComputedStyle(node)
    const box = node.getBoundingClientRect()
    return box.left + parseFloat(paddingLeft) < left || box.right - parseFloat(paddingRight) > innerWidth - right
      || box.top + parseFloat(paddingTop) < top || box.bottom - parseFloat(paddingBottom) > foot
  }
  return [...document.querySelectorAll('body *')]
    .filter((node) => hasText(node) || node.matches('button, a, input, textarea'))
    .filter((node) => isShown(node) && reachesOut(node))
    .map((node) => node.outerHTML.slice(0, 80))
}"""


def test_no_box_is_zoomed_into(person: People, room: str) -> None:
    person("Cid").enters(room)
    ann = person("Ann", host=PLAIN_HOST, **PHONE)
    small = {}
    ann.page.goto("/")
    small["lobby"] = ann.page.evaluate(SMALL)
    ann.opens(room)
    small["name"] = ann.page.evaluate(SMALL)
    ann.names("Cid")
    expect(ann.page.get_by_role("button", name="Cid 2")).to_be_visible()
    small["taken"] = ann.page.evaluate(SMALL)
    ann.names("Ann").is_in()
    small["room"] = ann.page.evaluate(SMALL)

    assert {page: boxes for page, boxes in small.items() if boxes} == {}


def test_nothing_lies_under_the_corners_of_the_screen(person: People, room: str) -> None:
    ann, bob, found = person("Ann", **PHONE), person("Bob"), {}
    ann.context.new_cdp_session(ann.page).send("Emulation.setSafeAreaInsetsOverride", {"insets": CORNERS})

    def look(state: str) -> None:
        for size in (LYING, TABLET_LYING, PHONE["viewport"]):
            ann.page.set_viewport_size(size)
            found[f"{state}, {size}"] = ann.page.evaluate(UNSAFE, CORNERS)

    ann.page.goto("/")
    look("lobby")
    ann.opens(room)
    look("name")
    ann.enters(room)
    look("empty")
    bob.enters(room)
    ann.is_told("Bob joined")
    bob.says("look, Ann")
    bob.says("/me waves")
    expect(ann.bodies()).to_have_count(2)
    look("talk")
    ann.page.get_by_role("button", name="2 people").tap()
    look("people")
    ann.page.keyboard.press("Escape")
    ann.page.get_by_role("button", name="Your rooms").tap()
    look("rooms")
    ann.page.goto("/nothing")
    look("error")

    assert {state: what for state, what in found.items() if what} == {}


# Where the full time of the line stands that has the focus, and the words of the line.
PILL = """() => {
  const line = document.activeElement.closest('.message')
  const { position, content } = getComputedStyle(line, '::after')
  const words = line.querySelector('.message__body').getBoundingClientRect()
  return { content, position, below: line.getBoundingClientRect().bottom - words.bottom }
}"""


def test_the_full_time_of_a_line_that_goes_on_covers_none_of_its_words(person: People, room: str) -> None:
    ann = person("Ann", viewport={"width": 390, "height": 780}).enters(room)
    for text in ("the first", "and one that goes on"):
        ann.says(text)
        ann.sees(text)

    ann.page.get_by_role("region", name="Messages").focus()
    ann.page.keyboard.press("Tab")
    pill = ann.page.evaluate(PILL)

    assert "20" in pill["content"]
    assert pill["position"] == "static"
    assert pill["below"] >= 20
