"""Every page and state as a picture in screenshots/, to be looked at: `make screenshots`.

Wide and as on a phone, light and dark. A state is a function that brings a person there.
--readme takes those of the README anew.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.actors import House
from tests.browser.chromium import chromium
from tests.browser.full_house import full_house
from tests.browser.person import PLAIN_HOST, Person
from tests.browser.scene import scene
from tests.live import ROOT, Server

FOLDER, OF_README = ROOT / "screenshots", ROOT / "docs" / "pictures"
WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}
LONG = "Wolfeschlegelsteinhausenbergerdo"
TALK = (
    "Good morning! Who brings the **cake**? 🍰",
    "See https://example.org/recipes and [the list](https://shop.example/list)",
    "> no sugar, please\n\n- flour\n- eggs\n- `42` g butter",
    "```\nfor each in guests:\n    each.eats(cake)\n```",
    "שלום לכולם, האם יש תה?",
    "a" * 300,
    "Z̴̛͎a̵l̷g̸o̶ says hello",
    "🎉🎉",
    "/me puts the kettle on",
)


class Album:
    """Pictures of one size and one scheme."""

    def __init__(
        self, browser: Browser, server: Server, folder: Path, kind: str, device: dict[str, Any], scheme: str
    ) -> None:
        self._browser, self._server, self._folder = browser, server, folder
        self._name, self._device = f"{kind}-{scheme}", {**device, "color_scheme": scheme, "reduced_motion": "reduce"}
        self.room = House.fresh_room()

    def person(self, name: str, **device: Any) -> Person:
        return Person(self._browser, self._server, name, **{**self._device, **device})

    def picture(self, state: str, page: Page) -> None:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=self._folder / f"{state}-{self._name}.png")

    def way_in(self) -> None:
        cyril = self.person("Cyril").enters(self.room)
        ann = self.person("Ann")
        ann.page.goto("/")
        ann.page.get_by_label("Room name").fill("Tea & Biscuits")
        self.picture("lobby", ann.page)
        ann.page.get_by_label("Room name").fill("!!!")
        ann.page.keyboard.press("Enter")
        expect(ann.page.get_by_role("alert")).to_be_visible()
        self.picture("lobby-refused", ann.page)
        ann.opens(self.room)
        self.picture("name", ann.page)
        ann.names("Ann\u202e")
        expect(ann.page.get_by_role("alert")).to_be_visible()
        self.picture("name-refused", ann.page)
        ann.names("Cyril")
        expect(ann.page.get_by_role("button", name="Cyril 2")).to_be_visible()
        self.picture("name-taken", ann.page)
        ann.page.goto("/nothing/here")
        self.picture("error", ann.page)
        ann.enters(self.room)
        ann.page.goto("/")
        self.picture("lobby-known", ann.page)
        german = self.person("Jan", locale="de")
        german.page.goto("/")
        self.picture("lobby-german", german.page)
        self.closed(cyril, ann, german)

    def in_the_room(self) -> None:
        ann = self.person("Ann").enters(self.room)
        self.picture("room-empty", ann.page)
        bob = self.person(LONG).enters(self.room)
        for number, text in enumerate(TALK):
            self.says(ann if number % 3 else bob, text)
        self.picture("room", ann.page)
        self.says(ann, "Is that enough for all of us?")
        self.says(bob, "@Ann it is")
        self.picture("room-named", ann.page)
        ann.types("x" * 5001)
        self.picture("room-too-long", ann.page)
        ann.types("")
        self.says(ann, "/help", stays=True)
        self.picture("help", ann.page)
        ann.page.keyboard.press("Escape")
        if self._device.get("is_mobile"):
            ann.page.get_by_role("button", name="2 people").click()
            self.picture("drawer", ann.page)
        ann.page.get_by_role("button", name="Change your name").click()
        self.picture("name-dialog", ann.page)
        ann.page.get_by_label("Your name in this room").fill(LONG)
        ann.page.keyboard.press("Enter")
        expect(ann.page.get_by_text("These are free:")).to_be_visible()
        self.picture("name-dialog-taken", ann.page)
        ann.page.keyboard.press("Escape")
        if self._device.get("is_mobile"):
            ann.page.keyboard.press("Escape")
        ann.page.get_by_role("button", name="Notices: off").click()
        self.picture("bell", ann.page)
        ann.page.keyboard.press("Escape")
        ann.page.get_by_role("button", name="Emoji", exact=True).click()
        expect(ann.page.get_by_role("button", name="grinning face", exact=True)).to_be_visible()
        self.picture("emoji", ann.page)
        ann.page.keyboard.press("Escape")
        ann.page.goto(f"/r/{self.room}/read#end")
        self.picture("read-only", ann.page)
        self.closed(ann, bob)

    def in_several_rooms(self) -> None:
        with scene(lambda server: Person(self._browser, server, "Ann", **self._device)) as ann:
            self.picture("rooms", ann.page)
            if self._device.get("is_mobile"):
                ann.page.locator(".room:visible").get_by_role("button", name="Your rooms").click()
                self.picture("rooms-drawer", ann.page)

    def in_trouble(self) -> None:
        ann = self.person("Ann", host=PLAIN_HOST).enters(self.room)
        ann.page.evaluate("document.execCommand = () => false")
        ann.page.get_by_role("button", name="Share").first.click()
        self.picture("link-by-hand", ann.page)
        ann.page.keyboard.press("Escape")
        self._server.stop()
        expect(ann.page.get_by_text("next try")).to_be_visible()
        self.says(ann, "written while the server is away", stays=True)
        self.picture("room-away", ann.page)
        ann.page.get_by_role("button", name="Leave the room").click()
        self.picture("leave-unsent", ann.page)
        self._server.restart()
        self.closed(ann)

    def in_a_full_house(self, server: Server, room: str) -> None:
        ann = Person(self._browser, server, f"Ann {self._name}", **self._device).enters(room)
        expect(ann.page.locator(".message").last).to_be_visible()
        self.picture("full", ann.page)
        if self._device.get("is_mobile"):
            ann.page.locator(".room__people").click()
            self.picture("full-people", ann.page)
        self.closed(ann)

    @staticmethod
    def says(person: Person, text: str, *, stays: bool = False) -> None:
        person.types(text)
        person.box().press("Control+Enter")
        if not stays:
            expect(person.page.locator(".message--pending")).to_have_count(0)

    @staticmethod
    def closed(*people: Person) -> None:
        for person in people:
            person.context.close()


STATES: tuple[Callable[[Album], None], ...] = (
    Album.way_in,
    Album.in_the_room,
    Album.in_several_rooms,
    Album.in_trouble,
)


def main(*words: str) -> None:
    folder, states = (OF_README, (Album.in_several_rooms,)) if "--readme" in words else (FOLDER, STATES)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, chromium() as browser:
        server = Server(Path(data))
        server.start()
        kinds = [(*kind, scheme) for kind in (("wide", WIDE), ("phone", PHONE)) for scheme in ("light", "dark")]
        try:
            for kind in kinds:
                for state in states:
                    state(Album(browser, server, folder, *kind))
        finally:
            server.stop()
        if folder is FOLDER:
            with full_house() as (server, room):
                for kind in kinds:
                    Album(browser, server, folder, *kind).in_a_full_house(server, room)


if __name__ == "__main__":
    main(*sys.argv[1:])
