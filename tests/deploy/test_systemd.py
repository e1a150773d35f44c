"""The units, as systemd itself reads them."""

import configparser
import contextlib
import re
import socket
import subprocess
import sys

import pytest

from app import supervisor
from app.config import Settings
from tests.live import ROOT, Visitor, free_port, until
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


def test_an_address_that_systemd_holds_is_taken(tmp_path):
    port = free_port()
    words = [need_program("systemd-socket-activate"), "-l", f"127.0.0.1:{port}", f"--setenv=CHAT_DATA={tmp_path}"]
    held = subprocess.Popen(
        [*words, sys.executable, "-m", "app", "--port", "1"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        # Who knocks first is what starts it, and waits.
        until(lambda: is_listened_to(port), what="systemd")
        assert Visitor(port).get("/healthz").status == 200
        held.terminate()
        said = held.communicate(timeout=15)[0].decode()
    finally:
        held.kill()
        held.wait()
    assert held.returncode == 0, said
    assert f"http://127.0.0.1:{port}" in said


def is_listened_to(port):
    with contextlib.suppress(OSError), socket.socket() as probe:
        probe.bind(("127.0.0.1", port))
        return False
    return True


def test_systemd_finds_nothing_wrong_with_the_socket(tmp_path):
    for name in ("chat.socket", "chat.service"):
        text = (ROOT / "deploy" / "systemd" / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace("/opt/chat/.venv/bin/python", sys.executable))
    done = asks_systemd("verify", "--man=no", str(tmp_path / "chat.socket"))

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_both_are_locked_up_alike():
    one, other = (dict(service(ROOT / "deploy" / "systemd" / name)) for name in UNITS)
    for different in ("ExecStart", "ExecReload"):
        one.pop(different, None)
        other.pop(different, None)

    assert one == other
