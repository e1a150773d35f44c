"""The window, on a display of its own: typed into by xdotool, and read."""

import os
import subprocess
import sys

import pytest

from tests.clients.windows import Desktop, Display
from tests.live import ROOT, until
from tests.needs import need_tk


@pytest.fixture(scope="module")
def display():
    display = Display()
    yield display
    display.close()


@pytest.fixture
def desktop(display, house, tmp_path):
    """desktop(name): a window in the test's room; without a name, one that asks."""
    windows = []

    def start(name=None, home="home"):
        words = ("--room", house.room, "--name", name) if name else ()
        windows.append(Desktop(display, tmp_path / home, house.server.url, *words))
        return windows[-1]

    yield start
    for window in windows:
        window.close()


def test_it_asks_once_and_remembers(desktop, house):
    asking = desktop()
    asking.waits_for("Chatroom", "Your name", "Join")
    asking.types("Ann", "Tab")
    asking.presses("Tab")
    asking.types(house.room)
    asking.waits_for("1 here", "Ann (you)", "● Connected")
    asking.types("/quit")
    assert asking.process.wait(10) == 0

    desktop().waits_for("Ann (you)", "● Connected")


def test_it_talks_renames_and_tells_when_it_closes(desktop, house):
    ben = house.member("Ben")
    ann = desktop("Ann")
    ann.waits_for("2 here", "Ann (you)")

    ann.types("hello from a window")
    ben.waits_for("message:posted", body="hello from a window")
    ben.says("hello \x1b[2J\u202eback")
    ann.waits_for("Ben  hello ␛[2J\ufffdback")

    ann.types("/nick Anna")
    ann.waits_for("Ann is now Anna", "Anna ✎")
    ben.sees("Ben", "Anna")

    ann.types("/quit")
    assert ann.process.wait(10) == 0
    ben.sees("Ben", within=3)


def test_it_comes_back_over_a_restart_and_sends_what_was_written_meanwhile(desktop, house):
    server = house.server
    ann = desktop("Ann")
    ann.waits_for("● Connected", "1 here")

    server.stop()
    ann.waits_for("Next try in", "What you write is kept.")
    ann.types("meanwhile")
    ann.waits_for("meanwhile  waiting")
    server.restart()

    ann.waits_for("● Connected", "Ann  meanwhile\n")
    assert house.member("Ben").joins().bodies == ["meanwhile"]


def test_killed_with_a_full_outbox_it_sends_each_line_once_the_next_time(desktop, house):
    house.server.kill()
    ann = desktop("Ann")
    ann.waits_for("does not answer")
    for line in ("one", "two", "three"):
        ann.types(line)
        ann.waits_for(f"{line}  waiting")
    ann.close()
    house.server.restart()

    desktop("Ann").waits_for("Ann  one\n", "Ann  two\n", "Ann  three\n")
    assert house.member("Ben").joins().bodies == ["one", "two", "three"]


def test_the_title_counts_what_is_unread(desktop, house):
    ben = house.member("Ben")
    for n in range(60):
        ben.says(f"line {n}")
    ann = desktop("Ann")
    ann.waits_for("line 59", "● Connected")
    ann.presses("Prior")
    ben.says("psst")

    title = house.room.replace("-", " ")
    ann.waits_for(f"(1) {title}", "new\n")
    ann.presses("Next")
    ann.presses("Next")
    until(lambda: ann.shows().startswith(title), 10, "the title without a count")


def run(program, **settings):
    found = need_tk()
    words = [found["python"], "-c", program]
    return subprocess.run(words, cwd=ROOT, env={**os.environ, **found, **settings}, capture_output=True, text=True)


def test_without_a_display_it_points_to_the_terminal():
    done = run("import runpy; runpy.run_module('clients.desktop', run_name='__main__')", DISPLAY="")

    assert done.returncode == 1
    assert done.stderr == "There is no display to open a window on. Use python -m clients.terminal instead.\n"


def test_without_tk_it_points_to_the_terminal():
    program = (
        "import sys, runpy; sys.modules['tkinter'] = None; runpy.run_module('clients.desktop', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 1
    assert done.stderr == ("The desktop client needs tkinter: install python3-tk, or use python -m clients.terminal.\n")
