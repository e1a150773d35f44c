"""The link of a room on its way to somebody: copied, sent, or read by a phone's camera."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.person import PLAIN_HOST, Person

People = Callable[..., Person]

SHARES = """Object.defineProperty(navigator, 'share', {
  value: async (what) => { window.shared = what; throw new DOMException('closed', 'AbortError') },
})"""


def shares(ann: Person) -> Locator:
    ann.page.get_by_role("banner").get_by_role("button", name="Share").click()
    return ann.page.get_by_role("dialog", name="Share this link")


def test_one_button_copies_the_link_and_shows_it(person: People, room: str) -> None:
    ann = person("Ann", permissions=["clipboard-read", "clipboard-write"]).enters(room)

    dialog = shares(ann)

    expect(dialog).to_contain_text("The link is copied.")
    expect(dialog.get_by_label("Link to share")).to_have_value(f"{ann.url}/r/{room}")
    assert ann.page.evaluate("navigator.clipboard.readText()") == f"{ann.url}/r/{room}"
    ann.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_the_link_is_copied_on_a_plain_address_too(person: People, room: str) -> None:
    ann = person("Ann", host=PLAIN_HOST).enters(room)
    assert ann.page.evaluate("[isSecureContext, typeof navigator.clipboard]") == [False, "undefined"]

    expect(shares(ann)).to_contain_text("The link is copied.")

    ann.page.keyboard.press("Enter")
    ann.box().press("Control+V")
    expect(ann.box()).to_have_value(f"{ann.url}/r/{room}")


def test_where_no_page_may_copy_the_link_is_shown_selected(person: People, room: str) -> None:
    ann = person("Ann", host=PLAIN_HOST).enters(room)
    ann.page.evaluate("document.execCommand = () => false")

    dialog = shares(ann)

    expect(dialog).to_contain_text("copy it as you copy any text")
    field = dialog.get_by_label("Link to share")
    expect(field).to_have_value(f"{ann.url}/r/{room}")
    assert field.evaluate("field => field.selectionEnd - field.selectionStart") == len(f"{ann.url}/r/{room}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_camera_finds_the_link_in_black_on_white(person: People, room: str, scheme: str) -> None:
    ann = person("Ann", host=PLAIN_HOST, color_scheme=scheme).enters(room)

    code = shares(ann).get_by_role("img", name="QR code of the link")

    expect(code).to_be_visible()
    assert code.evaluate("code => code.decode().then(() => code.naturalWidth)") > 0
    assert code.get_attribute("src") == f"/r/{room}/code.svg"


def test_a_link_for_this_machine_alone_says_so_and_has_no_code(person: People, room: str) -> None:
    ann = person("Ann").enters(room)

    dialog = shares(ann)

    expect(dialog).to_contain_text("It opens on this computer only.")
    expect(dialog.get_by_role("img")).to_be_hidden()


def test_a_phone_sends_the_link_its_own_way(person: People, room: str) -> None:
    ann = person("Ann", viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
    ann.page.add_init_script(SHARES)
    ann.enters(room)

    dialog = shares(ann)
    dialog.get_by_role("button", name="Send…").tap()

    assert ann.page.evaluate("window.shared") == {"title": room.replace("-", " "), "url": f"{ann.url}/r/{room}"}
    expect(dialog).to_be_visible()


def test_where_there_is_no_such_way_none_is_offered(person: People, room: str) -> None:
    ann = person("Ann").enters(room)

    expect(shares(ann).get_by_role("button")).to_have_text(["Done"])


COPIED = """() => {
  window.copied = []
  const { clipboard } = navigator
  if (clipboard) Object.defineProperty(clipboard, 'writeText', { value: async (text) => void window.copied.push(text) })
  document.addEventListener('copy', () => window.copied.push(document.activeElement.value), true)
}"""


@pytest.mark.parametrize("host", ["127.0.0.1", PLAIN_HOST])
def test_a_message_s_link_is_copied_by_mouse_and_by_keyboard(person: People, room: str, host: str) -> None:
    ann = person("Ann", host=host).enters(room)
    for text in ("one", "two", "three"):
        ann.says(text)
        ann.sees(text)
    ann.page.evaluate(COPIED)

    ann.message("two").hover()
    ann.message("two").locator("time").click()
    expect(ann.page.get_by_text("Link to the message copied")).to_have_count(1)
    ann.page.get_by_role("region", name="Messages").focus()
    for key in ("Tab", "ArrowUp", "ArrowUp", "Enter"):
        ann.page.keyboard.press(key)
    expect(ann.page.get_by_text("Link to the message copied")).to_have_count(2)

    assert ann.page.evaluate("window.copied") == [f"{ann.url}/r/{room}#m2", f"{ann.url}/r/{room}#m1"]


def test_a_message_s_link_is_copied_by_touch(person: People, room: str) -> None:
    ann = person("Ann", has_touch=True, is_mobile=True, viewport={"width": 390, "height": 700}).enters(room)
    for text in ("one", "two"):
        ann.types(text)
        ann.page.get_by_role("button", name="Send").tap()
        ann.sees(text)
    ann.page.evaluate(COPIED)

    ann.message("two").locator(".message__body").tap()
    ann.message("two").locator("time").tap()

    expect(ann.page.get_by_text("Link to the message copied")).to_have_count(1)
    assert ann.page.evaluate("window.copied") == [f"{ann.url}/r/{room}#m2"]
