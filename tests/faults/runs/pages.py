"""Real pages in a real browser: reloaded, crashed, offline, refused a place to keep things, and two at once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import closing, suppress

from playwright.sync_api import Browser, expect
from playwright.sync_api import Error as PageError

from tests.browser.chromium import chromium
from tests.browser.person import PLAIN_HOST, WITHIN_MS, Person
from tests.faults.checker import Violation
from tests.faults.pages import check
from tests.faults.stage import GENEROUS, FaultServer, Stage
from tests.faults.tabs import FULL_DATABASE, NO_DATABASE, NO_STORAGE, Tabs
from tests.needs import need_chromium

Fault = Callable[[Tabs, int], None]

HOSTS = ("127.0.0.1", PLAIN_HOST)
WARNING = "This browser keeps nothing"


# Most of a run is waiting for a server or for a page to come back.
AT_ONCE = 3
HASTY = {"CHAT_RECONNECT_MAX_S": "2"}


async def run(stage: Stage) -> None:
    """Each fault 50 times, every time in a room and in a browser of Ann's own; each fault has a server of its own."""
    need_chromium()
    free = asyncio.Semaphore(AT_ONCE)

    async def lane(fault: Fault) -> Lane:
        async with free:
            return await asyncio.to_thread(Lane(stage, fault).play)

    lanes = await asyncio.gather(*map(lane, (reload, crash, offline, refused, two_tabs)))
    for each in lanes:
        stage.report.note(each.name, each)
    stage.report.check(violation for each in lanes for violation in each.broken)


class Lane:
    """One fault, again and again. Its chances come from the seed and its name, whatever goes on beside it."""

    def __init__(self, stage: Stage, fault: Fault) -> None:
        self.fault = fault
        self.name = fault.__name__
        self.rounds = stage.choose(2, 50)
        self.rng = random.Random(f"{stage.report.seed} pages {self.name}")
        # A short run plays few of a fault's ways; each seed begins with another.
        self.first = self.rng.randrange(6)
        folder = stage.folder / self.name
        folder.mkdir()
        self.server = FaultServer(folder)
        self.broken: list[Violation] = []
        self.messages = 0

    def __str__(self) -> str:
        return f"{self.rounds} times, {self.messages} messages, {len(self.broken)} violations"

    def play(self) -> Lane:
        self.server.start(**GENEROUS | HASTY)
        try:
            with chromium() as browser:
                bob = Person(browser, self.server, "Bob")
                for number in range(self.rounds):
                    self._once(browser, bob, number)
            self.server.stop()
        finally:
            self.server.kill()
        return self

    def _once(self, browser: Browser, bob: Person, number: int) -> None:
        try:
            with closing(Tabs(browser, self.server, bob, self.rng, HOSTS[number % 2])) as tabs:
                self.fault(tabs, self.first + number // 2)
                self.broken += check(tabs.settle())
            self.messages += sum(map(len, tabs.seen.typed.values()))
        except (AssertionError, PageError) as error:
            self.broken.append(Violation("a page does as a person expects", f"{self.name} {number}: {error}"))
            if not self.server.answers():
                self.server.restart()


def reload(tabs: Tabs, number: int) -> None:
    """Messages wait; the page is reloaded while nothing answers, or just when it is about to send them."""
    tabs.enter()
    if number % 2:
        tabs.server.kill()
    else:
        tabs.ann.context.set_offline(True)
    tabs.say(4)
    if tabs.rng.random() < 0.5:
        with suppress(PageError):
            tabs.ann.page.reload()
    if number % 2:
        tabs.server.restart()
    else:
        tabs.ann.context.set_offline(False)
    tabs.pause(800)
    # The browser's own page for "you are offline" may be loading ours again just now, and one of the two is cut off.
    with suppress(PageError):
        tabs.ann.page.reload()
    tabs.ann.page.wait_for_load_state("load")


def crash(tabs: Tabs, number: int) -> None:
    """The page's process dies while messages wait, or while they are being sent; the room is opened again."""
    tabs.enter()
    if number % 2:
        tabs.server.kill()
    tabs.type_away(5, "Ann")
    tabs.typed_out()
    tabs.pause(60)
    with tabs.ann.page.expect_event("crash"), suppress(PageError):
        tabs.ann.page.goto("chrome://crash")
    if number % 2:
        tabs.server.restart()
    tabs.open_again()


def offline(tabs: Tabs, number: int) -> None:
    """Ten minutes without a network, which the page's clock lives through in a moment."""
    tabs.ann.page.clock.install()
    tabs.enter()
    tabs.ann.context.set_offline(True)
    tabs.say(2)
    for minutes in (3, 4, 3):
        tabs.ann.page.clock.fast_forward(minutes * 60_000)
        tabs.say(1)
    tabs.ann.context.set_offline(False)


def refused(tabs: Tabs, number: int) -> None:
    """No IndexedDB, or a full one: localStorage, over a reload. Neither: the page says so and goes on."""
    database = (NO_DATABASE, FULL_DATABASE)[number % 2]
    has_storage = number // 2 % 2 == 0
    tabs.enter(database if has_storage else f"{database}; {NO_STORAGE}")
    tabs.server.kill()
    tabs.say(4)
    warning = tabs.ann.page.get_by_text(WARNING)
    expect(warning).to_have_count(0 if has_storage else 1, timeout=WITHIN_MS)
    tabs.server.restart()
    if has_storage:
        tabs.ann.page.reload()


def two_tabs(tabs: Tabs, number: int) -> None:
    """Two tabs of one browser type at the same time; every second time the server is killed meanwhile."""
    tabs.enter()
    tabs.open_again("Ann's second tab")
    for tab in ("Ann", "Ann's second tab"):
        tabs.type_away(6, tab)
    if number % 2:
        tabs.pause(150)
        tabs.server.kill()
        tabs.server.restart()
    tabs.typed_out()
