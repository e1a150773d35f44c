"""A Redis of a test's own, on a free port of the loopback, that can be stopped, frozen and emptied."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress

from tests.live import free_port, until
from tests.needs import need_program


class RedisServer:
    """Keeps nothing on disk: a restart is empty."""

    def __init__(self, *words: str) -> None:
        self._program = need_program("redis-server")
        self._words = words
        self._folder = tempfile.TemporaryDirectory(prefix="chat-redis-")
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self, **environment: str) -> None:
        words = [
            "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
            "--dir", self._folder.name, *self._words,
        ]  # fmt: skip
        self._process = subprocess.Popen(
            [self._program, *words], env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until(lambda: self.asks("PING") == "+PONG", 10, "redis-server")

    def stop(self) -> None:
        if self._process is not None:
            self.thaws()
            self._process.kill()
            self._process.wait(5)
            self._process = None

    def close(self) -> None:
        self.stop()
        self._folder.cleanup()

    def freezes(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaws(self) -> None:
        self._signal(signal.SIGCONT)

    def flushes(self) -> None:
        assert self.asks("FLUSHALL") == "+OK"

    def loses_its_disk(self) -> None:
        """From the next time on that it saves."""
        self._folder.cleanup()

    @property
    def primaries(self) -> list[RedisServer]:
        """It alone, as it is no cluster."""
        return [self]

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def asks(self, *words: str) -> str:
        """The first line of the answer; empty when there is none."""
        return self._asks(words)[0]

    def text(self, *words: str) -> str:
        """The answer when it is one text."""
        return self._asks(words)[1]

    def until_asked(self, *words: str, is_fit: Callable[[str], bool]) -> None:
        until(lambda: is_fit(self.asks(*words)), what=" ".join(words))

    def until_says(self, *words: str, line: str) -> None:
        until(lambda: line in self.text(*words).splitlines(), 10, f"{line} in {' '.join(words)}")

    def _asks(self, words: Sequence[str]) -> tuple[str, str]:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=2) as line:
            line.sendall(f"*{len(words)}\r\n".encode() + b"".join(self._word(word.encode()) for word in words))
            answer = line.makefile("rb")
            first = answer.readline().decode().rstrip()
            size = int(first[1:]) if first.startswith("$") else 0
            return first, answer.read(size).decode() if size > 0 else ""
        return "", ""

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    @staticmethod
    def _word(word: bytes) -> bytes:
        return b"$%d\r\n%b\r\n" % (len(word), word)
