"""Strangers' text in a real browser. Rows 9, 14, 15 and 16 of the threats."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Page, expect

from app.chat import names as name_rules
from app.chat import rooms as room_rules
from app.chat.messages import BODY_CHARS
from app.chat.refusals import Refusal
from tests.actors import House
from tests.browser.person import Person
from tests.hostile import markdown, names, scripts
from tests.hostile.line import Line
from tests.live import Server

People = Callable[..., Person]
WITHIN_MS = 20_000
# Something ran, or something had to be stopped: either is a hole.
WATCH = "window.reports = []; addEventListener('securitypolicyviolation', (event) => reports.push(event.blockedURI))"
FEW_MS = 5
# Of a longer burst the page draws only the end.
AT_ONCE = 20
# What loses its signs to Markdown or is warned of, and how it is shown.
SHOWN = {
    "__proto__": "proto",
    '{"__proto__":{"x":1}}': '{"proto":{"x":1}}',
    "http://javascript:alert(1)@x/": "http://javascript:alert(1)@x/ (leads to x)",
    "javascript:/*--></title>*/alert(1)": "javascript:/--></title>/alert(1)",
    "`<img src=x onerror=alert(1)>`": "<img src=x onerror=alert(1)>",
    "**<script>alert(1)</script>**": "<script>alert(1)</script>",
}
# Nothing else is ever made of a message.
TEXT = {"A", "BLOCKQUOTE", "CODE", "EM", "LI", "OL", "P", "PRE", "S", "SPAN", "STRONG", "UL"}
ELEMENTS = TEXT | {"DIV", "BUTTON", "svg", "use"}


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

    for begin in range(0, len(scripts.ALL), AT_ONCE):
        texts = scripts.ALL[begin : begin + AT_ONCE]
        said = [eve.says(text, room=room)["message"]["body"] for text in texts]
        eve.says(f"*{begin}*", room=room)
        expect(watcher.bodies().last.locator("em")).to_have_text(f"{begin}", timeout=WITHIN_MS)
        shown = watcher.bodies().all_text_contents()[-len(said) - 1 : -1]
        assert shown == [SHOWN.get(text, text) for text in said]


def test_no_markdown_runs(watcher: Person, house: House, room: str) -> None:
    """Row 15 of the threats: neither what is shown nor where a link leads."""
    eve = house.guest("Eve")
    eve.joins(room)

    bodies = watcher.bodies()
    for count, text in enumerate([*markdown.RUNS, *markdown.LINKS, "[end](https://safe.example)"], 1):
        assert eve.says(text, room=room).ok
        if count % AT_ONCE == 0:
            # Of a longer burst the page would draw the end alone.
            expect(bodies).to_have_count(count, timeout=WITHIN_MS)
    expect(bodies).to_have_count(count, timeout=WITHIN_MS)
    expect(bodies.get_by_role("link", name="end")).to_be_visible(timeout=WITHIN_MS)

    links = "nodes => nodes.map((node) => [...node.querySelectorAll('a')].map(({ href }) => href))"
    led = bodies.evaluate_all(links)
    assert [href for hrefs in led[: len(markdown.RUNS)] for href in hrefs] == []
    assert all(hrefs and all("safe.example" in href for href in hrefs) for hrefs in led[len(markdown.RUNS) :])
    made = "nodes => nodes.flatMap((node) => [...node.querySelectorAll('*')].map(({ tagName }) => tagName))"
    assert set(bodies.evaluate_all(made)) <= ELEMENTS
    assert bodies.locator("[onclick], [onmouseover], [onerror], [style]:not(ol), img").count() == 0


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
        expect(other.get_by_role("alert")).to_contain_text(text.strip()[:10])
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
    said = watcher.bodies().filter(has_text="line ")
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


# A message as the page makes it, each anew and in a picture of its own, with the reader of Markdown there.
TIMED = """async (bodies) => {
  const { richText } = await import('/static/js/rich-text.js')
  const { messageView } = await import('/static/js/message-view.js')
  const { namesPerson } = await import('/static/js/mentions.js')
  const here = document.querySelector.bind(document)
  const write = richText({ template: here('#code-block'), still: (change) => change() })
  const templates = { message: here('#message-line'), state: here('#message-state'), mixed: here('#mixed-mark') }
  const view = messageView(templates, {}, { write, namesMe: namesPerson(() => 'Ann Lee') })
  const line = (body) => ({ at: 0, author: { id: 'x', name: body.slice(0, 32) }, body, is: 'text', state: 'sent' })
  const first = document.body.appendChild(document.createElement('div'))
  write(first, '**read**')
  while (!first.querySelector('strong')) await new Promise((done) => setTimeout(done, 20))
  first.remove()
  const found = []
  for (const body of bodies) {
    const times = []
    for (let turn = 0; turn < 5; turn += 1) {
      await new Promise((done) => setTimeout(done, 20))
      const began = performance.now()
      view(line(body)).show(line(body))
      times.push(performance.now() - began)
    }
    found.push(Math.min(...times))
  }
  return found
}"""


@pytest.mark.alone
def test_no_text_keeps_the_page_busy(watcher: Person) -> None:
    """Row 16 of the threats."""
    texts = [(piece * BODY_CHARS)[:BODY_CHARS] for piece in markdown.SLOW]
    texts += [shape[:BODY_CHARS] for shape in markdown.SLOW_SHAPES]

    times = watcher.page.evaluate(TIMED, texts)

    assert [(text[:20], took) for text, took in zip(texts, times, strict=True) if took > FEW_MS] == []
