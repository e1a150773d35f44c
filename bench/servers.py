"""The servers under test: each started alone on a core of its own, and looked at through the operating system."""

from __future__ import annotations

import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.wires import Ours, Plain, Wire

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / "bench" / "peers" / "node"
SERVER_CORE, LOAD_CORE = sorted(os.sched_getaffinity(0))[0], sorted(os.sched_getaffinity(0))[-1]
TICKS = os.sysconf("SC_CLK_TCK")
# A benchmark is one address and a few people who never sleep: limits are raised for it. None is switched off.
RAISED = {
    "CHAT_MESSAGES_PER_10S": "1000000",
    "CHAT_ROOMS_PER_10S": "100000",
    "CHAT_CONNECTIONS_PER_ADDRESS": "20000",
    "CHAT_CONNECTION_POINTS_PER_10S": "1000000000",
    "CHAT_ADDRESS_POINTS_PER_10S": "1000000000",
    "CHAT_ROOM_POINTS_PER_10S": "1000000000",
}
# For scenes that do not measure how a crowd is let in.
ALL_MAY_ENTER = {"CHAT_ADMIT_PER_S": "5000"}


class Server:
    """Not running until `start`. Its data is in a folder of its own, on the disk the project is on."""

    name: str
    wire: type[Wire]
    keeps_history = False
    # Where the others of several are heard, if there are any.
    redis_url = ""

    def __init__(self) -> None:
        self.port = _free_port()
        home = ROOT / "instance"
        home.mkdir(exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="bench-", dir=home))
        self._process: subprocess.Popen[bytes] | None = None

    def words(self) -> list[str]:
        raise NotImplementedError

    @property
    def ports(self) -> list[int]:
        return [self.port]

    def start(self, **settings: str) -> None:
        self.launch(**settings)
        self._wait()

    def launch(self, **settings: str) -> None:
        outside = {name: value for name, value in os.environ.items() if not name.startswith("CHAT_")}
        ours = {"CHAT_PORT": str(self.port), "CHAT_DATA": str(self.folder)} | RAISED | settings
        with on_server_core(), (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                self.words(), cwd=ROOT, env=outside | ours, stdout=log, stderr=subprocess.STDOUT
            )

    def ask_to_stop(self) -> None:
        assert self._process
        self._process.terminate()

    @property
    def has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
        self._process = None

    def end(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def cpu_s(self) -> float:
        """User and system time of the process and all its threads, since its start."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def others_s(self) -> float:
        """What everybody else, neighbours of a virtual machine included, has had of the server's core."""
        lines = Path("/proc/stat").read_text().splitlines()
        fields = next(line.split()[1:] for line in lines if line.startswith(f"cpu{SERVER_CORE} "))
        user, nice, system, _idle, _wait, _irq, _softirq, steal = map(int, fields[:8])
        return (user + nice + system + steal) / TICKS - self.cpu_s()

    def memory_kb(self) -> int:
        """Its own share of what is in memory (Pss)."""
        rollup = Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        return int(rollup.partition("\nPss:")[2].split()[0])

    def _wait(self, within_s: float = 30) -> None:
        end = time.monotonic() + within_s
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2).close()
                return
            except (OSError, urllib.error.URLError):
                assert self._process
                if self._process.poll() is not None or time.monotonic() > end:
                    log = (self.folder / "server.log").read_text(errors="replace")
                    raise RuntimeError(f"{self.name} did not start:\n{log}") from None
            time.sleep(0.02)


class OurServer(Server):
    name = "ours"
    wire = Ours
    keeps_history = True

    def words(self) -> list[str]:
        return [sys.executable, "-m", "app"]


class PlainServer(Server):
    name = "plain"
    wire = Plain

    def words(self) -> list[str]:
        return [sys.executable, "bench/plain.py", "--port", str(self.port), "--queue", self.redis_url]


class NodeServer(Server):
    name = "node"
    wire = Plain

    def words(self) -> list[str]:
        return ["node", str(PEER / "server.mjs"), str(self.port), self.redis_url]

    @staticmethod
    def prepare() -> str | None:
        """Fetch its package once. Returns why it cannot be here, or None."""
        if not shutil.which("node") or not shutil.which("npm"):
            return "node and npm are not on PATH"
        lock, stamp = PEER / "package-lock.json", PEER / "node_modules" / ".stamp"
        if not stamp.exists() or stamp.stat().st_mtime < lock.stat().st_mtime:
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(command, cwd=PEER, capture_output=True, text=True, timeout=300)
            if done.returncode:
                return f"npm ci failed: {done.stderr.strip().splitlines()[-1:]}"
            stamp.touch()
        return None


SERVERS: dict[str, type[Server]] = {kind.name: kind for kind in (OurServer, NodeServer, PlainServer)}


@contextmanager
def on_server_core() -> Iterator[None]:
    """A child keeps the core of its parent, and so do the threads it makes. We go on where the load is."""
    os.sched_setaffinity(0, {SERVER_CORE})
    try:
        yield
    finally:
        os.sched_setaffinity(0, {LOAD_CORE})


def allow_files() -> int:
    """As many open files as may be, for us and for the servers we start."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
