"""Workers under a supervisor, with small programs in the place of the real worker."""

import os
import signal
import subprocess
import sys
from contextlib import suppress

import pytest

from tests.live import ROOT, until

SUPERVISOR = """
import os, sys
from app import supervisor
from app.supervisor import Supervisor
supervisor.STOP_S, supervisor.START_S = 2.0, {starts_within_s}
worker = [sys.executable, "-c", sys.argv[1], sys.argv[2]]
def say(line):
    print(line, flush=True)
def ready():
    {ready}
sys.exit(Supervisor(worker, 3, say, lambda process: say(f"GONE {{process}}")).run(ready))
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

# Says what it hears, and takes a moment to end.
HEARS = """
def heard(number, _):
    os.write(1, b"HEARD %d\\n" % number)
    note.unlink(missing_ok=True)
    time.sleep(0.5)
    os._exit(0)
for number in (1, 2, 15):
    signal.signal(number, heard)
"""


class Supervised:
    def __init__(self, folder, before="", end="end", ready="say('READY')", starts_within_s=30.0):
        self.folder = folder / "living"
        self.folder.mkdir()
        self.log = folder / "log"
        supervisor = SUPERVISOR.format(ready=ready, starts_within_s=starts_within_s)
        worker = WORKER.format(before=before, end=end)
        with self.log.open("wb") as log:
            # As a terminal would: a session of its own, and a group that Ctrl-C reaches as a whole.
            self.process = subprocess.Popen(
                [sys.executable, "-c", supervisor, worker, str(self.folder)],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
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

    def tells_all(self, how):
        os.killpg(self.process.pid, how)


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


def test_what_a_terminal_tells_all_of_them_the_workers_hear_once(supervised):
    """A second signal would kill who drains."""
    group = supervised(before=HEARS)
    group.said("READY")
    group.tells_all(signal.SIGINT)

    assert group.process.wait(20) == 0
    assert group.log.read_text().count("HEARD 15") == 3
    assert group.log.read_text().count("HEARD") == 3


def test_a_hangup_of_all_ends_no_worker_before_there_is_another(supervised):
    group = supervised(before=HEARS)
    group.said("READY")
    first = group.living()
    group.tells_all(signal.SIGHUP)

    until(lambda: len(group.living()) == 3 and not group.living() & first, 20, "three new workers")
    assert "HEARD 1\n" not in group.log.read_text()
    assert group.ends() == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_an_end_during_the_start_is_in_good_order(supervised, how):
    group = supervised(before="print('BEGUN', flush=True); signal.signal(15, signal.SIG_DFL); time.sleep(60)")
    until(lambda: group.log.read_text().count("BEGUN") == 3, 10, "all to begin")

    assert group.ends(how) == 0
    assert "does not" not in group.log.read_text()


def test_workers_that_take_too_long_to_start_are_told_of(supervised):
    group = supervised(before="time.sleep(60)", starts_within_s=1.0)

    assert group.process.wait(20) == 2
    assert "A worker does not serve after 1 s." in group.log.read_text()


def test_whatever_goes_wrong_no_worker_stays_behind(supervised):
    group = supervised(ready="say(' '.join(os.listdir(sys.argv[2]))); sys.exit(7)")

    assert group.process.wait(20) == 7
    workers = group.log.read_text().splitlines()[0].split()
    assert len(workers) == 3
    assert not any(is_there(int(worker)) for worker in workers)


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
