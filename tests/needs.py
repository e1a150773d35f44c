"""What a test needs from the machine: its path, or a skip that says what is missing."""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app import vendor
from tools import prepare


def need_chromium() -> Path:
    found = prepare.browser()
    if found is None:
        pytest.skip("no chromium: `make test` installs it, or says how")
    return Path(found)


def need_node() -> Path:
    found = vendor.find_node()
    if found is None:
        pytest.skip(f"no Node.js {vendor.OLDEST_NODE} or newer: `make test` fetches it")
    return found


@functools.cache
def need_node_modules() -> Path:
    """node_modules as package-lock.json says, for a script that imports from it and runs inside the project."""
    modules, lock = vendor.ROOT / "node_modules", vendor.ROOT / "package-lock.json"
    installed = modules / ".package-lock.json"  # npm's own mark of a finished install
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        try:
            vendor.install(vendor.ROOT)
        except vendor.VendorError as error:
            pytest.skip(str(error))
    return modules


def need_strace(*, attach: bool = False) -> Path:
    """strace, and the right to use it; with `attach`, on a process that runs already."""
    found = shutil.which("strace")
    if found is None:
        pytest.skip("no strace: `make test` installs it, or says how")
    if subprocess.run([found, "-qq", "-o", "/dev/null", "true"], capture_output=True).returncode != 0:
        pytest.skip("strace may not trace here: it needs CAP_SYS_PTRACE")
    scope = Path("/proc/sys/kernel/yama/ptrace_scope")
    if attach and os.geteuid() != 0 and scope.exists() and scope.read_text().strip() != "0":
        pytest.skip("only root may attach strace to a running process here (kernel.yama.ptrace_scope)")
    return Path(found)


def need_program(name: str) -> Path:
    found = prepare.find(name)
    if found is None:
        pytest.skip(f"no {name}: `make test` installs it, or says how")
    return Path(found)


def need_tk() -> dict[str, str]:
    """A Python that sees Tk, as `python`, and the environment in which it runs this project."""
    python = prepare.python_with_tk()
    if python is None:
        pytest.skip("no Python here sees Tk: `make test` installs it, or says how")
    return {"python": python, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def need_postgres() -> Path:
    """The folder with PostgreSQL's programs, the newest there is."""
    if not prepare.postgres():
        pytest.skip("no PostgreSQL: `make test` installs it, or says how")
    return prepare.postgres()[-1]


def need_faketime() -> Path:
    """The library that moves a program's clock, for programs with threads."""
    found = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if found is None:
        pytest.skip("no faketime: `make test` installs it, or says how")
    return found


def need_root(why: str) -> None:
    if os.geteuid() != 0:
        pytest.skip(f"not root, which it takes {why}")
