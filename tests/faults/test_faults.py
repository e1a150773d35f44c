"""The short form of every fault. The long one, whose figures are in docs/promises.md: `make faults`."""

import random

import pytest

from tests.faults import runs

# How soon everybody is back is measured there.
TIMED = {"kill", "stops", "returning"}


@pytest.mark.parametrize("name", [pytest.param(n, marks=[pytest.mark.alone] if n in TIMED else []) for n in runs.NAMES])
def test_no_promise_is_broken_by(name):
    seed = random.randrange(10**6)

    report = runs.play(name, seed, is_long=False)

    assert report.broken == [], f"again: python -m tests.faults --short --only {name} --seed {seed}\n{report}"
