"""Two people with browsers in one room: Ann types through a fault, Bob looks on. In the end, what became of it."""

from __future__ import annotations

import random
import time
from contextlib import suppress

from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PageError

from tests.actors import House
from tests.browser.person import Person
from tests.faults.database import read_stored
from tests.faults.pages import Seen, check
from tests.faults.stage import FaultServer

SETTLES_WITHIN_S = 20.0

NO_DATABASE = "Object.defineProperty(window, 'indexedDB', { value: undefined })"
FULL_DATABASE = "IDBObjectStore.prototype.add = () => { throw new DOMException('full', 'QuotaExceededError') }"
NO_STORAGE = "Storage.prototype.setItem = () => { throw new DOMException('refused', 'QuotaExceededError') }"

# A hand that types one message after another by itself, so that several tabs type at the same time.
HAND = """([texts, pauses]) => {
  const box = document.querySelector('textarea')
  const enter = () => new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true })
  window.hand = (async () => {
    for (const [n, text] of texts.entries()) {
      await new Promise((resolve) => setTimeout(resolve, pauses[n]))
      box.value = text
      box.dispatchEvent(new InputEvent('input', { bubbles: true }))
      box.dispatchEvent(enter())
    }
  })()
}"""

# What rests in both places where an outbox may be.
WAITING = """async () => {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith('chat:outbox:'))
  const inStorage = keys.map((key) => JSON.parse(localStorage.getItem(key)))
  const inDatabase = await new Promise((resolve) => {
    if (!window.indexedDB) return resolve([])
    const opening = indexedDB.open('chat', 1)
    opening.onsuccess = () => {
      const reading = opening.result.transaction('outbox').objectStore('outbox').getAll()
      reading.onsuccess = () => {
        opening.result.close()
        resolve(reading.result)
      }
    }
  })
  const waiting = [...inStorage, ...inDatabase]
  return Object.values(Object.fromEntries(waiting.map(({ client_id, body }) => [client_id, body])))
}"""


class Tabs:
    """One run's: a room and a browser of Ann's own. `say` and `type_away` write down what they typed, by tab."""

    def __init__(
        self, browser: Browser, server: FaultServer, bob: Person, rng: random.Random, host: str = "127.0.0.1"
    ) -> None:
        self.server = server
        self.rng = rng
        self.room = House.fresh_room()
        self.ann = Person(browser, server, "Ann", host=host)
        self.bob = bob
        self.seen = Seen(self.room)
        self.pages: dict[str, Page] = {"Ann": self.ann.page, "Bob": self.bob.page}
        self._written = 0

    def enter(self, refused: str = "") -> Tabs:
        if refused:
            self.ann.context.add_init_script(refused)
        self.bob.enters(self.room)
        self.ann.enters(self.room)
        return self

    def open_again(self, tab: str = "Ann") -> None:
        """The room in a new page of Ann's browser, in the place of this tab or as one more."""
        page = self.ann.tab()
        page.goto(f"/r/{self.room}")
        self.ann.is_in(page)
        old, self.pages[tab] = self.pages.get(tab), page
        if old:
            old.close()

    def texts(self, count: int, tab: str = "Ann") -> list[str]:
        texts = [f"{tab} wrote {self._written + n}" for n in range(count)]
        self._written += count
        self.seen.typed.setdefault(tab, []).extend(texts)
        return texts

    def say(self, count: int) -> None:
        for text in self.texts(count):
            self.ann.says(text, self.pages["Ann"])

    def type_away(self, count: int, tab: str) -> None:
        """Begin to type; do not wait for the end."""
        pauses = [self.rng.randrange(40) for _ in range(count)]
        self.pages[tab].evaluate(HAND, [self.texts(count, tab), pauses])

    def typed_out(self) -> None:
        for page in (self.pages[tab] for tab in self.seen.typed):
            page.evaluate("() => window.hand")

    def pause(self, most_ms: int) -> None:
        self.bob.page.wait_for_timeout(self.rng.randrange(most_ms))

    def settle(self) -> Seen:
        """Wait until all is as promised, or for so long that it will not be."""
        deadline = time.monotonic() + SETTLES_WITHIN_S
        while any(check(self._look())) and time.monotonic() < deadline:
            self.bob.page.wait_for_timeout(50)
        return self._look()

    def close(self) -> None:
        self.bob.complaints.clear()
        with suppress(PageError):
            self.ann.context.close()

    def _look(self) -> Seen:
        seen = self.seen
        seen.stored = [row.body for row in read_stored(self.server.data).rows[self.room]]
        seen.shown = {name: self.ann.bodies(page).all_inner_texts() for name, page in self.pages.items()}
        seen.waiting = {"Ann": self.pages["Ann"].evaluate(WAITING)}
        seen.complaints = self.ann.complaints + self.bob.complaints
        return seen
