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
    ann.context.clear_cookies()
    ann.names("Ann")
    expect(ann.page.get_by_text("cookies_blocked")).to_be_visible()
    found["no cookies"] = violations(ann.page)
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
    ann.page.get_by_role("button", name="Emoji", exact=True).click()
    expect(ann.page.get_by_role("button", name="grinning face", exact=True)).to_be_visible()
    found["emoji"] = violations(ann.page)
    ann.page.keyboard.press("Escape")
    ann.page.get_by_role("button", name="Notices: off").click()
    expect(ann.page.get_by_role("group", name="With a sound")).to_be_visible()
    found["bell"] = violations(ann.page)
    ann.page.keyboard.press("Escape")
    ann.page.evaluate("Object.defineProperty(navigator, 'clipboard', {}); document.execCommand = () => false")
    ann.page.get_by_role("button", name="Share").first.click()
    expect(ann.page.get_by_role("dialog").get_by_label("Link to share")).to_be_visible()
    found["link dialog"] = violations(ann.page)
    ann.page.keyboard.press("Escape")
    ann.page.set_viewport_size({"width": 390, "height": 780})
    found["phone"] = violations(ann.page)
    ann.page.get_by_role("button", name="2 people").click()
    found["drawer"] = violations(ann.page)
    ann.page.keyboard.press("Escape")
    ann.page.get_by_role("button", name="Your rooms").click()
    found["rooms"] = violations(ann.page)

    assert {state: what for state, what in found.items() if what} == {}


def test_axe_would_notice(person: People) -> None:
    ann = person("Ann")
    ann.page.goto("/")

    ann.page.evaluate("document.querySelector('label[for=room]').remove()")
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


def test_the_skip_link_comes_first_and_leads_to_the_box(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    skip = ann.page.locator("a, button, input, textarea, [tabindex]").first
    expect(skip).to_have_text("Skip to writing")
    expect(skip).not_to_be_in_viewport()

    skip.focus()
    expect(skip).to_be_in_viewport()
    ann.page.keyboard.press("Enter")

    expect(ann.box()).to_be_focused()


# Where the focus is must be seen: a line around it, in whatever colours.
RING = """() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement)
  return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1
}"""


@pytest.mark.parametrize("colours", ["none", "active"])
def test_everything_is_reached_by_tab_and_shows_that_it_is(person: People, room: str, colours: str) -> None:
    ann = person("Ann", forced_colors=colours).enters(room)
    ann.says("one line")
    ann.sees("one line")

    for way, wanted in {
        f"/r/{room}": {"Chatroom", "Go to a room", "Share", "Leave the room", "Change your name", "Message"},
        f"/name?room={room}": {"Chatroom", "Your name", "Join", "Not you?"},
        "/": {"Chatroom", "Room name", "Open", "Pick a name for me", "Not you?", f"Forget {room.replace('-', ' ')}"},
        "/nothing": {"Chatroom", "To the lobby"},
    }.items():
        ann.page.goto(way)
        if way == f"/r/{room}":
            ann.is_in()
            ann.types("so that it can be sent")
        ann.page.evaluate("document.activeElement.blur()")
        reached, unseen = set(), []
        for _ in range(20):
            ann.page.keyboard.press("Tab")
            name = ann.page.evaluate(
                "(document.activeElement.labels?.[0] ?? document.activeElement).getAttribute('aria-label')"
                " ?? (document.activeElement.labels?.[0] ?? document.activeElement).textContent"
            )
            reached.add(" ".join(name.split()))
            if ann.page.evaluate("document.activeElement !== document.body") and not ann.page.evaluate(RING):
                unseen.append(name)

        assert wanted - reached == set(), way
        assert unseen == [], way


def test_what_is_marked_stays_marked_in_the_reader_s_own_colours(person: People, room: str) -> None:
    """Such a browser paints no background and no shadow."""
    ann, bob = person("Ann", forced_colors="active").enters(room), person("Bob").enters(room)
    bob.says("hello, Ann")
    bob.says("hello, all")
    ann.sees("hello, all")

    border = "line => parseFloat(getComputedStyle(line).borderInlineStartWidth)"
    assert ann.message("hello, Ann").evaluate(border) > ann.message("hello, all").evaluate(border) == 0
    ann.box().press_sequentially(":ta")
    options = ann.page.get_by_role("option")
    expect(options.nth(1)).to_be_visible()
    grounds = options.evaluate_all("nodes => nodes.map((node) => getComputedStyle(node).backgroundColor)")
    assert grounds[0] not in grounds[1:]


def test_half_the_width_is_enough_as_a_zoom_of_200_percent_leaves_it(person: People, room: str) -> None:
    """At 200 % a window of 1280 by 800 pixels is one of 640 by 400."""
    ann = person("Ann", viewport={"width": 640, "height": 400}, device_scale_factor=2).enters(room)

    for button in ("Share", "Send", "Leave the room"):
        expect(ann.page.get_by_role("button", name=button).first).to_be_in_viewport()
    ann.says("still room to read")
    ann.sees("still room to read")
    expect(ann.message("still room to read")).to_be_in_viewport()
    assert ann.page.evaluate("document.documentElement.scrollWidth") <= 640
    ann.says("/help")
    expect(ann.page.get_by_role("button", name="Done")).to_be_in_viewport()


def test_nothing_moves_for_those_who_want_no_motion(person: People, room: str) -> None:
    ann = person("Ann", reduced_motion="reduce", viewport={"width": 390, "height": 780}).enters(room)
    ann.page.get_by_role("button", name="1 person").click()

    moving = ann.page.evaluate(
        """[...document.querySelectorAll('*')].filter((node) => {
          const { animationName, transitionDuration } = getComputedStyle(node)
          return animationName !== 'none' || parseFloat(transitionDuration) > 0
        }).length"""
    )

    assert moving == 0
