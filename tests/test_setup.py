"""The set-up: locks that keep to their ranges, commands that explain themselves, strict runs that let nothing skip."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app.vendor import ROOT
from tools import prepare

LISTS = ["requirements", "requirements-clients", "requirements-dev", "requirements-node"]


def run(*command, cwd=ROOT, **environment):
    settings = {**os.environ, **environment}
    return subprocess.run(command, cwd=cwd, env=settings, capture_output=True, text=True, timeout=120)


def ranges(name):
    lines = (line.split(" #")[0].strip() for line in (ROOT / f"{name}.txt").read_text().splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-r"))]


def pins(name):
    """[(package, version, its hashes)]: one entry per `==` line of the lock."""
    entries = re.split(r"^(?=\S)", (ROOT / f"{name}.lock").read_text().replace("\\\n", ""), flags=re.MULTILINE)
    found = [(re.match(r"([\w.-]+)==(\S+)", entry), entry) for entry in entries]
    return [
        (canonicalize_name(pin[1]), pin[2], re.findall(r"--hash=sha256:[0-9a-f]{64}", entry))
        for pin, entry in found
        if pin
    ]


@pytest.mark.parametrize("name", LISTS)
def test_every_range_is_locked_to_a_version_inside_it(name):
    locked = [(package, version) for package, version, _ in pins(name)]

    for wanted in ranges(name):
        versions = [version for package, version in locked if package == canonicalize_name(wanted.name)]
        assert versions, wanted.name
        assert all(version in wanted.specifier for version in versions), (wanted, versions)


@pytest.mark.parametrize("name", LISTS)
def test_every_pin_has_its_hashes_and_no_lock_names_a_host(name):
    assert [package for package, _, hashes in pins(name) if not hashes] == []
    assert "://" not in (ROOT / f"{name}.lock").read_text()


@pytest.mark.parametrize("name", ["requirements", "requirements-clients"])
def test_the_tests_run_on_what_runs_the_chatroom(name):
    served = {(package, version) for package, version, _ in pins(name)}

    assert served <= {(package, version) for package, version, _ in pins("requirements-dev")}


def test_the_lock_of_the_browser_libraries_checks_each_and_names_no_host():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]

    assert lock["packages"][""]["dependencies"] == wanted
    for path, package in lock["packages"].items():
        assert "resolved" not in package, path
        assert package.get("integrity", "").startswith("sha512-") or path == "", path


def test_make_alone_lists_every_command():
    targets = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split()

    listed = run("make").stdout

    assert re.findall(r"^  make ([a-z]+) +\w", listed, re.MULTILINE) == targets


def test_the_ci_script_is_executable_and_parses():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert run("bash", "-n", ".ci/run").stderr == ""


def test_an_old_python_is_told_in_one_sentence():
    pretend = "import runpy, sys; sys.version_info = (3, 9, 2); runpy.run_path(sys.argv[1], run_name='__main__')"

    told = run(sys.executable, "-c", pretend, "tools/check_python.py")

    assert told.returncode == 1
    assert told.stderr == "Python 3.9 is too old: install Python 3.11 or newer, and name it with `make PYTHON=...`.\n"


def test_a_python_that_cannot_make_a_virtual_environment_is_told_how(tmp_path):
    (tmp_path / "ensurepip.py").write_text("raise ImportError")

    told = run(sys.executable, "tools/check_python.py", PYTHONPATH=str(tmp_path))

    assert told.returncode == 1
    assert "apt-get install python3-venv" in told.stderr
    assert told.stderr.count("\n") == 1


def test_a_missing_python_is_told_in_one_sentence(tmp_path):
    for name in ("Makefile", "requirements.lock"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())

    told = run("make", "run", "PYTHON=no-such-python", cwd=tmp_path)

    assert told.stderr.startswith("There is no no-such-python here: install Python 3.11 or newer.\n")
    assert not (tmp_path / ".venv").exists()


def test_only_a_missing_program_is_asked_for():
    assert prepare.missing({"sh": "dash", "no-such-program": "its-package"}) == ["its-package"]


def test_nothing_is_started_by_being_installed(monkeypatch, tmp_path):
    policy, asked = tmp_path / "policy-rc.d", []

    def run(command, **_options):
        asked.append(subprocess.call([policy, "nginx", "start"]))

    monkeypatch.setattr(prepare, "POLICY", policy)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(prepare.subprocess, "run", run)
    prepare.install(["nginx"])

    assert asked == [101, 101]
    assert not policy.exists()


def test_a_person_who_may_not_install_is_given_the_command(monkeypatch, capsys):
    monkeypatch.setattr(prepare, "python_with_tk", lambda: "python3")
    monkeypatch.setattr(prepare, "postgres", lambda: [Path("bin")])
    monkeypatch.setattr(prepare, "browser", lambda: "chromium")
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    prepare.bring({"sh": "dash", "no-such-program": "its-package"})

    assert capsys.readouterr().out == "Some tests will skip. They run after: sudo apt-get install its-package\n"


def test_tk_is_asked_for_when_no_python_sees_it(monkeypatch, capsys):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(sys, "executable", "no-such-python")
    monkeypatch.setattr(prepare, "SYSTEM_PYTHON", "no-such-python")
    monkeypatch.setattr(prepare, "postgres", lambda: [Path("bin")])
    monkeypatch.setattr(prepare, "browser", lambda: "chromium")

    prepare.bring({})

    assert capsys.readouterr().out == "Some tests will skip. They run after: sudo apt-get install python3-tk\n"


@pytest.mark.parametrize("known", [0, 100])
def test_a_browser_without_a_window_is_brought_where_there_is_one(monkeypatch, tmp_path, known):
    brought = []

    def run(command, **_options):
        if "apt-cache" in command:
            return subprocess.CompletedProcess(command, known)
        if "install" in command:
            brought.extend(command[command.index("--no-install-recommends") + 1 :])
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(prepare, "POLICY", tmp_path / "policy-rc.d")
    monkeypatch.setattr(prepare.subprocess, "run", run)
    monkeypatch.setattr(prepare, "browser", lambda: None)
    monkeypatch.setattr(prepare, "may_install", lambda: True)
    monkeypatch.setattr(prepare, "python_with_tk", lambda: "python3")
    monkeypatch.setattr(prepare, "postgres", lambda: [Path("bin")])

    prepare.bring({})

    assert brought == ["chromium" if known else "chromium-headless-shell"]


def test_a_strict_run_fails_for_every_skip_and_says_why(tmp_path):
    (tmp_path / "test_whole.py").write_text("import pytest\npytest.skip('a module', allow_module_level=True)\n")
    (tmp_path / "test_each.py").write_text(
        "import pytest\n"
        "def test_called(): pytest.skip('a call')\n"
        "@pytest.mark.skip(reason='a mark')\ndef test_marked(): pass\n"
        "@pytest.mark.xfail(reason='a hope')\ndef test_hoped(): assert False\n"
        "def test_good(): pass\n"
    )
    words = ("--continue-on-collection-errors", "--rootdir", str(tmp_path), str(tmp_path))
    command = (sys.executable, "-m", "pytest", "-p", "tests.strict", *words)

    plain = run(*command, CHAT_TEST_REQUIRE="")
    strict = run(*command, CHAT_TEST_REQUIRE="all")

    assert plain.returncode == 0
    assert "1 passed, 3 skipped, 1 xfailed in" in plain.stdout.splitlines()[-1]
    assert strict.returncode == 1
    assert "2 failed, 1 passed, 2 errors in" in strict.stdout.splitlines()[-1]
    for reason in ("a module", "a call", "a mark", "a hope"):
        assert re.search(rf"^CHAT_TEST_REQUIRE=all lets nothing skip: .*{reason}$", strict.stdout, re.MULTILINE)
