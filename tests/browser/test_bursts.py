"""Ten thousand messages at once, and the browser's own word for whether the page stood still."""

from __future__ import annotations

import json
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page, expect

from tests.browser.person import Person
from tests.hostile.line import Line, frame
from tests.live import Server
from tests.wire import TEXT

pytestmark = pytest.mark.alone

People = Callable[..., Person]

BURST = 10_000
LONGEST_MS = 50
TRIES = 5
ACK = b'"ok":true'
# A reader's browser does not share its processor with the server and with those who write.
LAST = 19

LISTEN = """() => {
  window.longTasks = []
  const note = (list) => window.longTasks.push(...list.getEntries().map(({ duration }) => Math.round(duration)))
  new PerformanceObserver(note).observe({ type: 'longtask' })
}"""
FURTHER_UP = """() => {
  const view = document.querySelector('[data-part="scroller"]')
  return view.scrollHeight - view.clientHeight - view.scrollTop > 300
}"""
# Where the line stands that was under the eye at first.
PLACE = """() => {
  window.eye ??= document.elementFromPoint(innerWidth / 2, innerHeight / 2).closest('.message')
  return window.eye.getBoundingClientRect().top
}"""
SETTLED = "() => new Promise((done) => requestIdleCallback(() => setTimeout(done, 200)))"


@pytest.fixture(scope="module")
def server_settings() -> dict[str, str]:
    counts = ("MESSAGES", "CONNECTION_POINTS", "ADDRESS_POINTS", "ROOM_POINTS")
    return {f"CHAT_{count}_PER_10S": str(BURST * 100) for count in counts}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, server_settings: dict[str, str]) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("server"))
    server.words = ("nice", "-n", str(LAST), *server.words)
    try:
        server.start(**server_settings)
        yield server
    finally:
        server.stop()


def burst(server: Server, room: str, count: int = BURST, people: int = 20) -> None:
    """People come and all say their share with one breath. Returns when each has heard that all of it is kept."""

    def say(number: int) -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LAST)
        line = Line(server.port)
        line.opens()
        assert line.asks("room:join", {"room": room, "name": f"Somebody {number}-{secrets.token_hex(2)}"})["ok"]
        line.waits(60)
        all_here.wait(20)
        bodies = [f"message {n}" for n in range(count // people)]
        sends = [{"room": room, "client_id": secrets.token_hex(16), "body": body} for body in bodies]
        line.send_bytes(b"".join(frame(TEXT, f"421{json.dumps(['message:send', send])}".encode()) for send in sends))
        # In large pieces: who reads frame by frame is behind so many, and is cut off.
        kept, tail = 0, b""
        while kept < len(sends):
            data = tail + line.takes()
            kept += data.count(ACK)
            tail = data[1 - len(ACK) :]
        line.close()

    all_here = threading.Barrier(people)
    with ThreadPoolExecutor(people) as threads:
        list(threads.map(say, range(people)))


def longest_task_ms(page: Page, scenario: Callable[[], None]) -> int:
    """Of the first try in which no task was long, else the least of all: a busy machine holds a page up once."""
    longest = []
    while len(longest) < TRIES and (not longest or longest[-1] > LONGEST_MS):
        page.evaluate("() => (window.longTasks.length = 0)")
        scenario()
        page.evaluate(SETTLED)
        longest.append(max(page.evaluate("() => window.longTasks"), default=0))

    return min(longest)


def test_a_reader_at_the_end_follows_a_burst_without_a_long_task(person: People, room: str, server: Server) -> None:
    ann = person("Ann").enters(room)
    ann.page.evaluate(LISTEN)

    def follow() -> None:
        burst(server, room)
        burst(server, room, 20)
        expect(ann.page.get_by_role("button", name=" new")).to_be_hidden()
        expect(ann.page.get_by_text("message 0").last).to_be_in_viewport(timeout=60_000)

    assert longest_task_ms(ann.page, follow) <= LONGEST_MS


def test_a_reader_further_up_is_not_moved_by_a_burst_nor_held_up(person: People, room: str, server: Server) -> None:
    burst(server, room, 100)
    ann = person("Ann").enters(room)
    ann.page.get_by_role("log").hover()
    ann.page.mouse.wheel(0, -400)
    button = ann.page.get_by_role("button", name=" new")
    ann.page.evaluate(LISTEN)
    ann.page.wait_for_function(FURTHER_UP)
    place = ann.page.evaluate(PLACE)

    heard = 0

    def read_on() -> None:
        burst(server, room)
        nonlocal heard
        heard += BURST
        expect(button).to_contain_text(f"{heard:,} new", timeout=60_000)

    assert longest_task_ms(ann.page, read_on) <= LONGEST_MS
    assert ann.page.evaluate(PLACE) == pytest.approx(place, abs=1)
