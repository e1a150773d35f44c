"""nginx and HAProxy with the files of deploy/, changed in who listens where and in nothing a reader would notice."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.live import ROOT, Visitor, free_port, until
from tests.needs import need_program

# Where it comes from, as the chatroom sees it.
OWN_ADDRESS = "127.0.0.50"

NGINX = """
daemon off;
user {user};
worker_processes 1;
pid {folder}/pid;
error_log stderr;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    proxy_bind {own};
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/conf.d/*.conf;
}}
"""


class Proxy:
    """In front of several processes. `port` is where it listens."""

    def __init__(self, folder: Path, ports: Sequence[int]) -> None:
        self.port = free_port()
        self._log = folder / "log"
        self._check, self._run = self._commands(folder, ports)
        self._process: subprocess.Popen[bytes] | None = None

    def checks(self) -> subprocess.CompletedProcess[str]:
        """What the program itself says of its configuration."""
        return subprocess.run(self._check, capture_output=True, text=True, timeout=20)

    def start(self) -> None:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(self._run, stdout=log, stderr=log)
        until(self._answers, 10, "the proxy")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self._log.read_text()
        try:
            return Visitor(self.port).get("/healthz").status == 200
        except OSError:
            return False

    def _commands(self, folder: Path, ports: Sequence[int]) -> tuple[list[str], list[str]]:
        """How it is asked to look at its files, and how it is run."""
        raise NotImplementedError


class Nginx(Proxy):
    def _commands(self, folder: Path, ports: Sequence[int]) -> tuple[list[str], list[str]]:
        site = _filed("nginx/chat.conf", {"listen 80;": f"listen 127.0.0.1:{self.port};", "listen [::]:80;": ""})
        processes = _filed("nginx/chat-processes.conf", _elsewhere(ports[:2]))
        # A line more for each process more.
        last = next(line for line in processes.splitlines() if f":{ports[1]} " in line)
        more = [last.replace(f":{ports[1]} ", f":{port} ") for port in ports[2:]]
        processes = processes.replace(last, "\n".join([last, *more]))
        (folder / "conf.d").mkdir()
        (folder / "conf.d" / "chat.conf").write_text(site)
        (folder / "conf.d" / "chat-processes.conf").write_text(processes)
        user = pwd.getpwuid(os.getuid()).pw_name
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, user=user, own=OWN_ADDRESS))
        command = [str(need_program("nginx")), "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
        return [*command, "-t"], command


class HAProxy(Proxy):
    def _commands(self, folder: Path, ports: Sequence[int]) -> tuple[list[str], list[str]]:
        changes = {
            "    user haproxy\n    group haproxy\n": "",
            "    maxconn 100000\n": "    maxconn 1000\n",
            "bind :80\n": f"bind 127.0.0.1:{self.port}\n",
            "    balance leastconn\n": f"    balance leastconn\n    source {OWN_ADDRESS}\n",
        }
        (folder / "haproxy.cfg").write_text(_filed("haproxy/haproxy.cfg", changes | _elsewhere(ports)))
        command = [str(need_program("haproxy")), "-f", str(folder / "haproxy.cfg")]
        return [*command, "-c"], [*command, "-db"]


def _elsewhere(ports: Sequence[int]) -> dict[str, str]:
    return {f"127.0.0.1:{usual}": f"127.0.0.1:{port}" for usual, port in zip((8001, 8002), ports, strict=True)}


def _filed(name: str, changes: dict[str, str]) -> str:
    text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
    for old, new in changes.items():
        assert text.count(old) == 1, f"{name}: {old}"
        text = text.replace(old, new)
    return text
