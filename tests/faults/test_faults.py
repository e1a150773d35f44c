"""The short form of more than half of the faults. All, and long, with figures in docs/promises.md: `make faults`."""

import random

import pytest

from tests.faults import runs

# How soon everybody is back is measured there.
TIMED = {"kill", "stops", "returning"}
# What is like another, or takes long for what it shows.
LEFT_OUT = {
    "synced", "disk_read_only", "disk_unsynced", "disk_locked", "frozen", "clock", "snapshots",
    "pages", "redis_cluster", "process_frozen", "names_apart",
}  # fmt: skip
SHORT = [name for name in runs.NAMES if name not in LEFT_OUT]


@pytest.mark.parametrize("name", [pytest.param(n, marks=[pytest.mark.alone] if n in TIMED else []) for n in SHORT])
def test_no_promise_is_broken_by(name):
    seed = random.randrange(10**6)

    report = runs.play(name, seed, is_long=False)

    assert report.broken == [], f"again: python -m tests.faults --short --only {name} --seed {seed}\n{report}"
