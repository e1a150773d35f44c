"""What is wrong in the pages is found, and named; with nothing wrong, nothing is."""

import pytest

from tests.faults.pages import Seen, check


def sound() -> Seen:
    lines = ["a0", "b1", "a2"]
    return Seen(
        "tea",
        typed={"first tab": ["a0", "a2"], "second tab": ["b1"]},
        stored=list(lines),
        shown={"Ann": list(lines), "Bob": list(lines)},
        waiting={"Ann": []},
    )


def test_nothing_is_found_where_nothing_is_wrong():
    assert list(check(sound())) == []


@pytest.mark.parametrize(
    "spoil, promises",
    [
        (lambda seen: seen.stored.remove("b1"), {"typed but not stored"}),
        (lambda seen: seen.stored.append("a2"), {"stored twice"}),
        (lambda seen: seen.shown["Bob"].remove("a0"), {"not shown to Bob"}),
        (lambda seen: seen.shown["Ann"].append("a0"), {"shown twice to Ann"}),
        (lambda seen: seen.stored.reverse(), {"order of one tab"}),
        (lambda seen: seen.shown["Bob"].reverse(), {"order of one tab"}),
        (lambda seen: seen.waiting["Ann"].append("a2"), {"still waiting in the outbox of Ann"}),
        (lambda seen: seen.complaints.append("TypeError"), {"a page complained"}),
    ],
    ids=[
        "lost",
        "doubled",
        "not shown",
        "shown twice",
        "stored in another order",
        "shown in another order",
        "waiting",
        "error",
    ],
)
def test_what_is_wrong_is_found(spoil, promises):
    seen = sound()

    spoil(seen)

    assert {violation.promise for violation in check(seen)} == promises
