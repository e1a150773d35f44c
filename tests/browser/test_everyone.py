"""Pages for everyone: axe-core finds nothing to complain of, on any of them, in light and in dark."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from playwright.sync_api import Page, expect

from tests.browser.person import Person
from tests.needs import need_node_modules

People = Callable[..., Person]

AUDIT = """async () => {
  const { violations } = await window.axe.run(document, { resultTypes: ['violations'] })
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, any }) => `${id}: ${html} ${any[0]?.message ?? ''}`))
}"""


@cache
def axe() -> str:
    return (need_node_modules() / "axe-core" / "axe.min.js").read_text("utf-8")


def violations(page: Page) -> list[str]:
    page.wait_for_load_state("load")
    page.evaluate(axe())
    found: list[str] = page.evaluate(AUDIT)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_way_in(person: People, room: str, scheme: str) -> None:
    person("Cyril").enters(room)
    ann = person("Ann", color_scheme=scheme)
    found = {}
    ann.page.goto("/")
    found["lobby"] = violations(ann.page)
    ann.page.get_by_label("Room name").fill("!!!")
    ann.page.keyboard.press("Enter")
    expect(ann.page.get_by_role("alert")).to_be_visible()
    found["lobby, refused"] = violations(ann.page)
    ann.opens(room)
    found["name"] = violations(ann.page)
    ann.names("Ann\u202e")
    expect(ann.page.get_by_role("alert")).to_be_visible()
    found["name, refused"] = violations(ann.page)
    ann.names("Cyril")
    expect(ann.page.get_by_role("button", name="Cyril 2")).to_be_visible()
    found["name, taken"] = violations(ann.page)
    ann.page.goto("/nothing/here")
    found["error"] = violations(ann.page)
    ann.enters(room).says("hello")
    ann.sees("hello")
    ann.page.goto(f"/r/{room}/read")
    expect(ann.page.get_by_text("hello")).to_be_visible()
    found["read only"] = violations(ann.page)
    ann.page.goto("/")
    expect(ann.page.get_by_role("region", name="Your rooms")).to_be_visible()
    found["lobby, known"] = violations(ann.page)

    assert {state: what for state, what in found.items() if what} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_room(person: People, room: str, scheme: str) -> None:
    ann = person("Ann", color_scheme=scheme, reduced_motion="reduce").enters(room)
    found = {"empty": violations(ann.page)}
    person("Bob").enters(room).says(
        "**bold** @Ann https://chat.example [site](https://other.example)\n> quoted\n\n`code`"
    )
    expect(ann.bodies()).to_have_count(1)
    ann.says("```\na block\n```")
    expect(ann.bodies()).to_have_count(2)
    ann.types("x" * 5001)
    found["talk"] = violations(ann.page)
    ann.types("@")
    expect(ann.page.get_by_role("listbox")).to_be_visible()
    found["names"] = violations(ann.page)
    ann.types("")
    ann.page.get_by_role("button", name="Change your name").click()
    found["name dialog"] = violations(ann.page)
    ann.page.keyboard.press("Escape")
    ann.says("/help")
    expect(ann.page.get_by_role("dialog")).to_be_visible()
    found["help"] = violations(ann.page)
    ann.page.keyboard.press("Escape")
    ann.page.set_viewport_size({"width": 390, "height": 780})
    found["phone"] = violations(ann.page)
    ann.page.get_by_role("button", name="2 people").click()
    found["drawer"] = violations(ann.page)

    assert {state: what for state, what in found.items() if what} == {}


def test_axe_would_notice(person: People) -> None:
    ann = person("Ann")
    ann.page.goto("/")

    ann.page.evaluate("document.querySelector('label').remove()")
    ann.page.evaluate("document.querySelector('.entry__lead').style.color = '#ddd'")

    assert {"label", "color-contrast"} <= {what.partition(":")[0] for what in violations(ann.page)}


def test_without_javascript_a_room_is_read(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    ann.says("for all to read")
    ann.sees("for all to read")
    bob = person("Bob", java_script_enabled=False).opens(room)
    expect(bob.page.get_by_role("link", name="Read the room")).to_be_visible()

    bob.names("Bob")

    bob.page.wait_for_url(f"{bob.url}/r/{room}/read#end")
    expect(bob.page.get_by_role("listitem")).to_contain_text("for all to read")
    expect(bob.page.get_by_role("link", name="Newest messages")).to_be_in_viewport()
