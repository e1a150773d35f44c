"""The units, as systemd itself reads them."""

import configparser
import re
import subprocess
import sys

import pytest

from app import supervisor
from app.config import Settings
from tests.live import ROOT
from tests.needs import need_program

UNITS = {"chat.service": "chat.service", "chat@.service": "chat@8001.service"}
# As systemd counts it: 0 is locked up, 10 wide open.
MOST_EXPOSED = 2.0


@pytest.fixture(params=UNITS)
def unit(request):
    return ROOT / "deploy" / "systemd" / request.param


@pytest.fixture
def filed(unit, tmp_path):
    """A copy whose program is here."""
    text = unit.read_text(encoding="utf-8")
    assert "/opt/chat/.venv/bin/python" in text
    copy = tmp_path / UNITS[unit.name]
    copy.write_text(text.replace("/opt/chat/.venv/bin/python", sys.executable))
    return copy


def asks_systemd(*words):
    command = [need_program("systemd-analyze"), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=30)


def service(unit):
    parser = configparser.RawConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(unit)
    return parser["Service"]


def test_systemd_finds_nothing_wrong_with_it(filed):
    done = asks_systemd("verify", "--man=no", str(filed))

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_little_of_the_machine_is_open_to_it(filed):
    done = asks_systemd("security", "--offline=true", "--no-pager", str(filed))

    found = re.search(r"exposure level for \S+: ([0-9.]+)", done.stdout)
    assert found is not None, done.stdout + done.stderr
    assert float(found[1]) <= MOST_EXPOSED


def test_there_is_time_to_stop_and_room_for_everybody(unit):
    found = service(unit)

    assert int(found["TimeoutStopSec"]) > supervisor.STOP_S
    assert int(found["LimitNOFILE"]) > Settings().connections
    assert found["Restart"] == "always"
    # Only the first process: it ends the others in an orderly way.
    assert found["KillMode"] == "mixed"


def test_both_are_locked_up_alike():
    one, other = (dict(service(ROOT / "deploy" / "systemd" / name)) for name in UNITS)
    for different in ("ExecStart", "ExecReload"):
        one.pop(different, None)
        other.pop(different, None)

    assert one == other
