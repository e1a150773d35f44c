"""Makes the machine fit for the tests: the programs they drive, the browser libraries, and Node.

Where it may, it installs what is missing: as root on Debian, or when CI=true. Else it prints the command that would,
and the tests that need it skip and say so.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app import vendor

# command → the Debian package that brings it
PROGRAMS = {
    "curl": "curl",
    "strace": "strace",
    "faketime": "faketime",
    "tmux": "tmux",
    "redis-server": "redis-server",
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "nginx": "nginx",
    "haproxy": "haproxy",
    "systemd-analyze": "systemd",
}
# The first is the same browser without all that has a window, and takes half the time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The Python of Debian that sees Tk, when it is there.
SYSTEM_PYTHON = "/usr/bin/python3"
# Asked by Debian before it starts a service; 101 is no.
POLICY = Path("/usr/sbin/policy-rc.d")


def missing(programs: Mapping[str, str]) -> list[str]:
    """The packages whose command is not on PATH."""
    return [package for command, package in programs.items() if find(command) is None]


def find(command: str) -> str | None:
    """Where it is, also where Debian keeps servers, which is on the PATH of root alone."""
    return shutil.which(command, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))


def browser() -> str | None:
    return next(filter(None, map(find, BROWSERS)), None)


def python_with_tk() -> str | None:
    """A Python of this version that can open a window: this one, or the system's."""
    probe = f"import sys, tkinter; assert sys.version_info[:2] == {sys.version_info[:2]}"
    for python in (sys.executable, SYSTEM_PYTHON):
        found = shutil.which(python)
        if found and subprocess.run([found, "-c", probe], capture_output=True).returncode == 0:
            return found
    return None


def postgres() -> list[Path]:
    """Where its programs are, the newest of Debian last, which leaves them off PATH."""
    on_path = map(Path, os.environ.get("PATH", "").split(os.pathsep))
    folders = [*on_path, *sorted(Path("/usr/lib/postgresql").glob("*/bin"))]
    return [folder for folder in folders if (folder / "initdb").exists()]


def may_install() -> bool:
    return shutil.which("apt-get") is not None and (os.geteuid() == 0 or os.environ.get("CI") == "true")


def install(packages: list[str]) -> None:
    """Those packages, by apt-get; asks nobody anything.

    refuses  CalledProcessError, when apt-get says no
    """
    with _services_off():
        _apt_get("update")
        if BROWSERS[0] in packages and not _is_known(BROWSERS[0]):
            packages = [package for package in packages if package != BROWSERS[0]]
            packages += [BROWSERS[1]] if browser() is None else []
        _apt_get("install", "-y", "--no-install-recommends", *packages)


def _is_known(package: str) -> bool:
    """Whether this Debian has it: some have no browser without a window."""
    return subprocess.run(["apt-cache", "show", package], capture_output=True).returncode == 0


def _apt_get(*words: str) -> None:
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = [*sudo, "apt-get", "-qq", *words]
    subprocess.run(command, check=True, env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


@contextmanager
def _services_off() -> Iterator[None]:
    """Debian starts a server when it installs it. The tests start their own, on ports of their own."""
    if os.geteuid() != 0 or POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def bring(programs: Mapping[str, str]) -> None:
    """Those programs on PATH, or the command on the screen that would put them there."""
    packages = missing(programs) + ([] if python_with_tk() else ["python3-tk"]) + ([] if postgres() else ["postgresql"])
    if browser() is None or (may_install() and find(BROWSERS[0]) is None):
        packages.append(BROWSERS[0])
    if packages and may_install():
        print("Installing for the tests:", *packages, flush=True)
        install(packages)
    elif packages:
        print("Some tests will skip. They run after: sudo apt-get install", *packages, flush=True)


def main() -> str | None:
    """None when all is well, else the sentence to end with."""
    try:
        bring(PROGRAMS)
        vendor.ensure()
        if vendor.find_node() is None:
            vendor.fetch_node()
    except subprocess.CalledProcessError as error:
        return f"`{' '.join(error.cmd)}` failed: see above, mend it, and start again."
    except vendor.VendorError as error:
        return str(error)
    return None


if __name__ == "__main__":
    sys.exit(main())
