"""How it looks and can be used: narrow, dark, legible, shared."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.person import PLAIN_HOST, Person

People = Callable[..., Person]
NARROW = {"width": 320, "height": 568}


def overflow(page: Page) -> int:
    page.wait_for_load_state("load")
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def test_320_px_are_enough_for_every_page(person: People, room: str) -> None:
    long_name = "Wolfeschlegelsteinhausenbergerdo"
    person(long_name).enters(room)
    ann = person("Ann", viewport=NARROW)
    pages = {}
    ann.page.goto("/")
    pages["lobby"] = overflow(ann.page)
    ann.opens(room)
    pages["name"] = overflow(ann.page)
    ann.names(long_name)
    expect(ann.page.get_by_role("button", name="Wolfe").first).to_be_visible()
    pages["taken"] = overflow(ann.page)
    ann.names("Ann").is_in()
    ann.says("averylongwordwithoutaspace" * 20)
    expect(ann.bodies()).to_have_count(1)
    pages["room"] = overflow(ann.page)
    ann.page.goto("/nothing/here")
    pages["error"] = overflow(ann.page)

    assert {page: width for page, width in pages.items() if width > 0} == {}


def too_small(page: Page) -> list[str]:
    """Buttons, links and boxes that a finger would miss."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('button, a, input:not([type=hidden]), textarea')]
          .filter((node) => node.checkVisibility() && !node.matches('.skip'))
          .map((node) => [node, node.getBoundingClientRect()])
          // What slides in has sides like 43.9999.
          .filter(([, { width, height }]) => Math.min(width, height) < 44 - 0.001)
          .map(([node]) => node.outerHTML.slice(0, 80))"""
    )
    return found


def test_what_is_touched_is_large_enough(person: People, room: str) -> None:
    ann = person("Ann", viewport=NARROW, has_touch=True, is_mobile=True)
    ann.page.goto("/")
    lobby = too_small(ann.page)
    ann.opens(room)
    name = too_small(ann.page)
    ann.enters(room)
    expect(ann.page.get_by_role("button", name="Send")).to_be_visible()
    empty = too_small(ann.page)
    ann.page.get_by_role("button", name="1 person").tap()
    people = too_small(ann.page)

    assert (lobby, name, empty, people) == ([], [], [], [])


# Draws a colour and reads the pixel back: whatever the notation, the answer is what the screen shows.
CONTRASTS = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
  const pixel = (...layers) => {
    for (const layer of layers) { canvas.fillStyle = layer; canvas.fillRect(0, 0, 1, 1) }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)
  }
  const light = (rgb) => {
    const [r, g, b] = rgb.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05) }
  const sample = document.body.appendChild(document.createElement('span'))
  const found = {}
  const measure = (name, ink, ...grounds) => {
    sample.className = ''
    const colours = [ink, ...grounds].map((token) => {
      sample.style.color = `var(--${token})`
      return getComputedStyle(sample).color
    })
    found[name] = ratio(pixel(...colours.slice(1), colours[0]), pixel(...colours.slice(1)))
  }
  for (const ground of ['ground', 'panel', 'raised']) {
    for (const ink of ['ink', 'ink-soft', 'accent', 'alarm', 'caution']) measure(`${ink} on ${ground}`, ink, ground)
  }
  measure('on-accent', 'on-accent', 'accent')
  measure('on-notice', 'on-notice', 'notice')
  for (let n = 0; n < 12; n += 1) {
    measure(`person ${n}`, `person-${n}`, 'ground')
    sample.className = `face person-${n}`
    sample.style.color = ''
    const { color, backgroundColor } = getComputedStyle(sample)
    found[`face ${n}`] = ratio(pixel('#fff', getComputedStyle(document.body).backgroundColor, backgroundColor, color),
      pixel('#fff', getComputedStyle(document.body).backgroundColor, backgroundColor))
  }
  sample.remove()
  return found
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_text_is_legible(person: People, room: str, scheme: str) -> None:
    ann = person("Ann", color_scheme=scheme).enters(room)

    contrasts = ann.page.evaluate(CONTRASTS)

    assert len(contrasts) == 41
    assert {what: round(ratio, 2) for what, ratio in contrasts.items() if ratio < 4.5} == {}


def test_dark_follows_the_system_everywhere(person: People, room: str) -> None:
    ann = person("Ann", color_scheme="light").enters(room)
    ann.page.get_by_role("button", name="Change your name").click()
    darkness = """() => ['body', '.people', '.composer__box', '.dialog', '.modal-content']
      .map((part) => getComputedStyle(document.querySelector(part)).backgroundColor)"""
    light = ann.page.evaluate(darkness)

    ann.page.emulate_media(color_scheme="dark")

    dark = ann.page.evaluate(darkness)
    assert all(one != other for one, other in zip(light[:4], dark[:4], strict=True))


def test_a_chosen_theme_is_every_page_s_from_the_first_byte(person: People, room: str) -> None:
    ann = person("Ann", color_scheme="light").enters(room)
    ground, bar = (
        "getComputedStyle(document.body).colorScheme",
        "document.querySelector('meta[name=theme-color][media=all]').content",
    )
    ann.page.get_by_role("radio", name="Dark").check()
    here = ann.page.evaluate(ground), ann.page.evaluate(bar)

    # What the server sends, before any script of ours.
    ann.page.route("**/js/*", lambda route: route.abort())
    for address in ("/", f"/name?room={room}", f"/r/{room}", "/nothing/here"):
        ann.page.goto(address)
        assert (ann.page.evaluate(ground), ann.page.evaluate(bar)) == here == ("dark", "#1b1e22")


def test_the_theme_of_the_system_can_be_had_back(person: People) -> None:
    ann = person("Ann", color_scheme="light")
    ann.page.goto("/")
    ann.page.get_by_role("radio", name="Dark").check()
    ann.page.reload()
    expect(ann.page.get_by_role("radio", name="Dark")).to_be_checked()

    ann.page.get_by_role("radio", name="As the system").check()

    ann.page.emulate_media(color_scheme="dark")
    expect(ann.page.locator("html")).not_to_have_attribute("data-theme", "dark")
    assert "theme" not in {cookie["name"] for cookie in ann.context.cookies(ann.url)}
    assert ann.page.evaluate(
        "matchMedia(document.querySelector('meta[name=theme-color][data-theme=dark]').media).matches"
    )


def test_the_first_one_here_is_told_what_to_do(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    hint = ann.page.get_by_text("You are the first here")
    expect(hint).to_be_visible()
    expect(ann.page.get_by_role("main").get_by_label("Link to share")).to_have_value(f"{ann.url}/r/{room}")

    ann.says("then I begin")

    expect(hint).to_be_hidden()


def test_who_shares_a_link_that_opens_on_this_computer_only_is_told(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob", host=PLAIN_HOST).enters(f"{room}-elsewhere")
    told = "on this computer only"

    expect(ann.page.get_by_role("main").get_by_text(told)).to_be_visible()
    expect(bob.page.get_by_text("You are the first here")).to_be_visible()
    expect(bob.page.get_by_role("main").get_by_text(told)).to_be_hidden()


def test_enter_shift_enter_and_too_much_text(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    ann.box().press_sequentially("one")
    ann.box().press("Shift+Enter")
    ann.box().press_sequentially("two")
    ann.box().press("Enter")
    expect(ann.bodies()).to_have_text(["one\ntwo"])

    ann.types("x" * 5001)
    send = ann.page.get_by_role("button", name="Send")
    expect(send).to_be_disabled()
    expect(ann.page.get_by_text("1 character too many")).to_be_visible()
    ann.box().press("Enter")
    assert len(ann.box().input_value()) == 5001
    ann.types("x" * 5000)

    expect(send).to_be_enabled()


def test_the_enter_key_of_a_phone_says_what_it_does(person: People, room: str) -> None:
    ann, bob = person("Ann", has_touch=True, is_mobile=True).enters(room), person("Bob").enters(room)
    ann.types("one")
    ann.box().press("Enter")

    expect(ann.box()).to_have_value("one\n")
    expect(ann.box()).to_have_attribute("enterkeyhint", "enter")
    expect(bob.box()).to_have_attribute("enterkeyhint", "send")


def test_the_ring_around_the_pencil_is_whole(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    pencil = ann.page.get_by_role("button", name="Change your name")
    pencil.focus()
    ann.page.keyboard.press("Shift+Tab")
    ann.page.keyboard.press("Tab")

    expect(pencil).to_be_focused()
    expect(pencil).to_have_css("outline-offset", "-2px")


def test_every_module_of_the_room_is_announced_before_it_is_asked_for(person: People, room: str) -> None:
    """Else the browser finds them one import at a time."""
    ann = person("Ann").enters(room)

    loaded, announced = ann.page.evaluate(
        """() => [
          performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.js')),
          [...document.querySelectorAll('link[rel=modulepreload], script[src]')].map(({ href, src }) => href || src),
        ].map((names) => names.sort())"""
    )

    assert loaded == announced


def test_a_page_from_before_an_update_still_fetches_what_it_first_uses_now(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    version = re.compile(r"/static/[0-9a-f]{12}/")
    ann.page.route(version, lambda route: route.continue_(url=version.sub("/static/000000000000/", route.request.url)))

    ann.page.get_by_role("button", name="Emoji", exact=True).click()
    expect(ann.page.get_by_role("button", name="grinning face", exact=True)).to_be_visible()
    ann.page.keyboard.press("Escape")
    ann.page.get_by_role("button", name="Notices: off").click()
    expect(ann.page.get_by_role("group", name="With a sound").get_by_label("Nothing")).to_be_checked()
    ann.page.keyboard.press("Escape")
    ann.says("**bold**")
    expect(ann.bodies().locator("strong")).to_have_text("bold")
