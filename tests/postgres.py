"""A PostgreSQL of one's own: a cluster in a folder of its own, on a free port, gone when it is stopped."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from tests.live import free_port, until
from tests.needs import need_postgres

# PostgreSQL refuses to run as root; Debian's package brings this user.
AS_USER: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
TEMPLATE = "template_of_ours"


class Cluster:
    """`start` it once; `stop`, `restart`, `freeze` and `thaw` are for those who want trouble."""

    def __init__(self, *options: str) -> None:
        self._bin = need_postgres()
        self._folder = Path(tempfile.mkdtemp(prefix="chat-postgres-"))
        self._port = free_port()
        self._options = [f"port={self._port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", *options]
        self._process: subprocess.Popen[bytes] | None = None
        self._names = (f"test_{number}" for number in itertools.count())
        if AS_USER:
            shutil.chown(self._folder, AS_USER["user"])
        self._run("initdb", "--no-sync", "--auth=trust", "--username=chat", "--encoding=UTF8", "--locale=C.UTF-8")

    def start(self) -> None:
        words = [word for option in self._options for word in ("-c", option)]
        with (self._folder.parent / f"{self._folder.name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", self._folder, *words], stdout=log, stderr=log, cwd="/", **AS_USER
            )
        until(self._answers, 30, "PostgreSQL")

    def stop(self) -> None:
        """At once, as by a failing machine: what was not synced may be gone."""
        if self._process is not None:
            self.thaw()
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(30)
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder)
        self._folder.with_suffix(".log").unlink()

    def url(self, name: str) -> str:
        return f"postgresql://chat@127.0.0.1:{self._port}/{name}"

    def make(self, template: str = "template1") -> str:
        """The URL of a new database, empty unless made from another."""
        name = next(self._names)
        with self.line("postgres") as line:
            line.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def line(self, name: str) -> psycopg.Connection[Any]:
        """A connection of somebody else, each statement for itself."""
        return psycopg.connect(self.url(name), autocommit=True)

    def freeze(self) -> None:
        """Every process of it stands still, whoever waits for it."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal_all(signal.SIGCONT)

    def _signal_all(self, how: signal.Signals) -> None:
        assert self._process is not None
        for pid in [self._process.pid, *_children(self._process.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, how)

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            self.line("postgres").close()
            return True
        return False

    def _run(self, program: str, *words: str) -> None:
        subprocess.run(
            [self._bin / program, "-D", self._folder, *words], check=True, capture_output=True, cwd="/", **AS_USER
        )


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found
