"""How a talk is laid out in lines: who spoke under which head, on which day, and what happened in between."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from tests.actors import House
from tests.browser.person import Person
from tests.live import Server
from tests.wide_server import one_process

People = Callable[..., Person]

# Each line as it is read: "Ann: under her name", "… under the same", "20 May" of a day's, and what is told.
LINES = r"""() => [...document.querySelectorAll('.timeline__lines > *')].map((line) => {
  const body = line.querySelector('.message__body')?.textContent
  if (line.matches('.message--first')) return `${line.querySelector('.message__author').textContent}: ${body}`
  return line.matches('.message') ? `… ${body}` : (line.textContent.match(/\d+ May/)?.[0] ?? line.textContent)
})"""


@pytest.fixture(scope="module")
def server_settings() -> dict[str, str]:
    return {"CHAT_LEAVE_GRACE_S": "0.2"}


def shows(person: Person, *lines: str) -> None:
    person.page.wait_for_function(
        f"(wanted) => JSON.stringify(({LINES})()) === JSON.stringify(wanted)", arg=list(lines)
    )


@one_process
def test_a_run_of_five_minutes_has_one_head_and_the_days_are_those_of_the_reader(
    person: People, house: House, server: Server
) -> None:
    noon = datetime(2026, 5, 20, 12, tzinfo=UTC)
    cid, dora = house.member("Cid"), house.member("Dora")
    times = {}
    for guest, text, minutes in [
        (cid, "one", 0),
        (cid, "two", 4),
        (cid, "three", 8),
        (dora, "hers", 10),
        (cid, "mine", 11),
        (cid, "late", 10 * 60 - 1),
        (cid, "next day in Berlin", 10 * 60 + 1),
    ]:
        times[guest.says(text)["message"]["id"]] = noon + timedelta(minutes=minutes)
    server.kill()
    with closing(sqlite3.connect(server.data / "chat.sqlite3")) as database, database:
        change = "UPDATE messages SET sent_at_ms = ? WHERE room = ? AND id = ?"
        database.executemany(change, [(int(at.timestamp() * 1000), house.room, n) for n, at in times.items()])
    server.restart()

    before = ["Cid: one", "… two", "… three", "Dora: hers", "Cid: mine"]
    berlin = person("Ann", timezone_id="Europe/Berlin").enters(house.room)
    shows(berlin, "20 May", *before, "Cid: late", "21 May", "Cid: next day in Berlin")
    samoa = person("Bob", timezone_id="Pacific/Pago_Pago").enters(house.room)
    shows(samoa, "20 May", *before, "Cid: late", "… next day in Berlin")


def test_who_comes_goes_or_is_renamed_breaks_a_run_and_is_told_in_one_line(person: People, house: House) -> None:
    cid = house.member("Cid")
    ann = person("Ann").enters(house.room)
    cid.says("one")
    cid.says("two")
    shows(ann, "Today", "Cid: one", "… two")

    dora = house.member("Dora")
    ann.is_told("Dora joined")
    eve = house.member("Eve")
    ann.is_told("Dora and Eve joined")
    cid.says("welcome")
    ann.sees("welcome")
    dora.leaves()
    ann.is_told("Dora left")
    eve.leaves()
    ann.is_told("Dora and Eve left")
    cid.says("bye")
    ann.sees("bye")
    cid.renames("Sid")
    ann.is_told("Cid is now Sid")
    cid.says("it is me")

    shows(
        ann,
        *("Today", "Cid: one", "… two", "Dora and Eve joined", "Cid: welcome", "Dora and Eve left", "Cid: bye"),
        *("Cid is now Sid", "Sid: it is me"),
    )
