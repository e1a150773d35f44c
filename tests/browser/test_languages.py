"""The same page in another language: chosen by the browser, to the last word, number and date."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.person import Person

People = Callable[..., Person]


def test_a_room_in_german(person: People, room: str) -> None:
    ann, jan = person("Ann").enters(room), person("Jan", locale="de-AT").opens(room)
    expect(jan.page.locator("html")).to_have_attribute("lang", "de")
    expect(jan.page.get_by_text("Gerade hier: Ann.")).to_be_visible()

    jan.page.get_by_label("Dein Name").fill("ann")
    jan.page.keyboard.press("Enter")
    expect(jan.page.get_by_role("alert")).to_contain_text("Hier heißt schon jemand ann oder sehr ähnlich.")
    jan.page.get_by_label("Dein Name").fill("Jan")
    jan.page.keyboard.press("Enter")
    jan.is_in()
    ann.says("Servus")

    jan.sees("Servus", jan.page)
    expect(jan.page.locator(".day")).to_have_text("Heute")
    expect(jan.page.locator(".room__people")).to_have_attribute("aria-label", "2 Personen")
    person("Bob").enters(room)
    jan.is_told("Bob ist da")
    jan.page.get_by_role("button", name="Deinen Namen ändern").click()
    jan.page.get_by_label("Dein Name in diesem Raum").fill("ANN")
    jan.page.get_by_role("button", name="Speichern").click()
    expect(jan.page.get_by_role("alert")).to_have_text(
        "Hier heißt schon jemand ANN oder sehr ähnlich. Wähle einen anderen Namen."
    )
    jan.page.get_by_label("Dein Name in diesem Raum").fill("System")
    jan.page.get_by_role("button", name="Speichern").click()
    expect(jan.page.get_by_role("alert")).to_have_text("Dieser Name ist vergeben. Wähle einen anderen Namen.")


def test_emoji_are_found_by_the_words_of_the_reader_s_language(person: People, room: str) -> None:
    jan = person("Jan", locale="de").enters(room)
    box, options = jan.page.locator("#message"), jan.page.get_by_role("option")
    for words in ("grüne", "celebration"):
        box.fill("")
        box.press_sequentially(f":{words}")
        expect(options.first).to_be_visible()

    box.fill("")
    box.press_sequentially(":geburtstagst")
    expect(options.first).to_contain_text("\U0001f382")
    box.press("Tab")
    expect(box).to_have_value("\U0001f382 ")


def test_emoji_are_called_by_their_names_in_the_reader_s_language(person: People, room: str) -> None:
    jan = person("Jan", locale="de").enters(room)
    jan.page.get_by_role("button", name="Emoji").click()
    panel = jan.page.get_by_role("dialog", name="Emoji")

    panel.get_by_role("searchbox").fill("geburtstag")

    expect(panel.get_by_role("button", name="Geburtstagskuchen", exact=True)).to_have_text("\U0001f382")
