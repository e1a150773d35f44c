"""Strangers' text in a real browser. Rows 9, 14, 15 and 16 of the threats."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Page, expect

from app.chat import names as name_rules
from app.chat import rooms as room_rules
from app.chat.refusals import Refusal
from tests.actors import House
from tests.browser.person import Person
from tests.hostile import names, scripts
from tests.hostile.line import Line
from tests.live import Server

People = Callable[..., Person]
WITHIN_MS = 20_000
# Something ran, or something had to be stopped: either is a hole.
WATCH = "window.reports = []; addEventListener('securitypolicyviolation', (event) => reports.push(event.blockedURI))"
FEW_MS = 5
# Of a longer burst the page draws only the end.
AT_ONCE = 40


@pytest.fixture(scope="module")
def server_settings() -> dict[str, str]:
    """How fast somebody may be is not the matter here."""
    verbs = ("MESSAGES", "JOINS", "RENAMES", "READS", "ROOMS")
    return {"CHAT_ADMIT_PER_S": "100000"} | {f"CHAT_{verb}_PER_10S": "100000" for verb in verbs}


@pytest.fixture
def watcher(person: People, room: str) -> Iterator[Person]:
    """Ann, in the room. In the end nothing has run in any page of hers, and the policy had nothing to stop."""
    ann = person("Ann")
    ann.context.add_init_script(WATCH)
    ann.page = ann.tab()
    ann.enters(room)
    yield ann
    nothing_ran(ann.page)


def nothing_ran(page: Page) -> None:
    assert page.evaluate("reports") == []
    assert (
        page.evaluate("document.querySelectorAll('script:not([src]), [onerror], [onload], iframe, base').length") == 0
    )


def fits(rule: Callable[[str], str], text: str) -> bool:
    try:
        rule(text)
    except Refusal:
        return False
    return True


def test_the_corpus_is_as_large_as_it_says() -> None:
    assert len(scripts.ALL) >= 300
    assert len(set(names.ALL)) >= 200


def test_no_message_runs(watcher: Person, house: House, room: str) -> None:
    """Row 15 of the threats."""
    eve = house.guest("Eve")
    eve.joins(room)

    for first in range(0, len(scripts.ALL), AT_ONCE):
        said = [eve.says(text, room=room)["message"]["body"] for text in scripts.ALL[first : first + AT_ONCE]]
        expect(watcher.bodies().last).to_have_text(said[-1], timeout=WITHIN_MS)
        assert watcher.bodies().all_text_contents()[-len(said) :] == said


def test_no_name_runs(watcher: Person, house: House, room: str) -> None:
    """Row 15 of the threats: in the list, in what is told, at a message, on the pages before the room."""
    eve = house.guest("Eve")
    eve.joins(room)
    wanted = [text for text in scripts.ALL if fits(name_rules.clean, text)]
    assert len(wanted) > 80

    for text in wanted:
        name = eve.renames(text, room=room)["me"]["name"]
        assert eve.says(f"I am {name}", room=room).ok
    expect(watcher.page.locator(".person__name").last).to_have_text(name, timeout=WITHIN_MS)
    watcher.sees(f"I am {name}")

    other = watcher.tab()
    for text in wanted[::6]:
        eve.renames(text, room=room)
        other.goto(f"/name?room={room}")
        expect(other.get_by_text(text[:20]).first).to_be_visible()
        other.get_by_label("name").fill(text)
        other.keyboard.press("Enter")
        expect(other.get_by_role("heading", level=1)).to_contain_text(text.strip()[:10])
        nothing_ran(other)


def test_no_room_title_runs(watcher: Person) -> None:
    """Row 15 of the threats: on the username page, in the room, in its title and in the lobby's list."""
    wanted = [text for text in scripts.ALL if fits(room_rules.clean_title, text) and fits(room_rules.slug, text)]
    assert len(wanted) > 200

    for number, text in enumerate(wanted[::3]):
        form = {"room": text}
        answer = watcher.context.request.post(f"{watcher.url}/rooms", form=form, max_redirects=0)
        slug = answer.headers["location"].removeprefix("/r/")
        watcher.page.goto(f"/name?room={slug}" if number % 5 else f"/r/{slug}")
        nothing_ran(watcher.page)
    watcher.page.goto("/")
    nothing_ran(watcher.page)


def test_no_address_of_ours_reflects_what_runs(watcher: Person) -> None:
    """Row 15 of the threats: what stands in a link is a stranger's text, too."""
    for text in scripts.ALL[::16]:
        for path in ("/r/", "/name?room=", "/", "/static/"):
            watcher.page.goto(path + "".join(f"%{byte:02x}" for byte in text.encode()))
            nothing_ran(watcher.page)


IN_THEIR_PLACE = """() => {
  const wrong = []
  const box = (node) => node.getBoundingClientRect()
  let above = -Infinity
  for (const line of document.querySelectorAll('.message--first, .system')) {
    if (box(line).top < above - 1) wrong.push(['above its neighbour', line.textContent])
    above = box(line).bottom
    if (!getComputedStyle(line).contain.includes('paint') && getComputedStyle(line).overflow === 'visible')
      wrong.push(['can paint outside', line.className])
    const [author, time] = ['author', 'time'].map((part) => line.querySelector(`[data-part=${part}]`))
    if (author && box(author).right > box(time).left) wrong.push(['author after time', line.textContent])
    if (author && box(time).right > box(line).right) wrong.push(['time outside', line.textContent])
  }
  const people = [...document.querySelectorAll('.person')]
  const left = box(people[0].querySelector('.person__name')).left
  for (const person of people) {
    const name = box(person.querySelector('.person__name'))
    if (Math.abs(name.left - left) > 1) wrong.push(['name moved', person.textContent])
    if (name.right > box(person).right) wrong.push(['name outside', person.textContent])
  }
  for (const name of document.querySelectorAll('.system .name')) {
    const after = name.nextSibling
    if (!after) continue
    const range = document.createRange()
    range.selectNodeContents(after)
    const [first] = range.getClientRects(), mine = [...name.getClientRects()].at(-1)
    const isOnTheLine = first && mine && first.top < mine.bottom - 2
    if (isOnTheLine && first.left < mine.left - 1) wrong.push(['told before the name', name.textContent])
  }
  return wrong
}"""


def test_no_name_moves_or_paints_over_its_neighbours(watcher: Person, house: House, room: str) -> None:
    """Row 14 of the threats: odd but honest names in one room, and everybody else stays where they are."""
    for number, name in enumerate(names.FIT):
        guest = house.guest(name)
        if guest.joins(room).ok:
            guest.says(f"line {number}", room=room)
    said = watcher.page.get_by_text("line ", exact=False)
    expect(said.last).to_be_visible()
    expect(watcher.page.locator(".person")).not_to_have_count(1)

    assert watcher.page.evaluate(IN_THEIR_PLACE) == []
    watcher.page.set_viewport_size({"width": 360, "height": 640})
    assert watcher.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_no_name_of_the_corpus_is_a_twin_of_somebody_here(house: House) -> None:
    """Row 14 of the threats, at the live door."""
    victim = house.guest(names.VICTIM)
    assert victim.joins().ok
    thief = house.guest("thief")

    let_in = [name for name in names.TWINS if thief.joins(name=name).refused not in ("name_taken", "name_invalid")]
    let_in += [name for name in [*names.RESERVED, *names.UNFIT] if thief.joins(name=name).refused != "name_invalid"]
    refused = [name for name in names.FIT if house.guest("x").joins(house.fresh_room(), name=name).refused]

    assert let_in == []
    assert refused == []


def test_what_breaks_one_sender_breaks_no_browser(person: People, house: House, server: Server, room: str) -> None:
    """Row 9 of the threats."""
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)
    ann.says("before")
    bob.sees("before")

    client_id = "0" * 32
    for value in ("NaN", "Infinity", "1e999", '"\\ud800"', '"\\u0000"', "[" * 200 + "]" * 200, "1" * 5000, "null"):
        eve = Line(server.port)
        eve.opens()
        eve.asks("room:join", {"room": room, "name": "Eve"})
        eve.send_text(f'427["message:send",{{"room":"{room}","client_id":"{client_id}","body":{value}}}]')
        eve.send_text(f'428["room:join",{{"room":"{room}","name":{value}}}]')
        eve.close()
    eve = Line(server.port)
    eve.opens()
    many = json.dumps({str(number): "" for number in range(1_000_000)})
    with suppress(OSError):
        eve.send_text(f'427["typing:start",{many}]')
    assert eve.ends(5) in (1009, None)

    bob.says("after")
    ann.sees("after")
    ann.page.reload()
    ann.is_in()
    assert ann.bodies().all_text_contents() == ["before", "after"]


TIMED = """async (bodies) => {
  const { messageView } = await import('/static/js/message-view.js')
  const template = (id) => document.getElementById(id)
  const parts = { message: template('message-line'), state: template('message-state'), mixed: template('mixed-mark') }
  const view = messageView(parts, {})
  return bodies.map((body) => {
    const line = { at: 0, author: { id: 'x', name: body.slice(0, 32) }, body, is: 'text', state: 'sent' }
    const times = [1, 2, 3].map(() => {
      const began = performance.now()
      view(line).show(line)
      return performance.now() - began
    })
    return Math.min(...times)
  })
}"""


def test_no_text_keeps_the_page_busy(watcher: Person) -> None:
    """Row 16 of the threats."""
    pieces = [
        "[",
        "a@",
        "http://",
        "*",
        "_",
        "`",
        "(",
        "<",
        "&",
        "\u202e",
        "e\u0301",
        "\U0001f469\u200d",
        "> ",
        "\n",
        "[x](",
        "www.",
    ]

    times = watcher.page.evaluate(TIMED, [(piece * 16_000)[:16_000] for piece in pieces])

    assert [(piece, took) for piece, took in zip(pieces, times, strict=True) if took > FEW_MS] == []
