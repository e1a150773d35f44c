"""Names, rooms and messages from strangers are text, whatever they look like."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person

People = Callable[..., Person]

MARKUP = "<img src=x onerror=alert(1)>"
SAID = [
    "<script>alert(1)</script>",
    "<svg onload=alert(1)>",
    "javascript:alert(1)",
    "<a href='javascript:alert(1)'>x</a>",
    "{{ 7 * 7 }} ${7 * 7} &lt;b&gt;",
    "<style>*{display:none}</style>",
    "</template><img src=x onerror=alert(1)>",
]


def test_markup_as_room_name_and_message_is_shown_as_text(person: People, room: str) -> None:
    ann, bob = person("Ann"), person(MARKUP)
    ann.page.goto("/")
    ann.page.get_by_label("Room name").fill(f"{MARKUP} {room}")
    ann.page.keyboard.press("Enter")
    expect(ann.page.get_by_role("heading", level=1)).to_have_text(f"{MARKUP} {room}")
    ann.names("Ann").is_in()

    bob.page.goto(ann.page.url)
    bob.names(MARKUP).is_in()
    bob.says(MARKUP)

    expect(ann.page.get_by_role("heading", level=1)).to_have_text(f"{MARKUP} {room}")
    expect(ann.page).to_have_title(f"{MARKUP} {room} · Chatroom")
    ann.sees_people("Ann", MARKUP)
    ann.is_told(f"{MARKUP} joined")
    ann.sees(MARKUP)
    expect(ann.message(MARKUP).locator(".message__author")).to_have_text(MARKUP)
    assert ann.page.locator("img[src='x'], [onerror]").count() == 0
    ann.leaves()
    expect(ann.page.get_by_role("link", name=MARKUP)).to_be_visible()


def test_markup_as_a_name_is_text_on_the_pages_before_the_room(person: People, room: str) -> None:
    person(MARKUP).enters(room)
    ann = person("Ann").opens(room)
    expect(ann.page.get_by_text(f"Here now: {MARKUP}.")).to_be_visible()

    ann.names(MARKUP)

    expect(ann.page.get_by_role("alert")).to_contain_text(MARKUP)
    expect(ann.page.get_by_role("button", name=MARKUP[:20]).first).to_be_visible()


def test_what_looks_like_code_runs_nowhere(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)

    for text in SAID:
        bob.says(text)

    for text in SAID:
        ann.sees(text)
    assert ann.bodies().all_text_contents() == SAID


@pytest.mark.parametrize("text", ["z" * 5000, "Z" + "\u0301" * 500, "\u202egnirts txet-ot-thgir", "a\n" * 100 + "a"])
def test_odd_text_breaks_no_line_but_its_own(person: People, room: str, text: str) -> None:
    ann = person("Ann", viewport={"width": 390, "height": 844}).enters(room)
    ann.says("before")
    ann.sees("before")
    ann.types(text)
    ann.box().press("Enter")
    expect(ann.bodies()).to_have_count(2)
    ann.says("after")
    ann.sees("after")

    scroller = ann.page.get_by_role("region", name="Messages")
    assert scroller.evaluate("view => view.scrollWidth - view.clientWidth") == 0
    author = ann.message("before").locator(".message__author").bounding_box()
    after = ann.message("after").bounding_box()
    odd = ann.page.locator(".message").nth(1).bounding_box()
    assert author
    assert after
    assert odd
    assert after["y"] >= odd["y"] + odd["height"] - 1
