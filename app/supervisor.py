"""Several workers on one address: starts them, starts anew one that died, and ends them all in an orderly way.

SIGTERM or SIGINT ends all. SIGHUP puts a new worker in the place of each, one after the other: a new version or new
settings, without a moment when nobody answers.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

LOOK_EVERY_S: Final = 0.05
START_S: Final = 30.0
# A worker drains within ten seconds.
STOP_S: Final = 12.0
# Who dies sooner than this after a start is started again after a pause, each time a longer one.
EARLY_S: Final = 10.0
LONGEST_PAUSE_S: Final = 10.0
CANNOT_START: Final = 2


class _Worker:
    """`ready_fd`: on it the worker says that it serves."""

    def __init__(self, command: Sequence[str]) -> None:
        self.ready_fd, told_fd = os.pipe()
        os.set_blocking(self.ready_fd, False)
        self.started_at = time.monotonic()
        self.is_ready = False
        self.process = subprocess.Popen([*command, "--ready-fd", str(told_fd)], pass_fds=[told_fd])
        os.close(told_fd)

    @property
    def is_early(self) -> bool:
        return time.monotonic() - self.started_at < EARLY_S

    def look(self) -> int | None:
        """Its exit code, once it has ended."""
        if not self.is_ready:
            with suppress(BlockingIOError):
                self.is_ready = bool(os.read(self.ready_fd, 1))
        return self.process.poll()

    def forget(self) -> None:
        os.close(self.ready_fd)


class Supervisor:
    """command  starts one worker, given `--ready-fd N` besides: a byte written there says that it serves
    say      is told what happens, a line each
    ended    is told the process number of each worker that has ended
    """

    def __init__(
        self, command: Sequence[str], count: int, say: Callable[[str], None], ended: Callable[[int], None]
    ) -> None:
        self._command = command
        self._count = count
        self._say = say
        self._ended = ended
        self._workers: list[_Worker] = []
        self._asked: list[int] = []
        self._pause_s = 0.0

    def run(self, ready: Callable[[], None]) -> int:
        """Until all have ended; the exit code. `ready()` is called once, when every worker serves."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda number, _frame: self._asked.append(number))
        for _ in range(self._count):
            self._start()
        if not self._come_up(self._workers):
            # What keeps the first from starting would keep every later one: it has said what.
            self._end()
            return CANNOT_START
        ready()
        while not self._is_ending():
            if signal.SIGHUP in self._asked:
                self._asked.remove(signal.SIGHUP)
                self._replace_all()
            self._mend()
            time.sleep(LOOK_EVERY_S)
        return self._end()

    def _is_ending(self) -> bool:
        return any(number in self._asked for number in (signal.SIGTERM, signal.SIGINT))

    def _start(self) -> _Worker:
        worker = _Worker(self._command)
        self._workers.append(worker)
        return worker

    def _forget(self, worker: _Worker) -> None:
        worker.forget()
        self._ended(worker.process.pid)
        self._workers.remove(worker)

    def _come_up(self, awaited: Sequence[_Worker]) -> bool:
        """Whether all of these serve, before one of them ends or somebody wants us to."""
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and not self._is_ending():
            if any(worker.look() is not None for worker in awaited):
                return False
            if all(worker.is_ready for worker in awaited):
                return True
            time.sleep(LOOK_EVERY_S)
        return False

    def _mend(self) -> None:
        """A new worker for each that has died."""
        for worker in list(self._workers):
            code = worker.look()
            if code is None:
                continue
            self._forget(worker)
            self._pause_s = min(max(1.0, 2 * self._pause_s), LONGEST_PAUSE_S) if worker.is_early else 0.0
            self._say(f"A worker ended with {code}; another starts in {self._pause_s:.0f} s.")
            self._sleep(self._pause_s)
            if not self._is_ending():
                self._start()

    def _replace_all(self) -> None:
        for old in list(self._workers):
            new = self._start()
            if not self._come_up([new]):
                self._say("The new worker does not start. The old ones stay.")
                self._stop([new])
                return
            self._stop([old])

    def _stop(self, workers: Sequence[_Worker]) -> int:
        """End these in an orderly way, by force if that takes too long; the worst exit code."""
        for worker in workers:
            worker.process.terminate()
        deadline = time.monotonic() + STOP_S
        while any(worker.look() is None for worker in workers) and time.monotonic() < deadline:
            time.sleep(LOOK_EVERY_S)
        codes = []
        for worker in list(workers):
            if worker.look() is None:
                worker.process.kill()
            codes.append(abs(worker.process.wait()))
            self._forget(worker)
        return max(codes, default=0)

    def _end(self) -> int:
        return self._stop(self._workers)

    def _sleep(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._is_ending():
            time.sleep(LOOK_EVERY_S)
