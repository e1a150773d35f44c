"""What a message looks like: Markdown, links, emoji, my name, odd text."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.person import PLAIN_HOST, Person
from tests.hostile import markdown

People = Callable[..., Person]
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SHOWN = {"strong": "bold", "em": "italic", "s": "gone", "code": "code", "blockquote": "quote"}
DEVICES = pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])


@pytest.fixture(scope="module")
def server_settings() -> dict[str, str]:
    return {"CHAT_MESSAGES_PER_10S": "1000", "CHAT_CONNECTION_POINTS_PER_10S": "10000"}


def sends(person: Person, text: str) -> Locator:
    """Sent with the button, which a phone and a keyboard share; the body of it, once the room has it."""
    count = person.bodies().count()
    person.types(text)
    person.page.get_by_role("button", name="Send").click()
    expect(person.bodies()).to_have_count(count + 1)
    expect(person.page.locator(".message--pending")).to_have_count(0)
    return person.bodies().nth(count)


@DEVICES
def test_basic_markdown_is_shown_to_everybody(person: People, room: str, device: dict[str, Any]) -> None:
    ann, bob = person("Ann", **device).enters(room), person("Bob").enters(room)

    sends(ann, "**bold** *italic* ~~gone~~ `code`\n\n> quote\n\n- one\n- two\n\n[label](https://a.example/x)")

    for reader in (ann, bob):
        body = reader.bodies().last
        for tag, text in [
            ("strong", "bold"),
            ("em", "italic"),
            ("s", "gone"),
            ("code", "code"),
            ("blockquote", "quote"),
        ]:
            expect(body.locator(tag)).to_have_text(text)
        expect(body.locator("ul > li")).to_have_text(["one", "two"])
        link = body.get_by_role("link", name="label")
        expect(link).to_have_attribute("href", "https://a.example/x")
        expect(link).to_have_attribute("target", "_blank")
        expect(link).to_have_attribute("rel", "noopener noreferrer")
    bob.page.reload()
    expect(bob.bodies().last.locator("strong")).to_have_text("bold")


def test_line_breaks_are_kept(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    plain = sends(ann, "one\n  two\n\n\nfive").bounding_box()
    marked = sends(ann, "**one**\n  two\n\n\nfive")

    expect(marked.locator("strong")).to_have_count(1)
    after = marked.bounding_box()
    assert plain
    assert after
    assert after["height"] == plain["height"]


def test_bare_addresses_are_links_and_pictures_never_load(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    asked: list[str] = []
    ann.page.on("request", lambda request: asked.append(request.url))

    body = sends(
        ann, "see https://a.example/_x_/, www.b.example or mailto:c@d.example and ![cat](https://e.example/cat.png)"
    )

    expect(body.get_by_role("link")).to_have_text(
        ["https://a.example/_x_/", "www.b.example", "mailto:c@d.example", "cat"]
    )
    assert body.locator("img").count() == 0
    assert [url for url in asked if ".example" in url] == []


@DEVICES
def test_a_label_that_names_another_site_is_warned_of(person: People, room: str, device: dict[str, Any]) -> None:
    ann = person("Ann", **device).enters(room)

    for label, address in markdown.ASTRAY:
        bare = label == address
        warning = sends(ann, f"*look* {label}" if bare else f"*look* [{label}]({address})").locator(".elsewhere")
        expect(warning).to_contain_text("10.0.0.2" if "10.0" in address else "evil.example")
        expect(warning).to_be_visible()
    for text in ["[here](https://a.example)", "[a.example/x](https://www.a.example/x)", "https://a.example/b.example"]:
        expect(sends(ann, text).get_by_role("link")).to_have_count(1)
        expect(ann.bodies().last.locator(".elsewhere")).to_have_count(0)


def test_a_link_opens_a_tab_that_knows_nothing_of_this_one(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    body = sends(ann, f"[the lobby]({ann.url}/)")

    with ann.context.expect_page() as opened:
        body.get_by_role("link").click()

    assert opened.value.evaluate("[window.opener, document.referrer]") == [None, ""]


@pytest.mark.parametrize("host", ["127.0.0.1", PLAIN_HOST], ids=["secure", "plain-http"])
@DEVICES
def test_a_block_of_code_is_copied(person: People, room: str, host: str, device: dict[str, Any]) -> None:
    allowed = {} if host == PLAIN_HOST else {"permissions": ["clipboard-read", "clipboard-write"]}
    ann = person("Ann", host=host, **device, **allowed).enters(room)
    body = sends(ann, "```py\nif a:\n    b(**c)\n```")
    button = body.get_by_role("button", name="Copy")

    button.click()

    expect(body.get_by_role("button", name="Copied")).to_be_visible()
    ann.box().focus()
    ann.box().press("Control+V")
    expect(ann.box()).to_have_value("if a:\n    b(**c)")


def test_where_no_page_may_copy_the_code_is_selected(person: People, room: str) -> None:
    ann = person("Ann", host=PLAIN_HOST).enters(room)
    ann.page.evaluate("document.execCommand = () => false")
    body = sends(ann, "```\ncopy me\n```")

    body.get_by_role("button", name="Copy").click()

    expect(body.get_by_role("button", name="Selected")).to_be_visible()
    assert ann.page.evaluate("getSelection().toString()") == "copy me"


def test_without_the_reader_a_text_is_shown_as_it_was_typed(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    ann.page.route("**/markdown-it*", lambda route: route.abort())
    expect(sends(ann, "**bold** https://a.example")).to_have_text("**bold** https://a.example")
    ann.page.unroute("**/markdown-it*")

    sends(ann, "*more*")

    expect(ann.bodies().last.locator("em")).to_have_text("more")
    expect(ann.bodies().first.locator("strong")).to_have_text("bold")


@DEVICES
def test_an_action_is_one_line(person: People, room: str, device: dict[str, Any]) -> None:
    ann = person("Ann", **device).enters(room)
    for text in ("/me waves", "/me is **really** glad"):
        body = sends(ann, text)
        tops = ann.page.locator(".message--action").last.evaluate(
            """line => ['author', 'body', 'time'].map((part) => line.querySelector(`.message__${part}`))
              .map((node) => { const { top, bottom } = node.getClientRects()[0]; return (top + bottom) / 2 })"""
        )
        assert max(tops) - min(tops) < 8
        height = body.evaluate("node => node.closest('.message').getBoundingClientRect().height")
        assert height < 40
        face, row = (ann.page.locator(part).last.bounding_box() for part in (".message__face", ".message--action"))
        assert face
        assert row
        assert row["y"] <= face["y"] <= face["y"] + face["height"] <= row["y"] + row["height"]


@DEVICES
def test_only_emoji_is_larger(person: People, room: str, device: dict[str, Any]) -> None:
    ann = person("Ann", **device).enters(room)
    words = sends(ann, "hello 🙂")
    emoji = sends(ann, "👩‍👩‍👧‍👦 🇩🇪 👍🏽")
    size = "node => parseFloat(getComputedStyle(node).fontSize)"

    assert emoji.evaluate(size) >= 2 * words.evaluate(size)


@DEVICES
def test_a_message_that_names_me_is_marked_across_its_row(person: People, room: str, device: dict[str, Any]) -> None:
    ann, bob = person("Ann", **device).enters(room), person("Bob").enters(room)
    for text in ["@ANN look", "thanks, ann!", "Annette and Joann", "mail x@ann.example"]:
        sends(bob, text)
    expect(ann.bodies()).to_have_count(4)

    marked = ann.page.locator(".message--named")
    expect(marked.locator(".message__body")).to_have_text(["@ANN look", "thanks, ann!"])
    row, lines = marked.first.bounding_box(), ann.page.get_by_role("log").bounding_box()
    assert row
    assert lines
    assert row["width"] == lines["width"]
    assert marked.first.evaluate("node => getComputedStyle(node).backgroundColor") != "rgba(0, 0, 0, 0)"
    expect(bob.page.locator(".message--named")).to_have_count(0)
    sends(ann, "I, Ann, said it")
    expect(marked).to_have_count(2)


def test_the_mark_follows_a_new_name(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)
    sends(bob, "who is Cleo?")
    expect(ann.bodies()).to_have_count(1)

    ann.renames("Cleo")

    expect(ann.page.locator(".message--named .message__body")).to_have_text(["who is Cleo?"])


# Draws each colour and reads the pixel back: the contrast of all text in a row with what lies behind it, whoever speaks
# and whatever marks the row.
CONTRASTS = """(row) => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
  const light = (...layers) => {
    for (const layer of layers) { canvas.fillStyle = layer; canvas.fillRect(0, 0, 1, 1) }
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ratio = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
  const behind = (node) => (node ? [...behind(node.parentElement), getComputedStyle(node).backgroundColor] : ['#fff'])
  const ours = ['face', 'author', 'time', 'body'].map((part) => `.message__${part}`)
  const parts = [...ours, 'a[target]', 'code', 'blockquote']
  const [plain, found] = [row.className.replace(/person-\\d+/, ''), {}]
  for (const mark of ['', 'named', 'target', 'mine', 'pending']) {
    for (let shade = 0; shade < 12; shade += 1) {
      row.className = `${plain} person-${shade} ${mark && `message--${mark}`}`
      for (const animation of row.getAnimations()) { animation.pause(); animation.currentTime = 0 }
      for (const part of parts) {
        const node = row.querySelector(part)
        const ground = behind(node)
        found[`${part} ${shade} ${mark}`] = ratio(light(...ground), light(...ground, getComputedStyle(node).color))
      }
    }
  }
  return found
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_is_legible_on_every_row(person: People, room: str, scheme: str) -> None:
    ann, bob = person("Ann", color_scheme=scheme).enters(room), person("Bob").enters(room)
    sends(bob, "hello https://a.example `code`\n\n> quoted")
    expect(ann.bodies().locator("blockquote")).to_have_count(1)
    row = ann.page.locator(".message")

    for hover in (False, True):
        row.hover() if hover else ann.box().hover()
        contrasts = row.evaluate(CONTRASTS)

        assert len(contrasts) == 7 * 5 * 12
        assert {what: round(ratio, 2) for what, ratio in contrasts.items() if ratio < 4.5} == {}


ODD = [
    "z" * 5000,
    "**" + "Z" + "\u0301" * 500 + "**",
    "```\n" + "x = 1; " * 600 + "\n```",
    "`" + "y" * 4000 + "`",
    "https://a.example/" + "p" * 1900,
    "> " * 8 + "deep " * 50,
    "- a\n" * 3 + "  - b" + "c" * 900,
    "123456789. nine digits",
    "\u202e*gnirts* txet",
    "[" + "l" * 3000 + "](https://a.example)",
    "*\u0634\u0643\u0631\u0627* and https://a.example/\n\n- \u05d0\u05d7\u05d3\n- two",
    "🙂" * 48,
]  # fmt: skip


def sideways(page: Page) -> list[str]:
    """What reaches out of its row, but for what may be moved inside its own frame."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('.message__body *:not(.code__text)')].filter((node) => {
          const [inner, row] = [node, node.closest('.message')].map((one) => one.getBoundingClientRect())
          return inner.right > row.right + 1 || inner.left < row.left - 1
        }).map((node) => node.outerHTML.slice(0, 60))"""
    )
    return found


@DEVICES
def test_odd_text_breaks_nothing(person: People, room: str, device: dict[str, Any]) -> None:
    ann = person("Ann", **device).enters(room)
    for text in ODD:
        sends(ann, text)
    expect(ann.bodies().locator("ul")).not_to_have_count(0)

    scroller = ann.page.get_by_role("region", name="Messages")
    assert scroller.evaluate("view => view.scrollWidth - view.clientWidth") == 0
    assert ann.page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    assert sideways(ann.page) == []
    code = ann.page.locator(".code__text")
    assert code.evaluate("node => node.scrollWidth > node.clientWidth")
    foot = "nodes => nodes.map((node) => [node.getBoundingClientRect().top, node.getBoundingClientRect().bottom])"
    rows = ann.page.locator(".message").evaluate_all(foot)
    assert all(below[0] >= above[1] - 1 for above, below in pairwise(rows))


def test_every_line_has_its_own_direction(person: People, room: str) -> None:
    ann = person("Ann").enters(room)

    body = sends(
        ann, "*hello*\n\n\u05e9\u05dc\u05d5\u05dd *\u05e2\u05d5\u05dc\u05dd*\n\n> \u0645\u0631\u062d\u0628\u0627"
    )

    expect(body.locator("blockquote")).to_have_count(1)
    directions = "nodes => nodes.map((node) => getComputedStyle(node).direction)"
    assert body.locator("p").evaluate_all(directions) == ["ltr", "rtl", "rtl"]
    assert body.locator("blockquote").evaluate("node => getComputedStyle(node).borderRightWidth") == "3px"


def test_an_action_runs_as_what_is_done_does(person: People, room: str) -> None:
    """The name begins the line, on the side where the words begin."""
    ann = person("Ann").enters(room)
    starts = """line => ['author', 'body'].map((part) => line.querySelector(`.message__${part}`))
      .map((node) => node.getClientRects()[0].left)"""

    sends(ann, "/me waves")
    author, what = ann.page.locator(".message--action").last.evaluate(starts)
    assert author < what

    sends(ann, "/me \u05de\u05e0\u05d5\u05e4\u05e4\u05ea *\u05e9\u05dc\u05d5\u05dd*")
    author, what = ann.page.locator(".message--action").last.evaluate(starts)
    assert author > what
