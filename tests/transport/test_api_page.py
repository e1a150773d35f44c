"""docs/api.md: its examples run as they are printed."""

import re
import subprocess
import sys

import pytest

from tests.live import ROOT
from tests.needs import need_program

PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")


@pytest.fixture(scope="module")
def ran(server, tmp_path_factory):
    """What the examples print, all in one shell and one folder, and what they say on the way."""
    need_program("curl")
    folder = tmp_path_factory.mktemp("examples")
    (folder / "bin").mkdir()
    for name in ("python", "curl"):
        # The page speaks of its reader's Python; and shows answers alone, not how fast they come.
        program = sys.executable if name == "python" else "curl -sS"
        there = f'PATH="${{PATH#*:}}" exec {program} "$@"\n'
        (folder / "bin" / name).write_text(f"#!/bin/sh\n{there}")
        (folder / "bin" / name).chmod(0o755)
    environment = server.environment()
    environment |= {"PATH": f"{folder / 'bin'}:{environment['PATH']}", "PYTHONPATH": str(ROOT)}
    script = "\n".join([f"CHAT={server.url}", *re.findall(r"```sh\n(.*?)```", PAGE, re.S)])
    indented = re.findall(r"^    ((?:python|echo) .*)$", PAGE, re.M)
    return subprocess.run(
        ["sh", "-u", "-c", "\n".join([script, *indented])],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_every_example_does_what_it_says(ran):
    said = re.findall(r'"body":"([^"]+)"', ran.stdout)

    assert ran.returncode == 0, ran.stderr
    assert said == ["The kettle is on.", "Tea is ready.", "Tea is ready.", "The milk is out.", "Milk is back."]
    assert re.findall(r'"duplicate":(\w+)', ran.stdout) == ["false", "false", "true", "false", "false"]
    assert ran.stdout.count("event: room:head") == 2
    assert "Said in /r/tea." in ran.stdout
    assert "error" not in ran.stdout


def test_the_examples_complain_of_nothing_but_the_time_they_were_given(ran):
    assert {line.partition(")")[0] for line in ran.stderr.splitlines()} <= {"curl: (28"}
