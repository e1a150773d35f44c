"""A talk worth a picture: Ann and her friends in one room of a server of their own, and what waits in her others."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

from playwright.sync_api import expect

from tests.actors import Guest
from tests.browser.person import Person
from tests.live import Server

HERE = "Sunday hike"
ELSEWHERE = {
    "Familie Grün": ["Oma hat am Freitag Geburtstag! 🎂"],
    "Release 4.2": ["The build is green.", "@Ann, shall I tag it?", "All 312 checks passed."],
    "שולחן עגול": [],
}
TALK = (
    ("Bob", "Morning! Who is coming on Sunday?"),
    ("María", "Me. The 8:12 train, as always? This is the way: https://example.org/map"),
    ("Ann", "Please bring\n- good shoes and a coat\n- something to *share*"),
    ("נועה", "בוקר טוב, אפשר להצטרף?"),
    ("Yuki", "🎉🥾"),
    ("Bob", "/me packs the `map` and two apples"),
    ("Yuki", "@Ann is there a place for my **big** thermos?"),
    ("Ann", "Of course! What I write on the train goes out when the signal is back."),
)


@contextmanager
def scene(person: Callable[[Server], Person]) -> Iterator[Person]:
    """Ann with the first room before her. `person` gives her a browser for a server."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        server.start()
        ann = person(server)
        guests: dict[str, Guest] = {}
        try:
            here = _in_all_rooms(ann)
            for name in dict(TALK):
                if name != ann.name:
                    guests[name] = Guest(server.url, here, name)
                    guests[name].joins()
            _fill(ann, guests["Bob"])
            for number, (name, text) in enumerate(TALK, 1):
                if name == ann.name:
                    ann.types(text)
                    ann.box().press("Control+Enter")
                else:
                    guests[name].says(text)
                expect(ann.page.locator(".room:visible .message:not(.message--pending)")).to_have_count(number)
            guests["Bob"].types()
            expect(ann.page.get_by_text("Bob is typing")).to_be_visible()
            yield ann
        finally:
            for guest in guests.values():
                guest.goes()
            ann.context.close()
            server.stop()


def _in_all_rooms(ann: Person) -> str:
    """The address of the one she is left in."""
    ann.page.goto("/")
    ann.page.get_by_label("Room name").fill(HERE)
    ann.page.keyboard.press("Enter")
    ann.names(ann.name).is_in()
    here = ann.page.url
    for room in ELSEWHERE:
        _column(ann)
        ann.page.get_by_role("textbox", name="Go to a room").fill(room)
        ann.page.keyboard.press("Enter")
        expect(ann.page.get_by_role("heading", name=room)).to_be_visible()
    _column(ann)
    ann.page.get_by_role("link", name=HERE).click()
    ann.page.wait_for_url(here)
    return here.rsplit("/", 1)[1]


def _fill(ann: Person, guest: Guest) -> None:
    for link in ann.page.locator(".rooms__link").all():
        room = unquote(str(link.get_attribute("href")).rsplit("/", 1)[1])
        texts = ELSEWHERE.get(str(link.get_attribute("title")))
        if texts:
            guest.joins(room)
        for text in texts or []:
            guest.says(text, room=room)


def _column(ann: Person) -> None:
    """The rooms, where they are a drawer."""
    button = ann.page.locator(".room:visible").get_by_role("button", name="Your rooms")
    if button.is_visible():
        button.click()
