"""The checker can fail: each broken promise is found, and named, in a history that is sound but for it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.faults.checker import PROMISES, check
from tests.faults.history import History, Line, Row, Sent, Stored

Story = tuple[History, History, Stored]


def told() -> Story:
    """Ann says 'a1' and 'a2', Ben says 'b1'; both see all of it in one order."""
    sent = {key: Sent("tea", key, f"line {key}") for key in ("a1", "b1", "a2")}
    lines = [Line("tea", number, each.key, each.body) for number, each in enumerate(sent.values(), 1)]
    people = {"tea": {"id-ann": "Ann", "id-ben": "Ben"}}

    def person(name: str, *keys: str) -> History:
        return History(
            name,
            member_id=f"id-{name.lower()}",
            sent=[sent[key] for key in keys],
            acked=[line for line in lines if line.key in keys],
            shown=list(lines),
            view={"tea": list(lines)},
            people={room: dict(seen) for room, seen in people.items()},
            owns={"tea": name},
        )

    stored = Stored(heads={"tea": 3})
    stored.rows["tea"] = [Row(line.number or 0, line.number or 0, "id", line.key, line.body) for line in lines]
    return person("Ann", "a1", "a2"), person("Ben", "b1"), stored


def loses_a_row(ann: History, ben: History, stored: Stored) -> None:
    del stored.rows["tea"][2]


def stores_twice(ann: History, ben: History, stored: Stored) -> None:
    stored.rows["tea"].append(replace(stored.rows["tea"][2], id=4, seq=4))
    stored.heads["tea"] = 4


def tells_two_numbers(ann: History, ben: History, stored: Stored) -> None:
    ann.acked[0] = replace(ann.acked[0], number=7)


def leaves_a_hole(ann: History, ben: History, stored: Stored) -> None:
    stored.rows["tea"][2] = replace(stored.rows["tea"][2], id=4, seq=4)
    stored.heads["tea"] = 4


def repeats_a_seq(ann: History, ben: History, stored: Stored) -> None:
    stored.rows["tea"][2] = replace(stored.rows["tea"][2], seq=2)


def tells_another_message_under_a_number(ann: History, ben: History, stored: Stored) -> None:
    ben.shown[1] = replace(ben.shown[1], key="a2", body="line a2")


def reads_in_another_order(ann: History, ben: History, stored: Stored) -> None:
    ben.view["tea"].reverse()


def inverts(ann: History, ben: History, stored: Stored) -> None:
    ann.sent.reverse()


def lacks_a_line(ann: History, ben: History, stored: Stored) -> None:
    del ben.view["tea"][1]


def shows_another_body(ann: History, ben: History, stored: Stored) -> None:
    ben.view["tea"][1] = replace(ben.view["tea"][1], body="line b1, changed")


def invents(ann: History, ben: History, stored: Stored) -> None:
    ann.sent.pop(0)


def keeps_one_waiting(ann: History, ben: History, stored: Stored) -> None:
    ann.waiting = [ann.sent[0]]


def refuses_what_it_stored(ann: History, ben: History, stored: Stored) -> None:
    ann.refused["a1"] = "body_empty"


def shows_twice(ann: History, ben: History, stored: Stored) -> None:
    ben.shown.append(ben.shown[0])


def shows_a_ghost(ann: History, ben: History, stored: Stored) -> None:
    ben.is_present = False


def misses_somebody(ann: History, ben: History, stored: Stored) -> None:
    del ben.people["tea"]["id-ann"]


def gives_a_name_twice(ann: History, ben: History, stored: Stored) -> None:
    ben.owns["tea"] = "ann"


def makes_a_mistake(ann: History, ben: History, stored: Stored) -> None:
    ann.codes["server_error"] = 1


BREAKS: list[tuple[str, Callable[[History, History, Stored], None]]] = [
    ("acked but missing", loses_a_row),
    ("one message at two numbers", stores_twice),
    ("one message at two numbers", tells_two_numbers),
    ("a hole or a repeat", leaves_a_hole),
    ("a hole or a repeat", repeats_a_seq),
    ("two readers disagree", tells_another_message_under_a_number),
    ("two readers disagree", reads_in_another_order),
    ("a sender's order inverted", inverts),
    ("a final view unlike the database", lacks_a_line),
    ("a final view unlike the database", shows_another_body),
    ("a message never sent", invents),
    ("an outbox not emptied", keeps_one_waiting),
    ("refused, but stored", refuses_what_it_stored),
    ("shown twice", shows_twice),
    ("a ghost", shows_a_ghost),
    ("a ghost", misses_somebody),
    ("a name owned twice", gives_a_name_twice),
    ("answered wrongly", makes_a_mistake),
]


def test_a_sound_history_has_no_violation():
    ann, ben, stored = told()

    assert check([ann, ben], stored) == []


@pytest.mark.parametrize("promise, breaks", [pytest.param(*each, id=each[1].__name__) for each in BREAKS])
def test_a_broken_promise_is_found_and_named(promise, breaks):
    ann, ben, stored = told()
    breaks(ann, ben, stored)

    assert promise in {violation.promise for violation in check([ann, ben], stored)}


def test_every_promise_is_broken_here_once():
    assert {promise for promise, _ in BREAKS} == PROMISES.keys()
