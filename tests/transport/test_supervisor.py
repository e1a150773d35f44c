"""Workers under a supervisor, with small programs in the place of the real worker."""

import os
import signal
import subprocess
import sys
from contextlib import suppress

import pytest

from tests.live import ROOT, until

SUPERVISOR = """
import sys
from app import supervisor
from app.supervisor import Supervisor
supervisor.STOP_S = 2.0
worker = [sys.executable, "-c", sys.argv[1], sys.argv[2]]
def say(line):
    print(line, flush=True)
sys.exit(Supervisor(worker, 3, say, lambda process: say(f"GONE {process}")).run(lambda: say("READY")))
"""
# Each notes its process number in the folder while it lives.
WORKER = """
import os, pathlib, signal, sys, time
note = pathlib.Path(sys.argv[1], str(os.getpid()))
def end(*_):
    note.unlink()
    sys.exit(0)
signal.signal(signal.SIGTERM, {end})
{before}
note.touch()
os.write(int(sys.argv[3]), b"!")
while True:
    time.sleep(0.05)
"""


class Supervised:
    def __init__(self, folder, before="", end="end"):
        self.folder = folder / "living"
        self.folder.mkdir()
        self.log = folder / "log"
        worker = WORKER.format(before=before, end=end)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SUPERVISOR, worker, str(self.folder)], cwd=ROOT, stdout=log, stderr=log
            )

    def said(self, word):
        until(lambda: word in self.log.read_text(), 10, word)

    def living(self):
        return {int(note.name) for note in self.folder.iterdir()}

    def until_living(self, fits, what):
        until(lambda: fits(self.living()), 10, what)
        return self.living()

    def ends(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(20)


@pytest.fixture
def supervised(tmp_path):
    made = []

    def make(**worker):
        made.append(Supervised(tmp_path, **worker))
        return made[-1]

    yield make
    for each in made:
        for process in each.living():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        each.process.kill()
        each.process.wait()


def is_there(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_all_start_and_all_end_in_an_orderly_way(supervised, how):
    group = supervised()
    group.said("READY")
    assert len(group.living()) == 3

    assert group.ends(how) == 0
    assert group.living() == set()


def test_one_that_dies_is_replaced_and_the_others_go_on(supervised):
    group = supervised()
    group.said("READY")
    first = group.living()
    died = min(first)
    os.kill(died, signal.SIGKILL)
    (group.folder / str(died)).unlink()

    now = group.until_living(lambda living: len(living) == 3, "a third worker")
    assert first - {died} < now
    group.said("A worker ended with -9")
    group.said(f"GONE {died}")
    assert group.ends() == 0


def test_a_worker_that_cannot_start_ends_all_and_says_so_by_the_code(supervised):
    group = supervised(before="print('The database cannot be opened.', flush=True); sys.exit(2)")

    assert group.process.wait(20) == 2
    assert "The database cannot be opened." in group.log.read_text()
    assert group.living() == set()


def test_a_hangup_puts_a_new_worker_in_the_place_of_each_one_by_one(supervised):
    group = supervised()
    group.said("READY")
    first = group.living()
    fewest = 3
    group.process.send_signal(signal.SIGHUP)

    def are_new():
        nonlocal fewest
        living = group.living()
        fewest = min(fewest, len(living))
        return len(living) == 3 and not living & first

    until(are_new, 20, "three new workers")
    assert fewest == 3
    for process in first:
        group.said(f"GONE {process}")
    assert group.ends() == 0


def test_new_workers_that_do_not_start_leave_the_old_ones(supervised, tmp_path):
    broken = tmp_path / "broken"
    group = supervised(before=f"if pathlib.Path({str(broken)!r}).exists(): sys.exit(2)")
    group.said("READY")
    first = group.living()
    broken.touch()
    group.process.send_signal(signal.SIGHUP)
    group.said("The new worker does not start.")

    assert group.living() == first
    assert group.ends() == 0


def test_whoever_does_not_end_is_ended(supervised):
    group = supervised(end="signal.SIG_IGN")
    group.said("READY")
    workers = group.living()

    assert group.ends() != 0
    assert not any(is_there(worker) for worker in workers)
