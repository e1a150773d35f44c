"""The promises, looked for in what clients saw and what the database holds: histories in, what is broken out."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from tests.faults.history import History, Line, Sent, Stored

Found = Iterator[str]


@dataclass(frozen=True, slots=True)
class Violation:
    promise: str
    what: str

    def __str__(self) -> str:
        return f"{self.promise}: {self.what}"


def check(histories: Iterable[History], stored: Stored) -> list[Violation]:
    """Every broken promise. An empty list is what all this is for."""
    people = list(histories)
    return [Violation(name, what) for name, look in PROMISES.items() for what in look(people, stored)]


def acked_but_missing(people: list[History], stored: Stored) -> Found:
    there = _keys(stored)
    for person in people:
        for line in person.acked:
            if line.key not in there[line.room]:
                yield f"{line.room}: {line.body}"


def at_two_numbers(people: list[History], stored: Stored) -> Found:
    """One message stored twice, or told under two numbers."""
    numbers: dict[tuple[str, str], set[int]] = defaultdict(set)
    for room, rows in stored.rows.items():
        for row in rows:
            numbers[room, row.key].add(row.id)
    for line in _told(people):
        if line.number is not None:
            numbers[line.room, line.key].add(line.number)
    for (room, key), found in numbers.items():
        if len(found) > 1:
            yield f"{room}: {key} is at {sorted(found)}"


def hole_or_repeat(people: list[History], stored: Stored) -> Found:
    for room in stored.heads.keys() | stored.rows.keys():
        expected = list(range(1, stored.heads.get(room, 0) + 1))
        for column in ("id", "seq"):
            found = sorted(getattr(row, column) for row in stored.rows[room])
            if found != expected:
                wrong = (Counter(found) - Counter(expected)) + (Counter(expected) - Counter(found))
                yield f"{room}: {column} {sorted(wrong)[:10]}"


def readers_disagree(people: list[History], stored: Stored) -> Found:
    """Two people were told different messages under one number, or read the same ones in another order."""
    first_told: dict[tuple[str, int], str] = {}
    for line in _told(people):
        if line.number is not None:
            known = first_told.setdefault((line.room, line.number), line.body)
            if known != line.body:
                yield f"{line.room}: {line.number} is {known!r} and {line.body!r}"
    for person in people:
        for room, view in person.view.items():
            # A message that is there twice is another promise; here its first place counts.
            order = {key: place for place, key in enumerate(dict.fromkeys(row.key for row in stored.rows[room]))}
            places = [order[key] for key in dict.fromkeys(line.key for line in view) if key in order]
            if places != sorted(places):
                yield f"{room}: {person.name} reads in another order"


def order_inverted(people: list[History], stored: Stored) -> Found:
    """A sender's messages of one room, in another order than they were written."""
    for person in people:
        written = {sent.key: place for place, sent in enumerate(person.sent)}
        for room, rows in stored.rows.items():
            places = [written[key] for key in dict.fromkeys(row.key for row in rows) if key in written]
            for before, after in pairwise(places):
                if before > after:
                    yield f"{room}: {person.sent[before].body!r} before {person.sent[after].body!r}"


def view_unlike_database(people: list[History], stored: Stored) -> Found:
    truth = {room: [(row.key, row.body) for row in rows] for room, rows in stored.rows.items()}
    for person in people:
        for room, view in person.view.items() if person.is_present else ():
            seen = [(line.key, line.body) for line in view]
            if seen != truth.get(room, []):
                lacks, more = set(truth.get(room, [])) - set(seen), len(seen) - len(set(seen))
                yield f"{room}: {person.name} shows {len(seen)} lines, lacks {len(lacks)}, repeats {more}"


def never_sent(people: list[History], stored: Stored) -> Found:
    sent = {(each.room, each.body) for person in people for each in person.sent}
    rested = {(room, row.body) for room, rows in stored.rows.items() for row in rows}
    for room, body in (rested | {(line.room, line.body) for line in _told(people)}) - sent:
        yield f"{room}: {body!r}"


def outbox_not_emptied(people: list[History], stored: Stored) -> Found:
    for person in people:
        if person.waiting and person.is_present:
            yield f"{person.name} still waits with {len(person.waiting)}"


def refused_but_stored(people: list[History], stored: Stored) -> Found:
    there = _keys(stored)
    for person in people:
        for sent in _refused(person):
            if sent.key in there[sent.room]:
                yield f"{sent.room}: {sent.body!r} was refused: {person.refused[sent.key]}"


def shown_twice(people: list[History], stored: Stored) -> Found:
    for person in people:
        for (room, key), times in Counter((line.room, line.key) for line in person.shown).items():
            if times > 1:
                yield f"{room}: {person.name} shows {key} {times} times"


def ghost(people: list[History], stored: Stored) -> Found:
    """Somebody shown who is gone, or not shown who is here. The run has waited out the time a leave may take."""
    here: dict[str, set[str]] = defaultdict(set)
    for person in people:
        for room in person.people if person.is_present else ():
            here[room].add(person.member_id)
    for person in people:
        for room, seen in person.people.items() if person.is_present else ():
            for wrong in seen.keys() ^ here[room]:
                verb = "sees the ghost" if wrong in seen else "misses"
                yield f"{room}: {person.name} {verb} {seen.get(wrong, wrong)}"


def name_owned_twice(people: list[History], stored: Stored) -> Found:
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for person in people:
        for room, name in person.owns.items() if person.is_present else ():
            owners[room, _folded(name)].add(person.member_id)
        for room, seen in person.people.items() if person.is_present else ():
            for member_id, name in seen.items():
                owners[room, _folded(name)].add(member_id)
    for (room, name), found in owners.items():
        if len(found) > 1:
            yield f"{room}: {name} belongs to {len(found)}"


def answered_wrongly(people: list[History], stored: Stored) -> Found:
    """What a client must never hear: a mistake of the server, a refusal of its own name, 'later' without a time."""
    for person in people:
        if person.codes["server_error"]:
            yield f"{person.name}: {person.codes['server_error']} × server_error"
        yield from (f"{person.name}: {fault}" for fault in person.faults)


PROMISES: dict[str, Callable[[list[History], Stored], Found]] = {
    "acked but missing": acked_but_missing,
    "one message at two numbers": at_two_numbers,
    "a hole or a repeat": hole_or_repeat,
    "two readers disagree": readers_disagree,
    "a sender's order inverted": order_inverted,
    "a final view unlike the database": view_unlike_database,
    "a message never sent": never_sent,
    "an outbox not emptied": outbox_not_emptied,
    "refused, but stored": refused_but_stored,
    "shown twice": shown_twice,
    "a ghost": ghost,
    "a name owned twice": name_owned_twice,
    "answered wrongly": answered_wrongly,
}


def _keys(stored: Stored) -> dict[str, set[str]]:
    return defaultdict(set, {room: {row.key for row in rows} for room, rows in stored.rows.items()})


def _told(people: list[History]) -> Iterator[Line]:
    for person in people:
        yield from person.acked
        yield from person.shown
        for view in person.view.values():
            yield from view


def _refused(person: History) -> list[Sent]:
    return [sent for sent in person.sent if sent.key in person.refused]


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
