"""What became of what was typed into pages: what rests, what each page shows, what waits; and what is broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.faults.checker import Violation


@dataclass(slots=True)
class Seen:
    """One room in the end. `typed` by tab, `shown` by page, `waiting` by browser."""

    room: str
    typed: dict[str, list[str]] = field(default_factory=dict)
    stored: list[str] = field(default_factory=list)
    shown: dict[str, list[str]] = field(default_factory=dict)
    waiting: dict[str, list[str]] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)


def check(seen: Seen) -> Iterator[Violation]:
    """Every message typed is kept once, in its tab's order, on every page once, and waits nowhere."""
    typed = [text for texts in seen.typed.values() for text in texts]
    yield from _told(seen, "typed but not stored", _missing(typed, seen.stored))
    yield from _told(seen, "stored twice", _missing(seen.stored, typed))
    for page, lines in seen.shown.items():
        yield from _told(seen, f"not shown to {page}", _missing(typed, lines))
        yield from _told(seen, f"shown twice to {page}", _missing(lines, typed))
    for tab, texts in seen.typed.items():
        for where, lines in {"the database": seen.stored, **seen.shown}.items():
            mine = [line for line in dict.fromkeys(lines) if line in texts]
            if mine != [text for text in texts if text in mine]:
                yield Violation("order of one tab", f"{seen.room}: {tab} in {where}: {mine}")
    for browser, texts in seen.waiting.items():
        yield from _told(seen, f"still waiting in the outbox of {browser}", texts)
    yield from _told(seen, "a page complained", seen.complaints)


def _missing(texts: Iterable[str], among: Iterable[str]) -> list[str]:
    return list((Counter(texts) - Counter(among)).elements())


def _told(seen: Seen, promise: str, texts: Iterable[str]) -> Iterator[Violation]:
    return (Violation(promise, f"{seen.room}: {text}") for text in texts)
