"""The link, the server or the page goes away: what was written is sent once, and nothing said is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Error as PageError
from playwright.sync_api import Page, expect

from tests.browser.person import PLAIN_HOST, WITHIN_MS, Person
from tests.live import Server
from tests.wide_server import one_process

People = Callable[..., Person]


@pytest.fixture(scope="module")
def server_settings() -> dict[str, str]:
    """Half the grace: less to wait for, still longer than a reload."""
    return {"CHAT_LEAVE_GRACE_S": "2"}


@pytest.fixture(autouse=True)
def _the_server_is_back_afterwards(server: Server) -> Iterator[None]:
    yield
    if not server.answers():
        server.restart()


def strip(page: Page) -> None:
    expect(page.get_by_text("Reconnecting…").or_(page.get_by_text("restarting"))).to_be_visible(timeout=WITHIN_MS)


def test_the_talk_goes_on_over_a_restart_with_its_history(person: People, room: str, server: Server) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)
    ann.says("before the restart")
    bob.sees("before the restart")
    ann.is_told("Bob joined")

    server.restart()
    bob.says("after the restart")
    ann.sees("after the restart")
    ann.says("so it is")
    bob.sees("so it is")

    said = ["before the restart", "after the restart", "so it is"]
    assert ann.bodies().all_inner_texts() == bob.bodies().all_inner_texts() == said
    ann.sees_people("Ann", "Bob")
    assert ann.page.locator(".system").all_inner_texts() == ["Bob joined"]
    ann.page.reload()
    for text in said:
        ann.sees(text)


def test_killed_and_started_again_the_server_misses_nothing(person: People, room: str, server: Server) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)
    ann.says("on disk")
    bob.sees("on disk")

    server.kill()
    ann.says("while it was down")
    server.restart()

    bob.sees("while it was down")
    assert bob.bodies().all_inner_texts() == ["on disk", "while it was down"]


def test_what_is_written_while_the_server_is_away_waits_in_sight_and_goes_out_once(
    person: People, room: str, server: Server
) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)
    server.stop()
    for text in ("one", "two", "three"):
        ann.says(text)
    expect(ann.message("two")).to_contain_text("Waiting to be sent.")
    strip(ann.page)

    server.restart()
    bob.sees("three")
    ann.sees("three")

    assert ann.bodies().all_inner_texts() == bob.bodies().all_inner_texts() == ["one", "two", "three"]
    expect(ann.page.get_by_text("Waiting to be sent.")).to_have_count(0)
    expect(ann.page.get_by_text("Reconnecting…")).to_be_hidden()


NO_DATABASE = "Object.defineProperty(window, 'indexedDB', { value: undefined })"
NO_STORAGE = "Storage.prototype.setItem = () => { throw new DOMException('refused', 'QuotaExceededError') }"


@pytest.mark.parametrize(
    "host, refused",
    [("127.0.0.1", ""), (PLAIN_HOST, ""), ("127.0.0.1", NO_DATABASE), (PLAIN_HOST, NO_DATABASE)],
    ids=["secure origin", "plain http", "no IndexedDB", "plain http, no IndexedDB"],
)
def test_what_waits_survives_a_reload(person: People, room: str, host: str, refused: str) -> None:
    ann, bob = person("Ann", host=host), person("Bob").enters(room)
    ann.context.add_init_script(refused)
    ann.enters(room)
    ann.page.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    ann.page.reload()
    ann.says("kept through the reload")
    expect(ann.message("kept through the reload")).to_contain_text("Waiting to be sent.")

    ann.page.reload()
    expect(ann.message("kept through the reload")).to_be_visible()
    ann.page.close()
    page = ann.tab()
    page.goto(f"/r/{room}")

    bob.sees("kept through the reload")
    ann.sees("kept through the reload", page)
    assert bob.bodies().all_inner_texts() == ["kept through the reload"]


def test_where_nothing_can_be_kept_the_page_says_so_and_still_talks(person: People, room: str) -> None:
    ann = person("Ann")
    ann.context.add_init_script(f"{NO_DATABASE}; {NO_STORAGE}")
    ann.enters(room)
    bob = person("Bob").enters(room)

    expect(ann.page.get_by_text("This browser keeps nothing")).to_be_visible()
    expect(bob.page.get_by_text("This browser keeps nothing")).to_have_count(0)
    ann.says("said all the same")

    bob.sees("said all the same")
    ann.sees("said all the same")


@pytest.mark.parametrize("host", ["127.0.0.1", PLAIN_HOST], ids=["secure origin", "plain http"])
def test_two_tabs_that_type_lose_and_double_nothing(person: People, room: str, server: Server, host: str) -> None:
    ann, bob = person("Ann", host=host).enters(room), person("Bob").enters(room)
    second = ann.tab()
    second.goto(f"/r/{room}")
    ann.is_in(second)
    server.stop()
    said = [f"{'first' if n % 2 else 'second'} tab {n}" for n in range(8)]
    for n, text in enumerate(said):
        ann.says(text, ann.page if n % 2 else second)
        expect(ann.message(text, second if n % 2 else ann.page)).to_have_count(1)

    server.restart()
    for text in said:
        bob.sees(text)
        ann.sees(text)
        ann.sees(text, second)

    assert bob.bodies().all_inner_texts() == said
    assert ann.bodies(second).all_inner_texts() == said


def test_a_draft_survives_a_reload_and_ends_with_the_message(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    ann.types("half a thou")

    ann.page.reload()
    ann.is_in()
    expect(ann.box()).to_have_value("half a thou")
    ann.says("half a thought")
    ann.sees("half a thought")
    ann.page.reload()
    ann.is_in()

    expect(ann.box()).to_have_value("")


# A disk that never answers a write: nothing of it is there for the next page.
SILENT_DISK = """
const add = IDBObjectStore.prototype.add
IDBObjectStore.prototype.add = function (...what) {
  const adding = add.apply(this, what)
  this.transaction.abort()
  return adding
}
Object.defineProperty(IDBTransaction.prototype, 'onabort', { set() {} })
"""


def test_a_page_that_dies_before_its_disk_answers_costs_no_message(person: People, room: str) -> None:
    ann, bob = person("Ann"), person("Bob").enters(room)
    ann.page.add_init_script(SILENT_DISK)
    ann.enters(room)
    ann.context.set_offline(True)
    for text in ("one", "two", "three"):
        ann.says(text)
    with ann.page.expect_event("crash"), suppress(PageError):
        ann.page.goto("chrome://crash")
    ann.page.close()
    ann.context.set_offline(False)

    page = ann.tab()
    page.goto(f"/r/{room}")

    for text in ("one", "two", "three"):
        bob.sees(text)
        ann.sees(text, page)
    assert ann.bodies(page).all_inner_texts() == bob.bodies().all_inner_texts() == ["one", "two", "three"]
    assert ann.box(page).input_value() == ""


# A disk that takes its time to take something out.
SLOW_TO_FORGET = """
const cursor = IDBIndex.prototype.openCursor
IDBIndex.prototype.openCursor = function (...what) {
  let turns = 300
  const again = () => turns-- && (this.objectStore.count().onsuccess = again)
  again()
  return cursor.apply(this, what)
}
"""


def test_what_was_seen_discarded_is_never_sent(person: People, room: str) -> None:
    ann = person("Ann")
    ann.page.add_init_script(SLOW_TO_FORGET)
    ann.enters(room)
    refuse_next(ann.page, "forbidden", "Not just now.")
    ann.says("better not")
    ann.message("better not").get_by_role("button", name="Discard").click()
    expect(ann.message("better not")).to_have_count(0)

    ann.page.reload()

    ann.is_in()
    ann.says("good morning")
    ann.sees("good morning")
    assert ann.bodies().all_inner_texts() == ["good morning"]


def test_a_refused_message_says_why_and_can_be_sent_again_or_discarded(person: People, room: str) -> None:
    ann = person("Ann").enters(room)
    refuse_next(ann.page, "forbidden", "Not just now.")
    ann.says("first try")
    line = ann.message("first try")
    expect(line).to_contain_text("Not just now.")

    line.get_by_role("button", name="Retry").click()
    ann.sees("first try")
    expect(line).not_to_contain_text("Not just now.")
    refuse_next(ann.page, "forbidden", "Not just now.")
    ann.says("second try")
    ann.message("second try").get_by_role("button", name="Discard").click()

    expect(ann.message("second try")).to_have_count(0)
    ann.page.reload()
    ann.is_in()
    assert ann.bodies().all_inner_texts() == ["first try"]


def loses_names(server: Server) -> None:
    """A server that starts without knowing who held which name: for those away it is as if the lease had run out."""
    server.stop()
    (server.data / "names.json").unlink(missing_ok=True)
    server.start()


@one_process
def test_a_name_lost_meanwhile_is_chosen_again_in_place(person: People, room: str, server: Server) -> None:
    bob = person("Bob").enters(room)
    bob.says("said as Bob")
    bob.sees("said as Bob")
    bob.context.set_offline(True)
    loses_names(server)
    thief = person("Bob").enters(room)

    bob.context.set_offline(False)
    dialog = bob.page.get_by_role("dialog", name="Choose another name")
    expect(dialog).to_be_visible(timeout=WITHIN_MS)
    for _ in range(3):
        bob.page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Your name in this room").fill("BOB")
    bob.page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("BOB")
    dialog.get_by_label("Your name in this room").fill("Bobby")
    bob.page.keyboard.press("Enter")

    thief.sees_people("Bob", "Bobby")
    bob.says("said as Bobby")
    thief.sees("said as Bobby")


@one_process
def test_a_name_that_is_free_again_asks_for_no_other(person: People, room: str, server: Server) -> None:
    bob = person("Bob").enters(room)
    bob.context.set_offline(True)
    loses_names(server)
    thief = person("Bob").enters(room)
    bob.context.set_offline(False)
    dialog = bob.page.get_by_role("dialog", name="Choose another name")
    expect(dialog).to_be_visible(timeout=WITHIN_MS)
    thief.leaves()

    server.restart()

    expect(dialog).to_be_hidden(timeout=WITHIN_MS)
    bob.says("still Bob")
    bob.sees("still Bob")


def test_a_page_that_the_browser_put_aside_joins_again(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)
    ann.sees_people("Ann", "Bob")
    ann.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    bob.sees_people("Bob")
    bob.says("while Ann was aside")

    ann.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")

    ann.sees("while Ann was aside")
    bob.sees_people("Bob", "Ann")


def test_a_link_that_was_silent_while_the_machine_slept_is_not_trusted(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)

    with ann.page.expect_websocket():
        ann.page.evaluate(
            """() => {
              const now = Date.now
              Date.now = () => now() + 20_000
              document.dispatchEvent(new Event('visibilitychange'))
            }"""
        )

    bob.says("awake?")
    ann.sees("awake?")


def refuse_next(page: Page, code: str, detail: str) -> None:
    """The next message:send is answered with a refusal, as a server would, without reaching it."""
    page.evaluate(
        """([code, detail]) => {
          const send = WebSocket.prototype.send
          WebSocket.prototype.send = function (frame) {
            const [, id] = /^42(\\d+)\\["message:send"/.exec(frame) ?? []
            if (!id) return send.call(this, frame)
            WebSocket.prototype.send = send
            const data = `43${id}${JSON.stringify([{ ok: false, error: { code, detail } }])}`
            this.dispatchEvent(new MessageEvent('message', { data }))
            this.onmessage?.({ data })
          }
        }""",
        [code, detail],
    )
