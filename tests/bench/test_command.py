"""`python -m bench` does its work and says what it found. How fast anything is, no test judges."""

import subprocess
import sys

import pytest

from tests.live import ROOT

pytestmark = pytest.mark.slow


def bench(*words):
    command = [sys.executable, "-m", "bench", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


def rows(text, title):
    """The cells of the table whose first column is called `title`."""
    table = text.partition(f"| {title} |")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def test_a_scene_is_measured_on_each_server():
    done = bench("--quick", "--scenes", "hot-64", "--servers", "ours,plain")

    assert done.returncode == 0, done.stderr
    (ours, plain) = rows(done.stdout, "scene")
    assert (ours[1], plain[1]) == ("ours", "the tutorials' Flask-SocketIO")
    for row in (ours, plain):
        assert int(row[2].replace(",", "")) > 0
        assert row[-2] == "0", "a delivery is missing"


def test_an_unknown_scene_is_one_sentence():
    done = bench("--scenes", "hot-5")

    assert done.returncode == 2
    assert "hot-5 is not one of hot-64, " in done.stderr.splitlines()[-1]
