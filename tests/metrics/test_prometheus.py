"""Numbers copied for Prometheus: those of one process, and those of several in one folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.metrics import shared
from app.metrics.prometheus import Metrics
from tests.live import ROOT
from tests.numbers import parsed

# Counts what it is told on its first line, says its numbers after each further one, and ends with its input.
PROGRAM = """
import json, sys
from app.metrics.prometheus import Metrics
said, open_now, lag, up, times, ended = json.loads(sys.stdin.readline())
metrics = Metrics()
metrics.counter("said_total", "Said.", lambda: said)
metrics.gauge("open_now", "Open.", lambda: open_now)
metrics.gauge("lag_seconds", "Lag.", lambda: lag, "livemax")
metrics.gauge("up", "Up.", lambda: up, "livemin")
taken = [times]
metrics.histogram("took_seconds", "Took.", [1, 2], lambda: taken.pop() if taken else ())
metrics.counters("ended_total", "Ended.", "why", lambda: ended)
metrics.copy()
print("READY", flush=True)
for line in sys.stdin:
    print(metrics.text().decode() + "END", flush=True)
"""


class Process:
    def __init__(self, values):
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.number = self._process.pid
        assert self._ask(values) == ""

    def tells(self):
        return parsed(self._ask("tell"))

    def ends(self):
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def _ask(self, line):
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        said = []
        while (line := self._process.stdout.readline().strip()) not in ("READY", "END", ""):
            said.append(line)
        return "\n".join(said)


@pytest.fixture
def processes():
    made = []

    def make(values):
        made.append(Process(values))
        return made[-1]

    with shared.folder():
        yield make
        for each in made:
            each.ends()


def test_whichever_process_is_asked_gives_those_of_all(processes):
    one = processes('[3, 5, 0.5, 1, [0.5, 1.5], {"flood": 1}]')
    other = processes('[4, 7, 0.25, 0, [9], {"flood": 2, "gone": 1}]')

    told = one.tells()

    assert told == other.tells()
    assert told == {
        "said_total": 7, "open_now": 12, "lag_seconds": 0.5, "up": 0, "took_seconds_count": 3, "took_seconds_sum": 11,
        "ended_total{flood}": 3, "ended_total{gone}": 1,
    }  # fmt: skip


def test_who_has_ended_holds_nothing_open_and_what_they_did_stays_done(processes):
    one, other = processes("[3, 5, 0.5, 1, [], {}]"), processes('[4, 7, 0.75, 0, [], {"gone": 1}]')
    other.ends()
    assert one.tells()["open_now"] == 12

    shared.forget(other.number)

    told = one.tells()
    assert (told["open_now"], told["lag_seconds"], told["up"]) == (5, 0.5, 1)
    assert (told["said_total"], told["ended_total{gone}"]) == (7, 1)


def test_the_folder_goes_with_whoever_made_it():
    with shared.folder():
        made = Path(os.environ[shared.FOLDER])
        assert made.stat().st_mode & 0o077 == 0
    assert not made.exists()
    assert shared.FOLDER not in os.environ


def test_a_number_that_has_not_changed_is_not_counted_again():
    metrics, said, times = Metrics(), [2], [[0.5], [], []]
    metrics.counter("said_total", "Said.", lambda: said[0])
    metrics.histogram("took_seconds", "Took.", [1], lambda: times.pop(0))
    metrics.copy()
    metrics.copy()
    said[0] = 5

    told = parsed(metrics.text().decode())

    assert (told["said_total"], told["took_seconds_count"]) == (5, 1)
