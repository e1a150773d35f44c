"""The short form of every fault. The long one, whose figures are in docs/promises.md: `make faults`."""

import random

import pytest

from tests.faults import runs

# How soon everybody is back is measured there.
TIMED = {"kill", "stops", "returning"}


def marks(name):
    """Each is a run of its own, for whichever worker is free; real pages are for the one that has the browser."""
    group = pytest.mark.xdist_group("browser" if name == "pages" else f"fault {name}")
    return [group, pytest.mark.alone] if name in TIMED else [group]


@pytest.mark.parametrize("name", [pytest.param(name, marks=marks(name)) for name in runs.NAMES])
def test_no_promise_is_broken_by(name):
    seed = random.randrange(10**6)

    report = runs.play(name, seed, is_long=False)

    assert report.broken == [], f"again: python -m tests.faults --short --only {name} --seed {seed}\n{report}"
