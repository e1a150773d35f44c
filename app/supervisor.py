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
        try:
            # A group of its own: what a terminal tells all in its group, as Ctrl-C does, is for us alone to pass on.
            self.process = subprocess.Popen([*command, "--ready-fd", str(told_fd)], pass_fds=[told_fd], process_group=0)
        except OSError:
            os.close(self.ready_fd)
            raise
        finally:
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
        """Until all have ended; the exit code. `ready()` is called once, when every worker serves. fails OSError when
        the system gives no process; whatever happens, no worker stays behind
        """
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda number, _frame: self._asked.append(number))
        try:
            code = self._work(ready)
        finally:
            worst = self._stop(self._workers)
        return code or worst

    def _work(self, ready: Callable[[], None]) -> int:
        """Until somebody wants an end; CANNOT_START if not all came up."""
        for _ in range(self._count):
            self._start()
        if not self._come_up(self._workers):
            # What keeps the first from starting would keep every later one.
            return 0 if self._is_ending() else CANNOT_START
        ready()
        while not self._is_ending():
            if signal.SIGHUP in self._asked:
                self._asked.remove(signal.SIGHUP)
                self._replace_all()
            self._mend()
            time.sleep(LOOK_EVERY_S)
        return 0

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
        """Whether all of these serve, before one of them ends (it has said why) or somebody wants us to."""
        deadline = time.monotonic() + START_S
        while not self._is_ending():
            if time.monotonic() > deadline:
                self._say(f"A worker does not serve after {START_S:.0f} s.")
                return False
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
                if not self._is_ending():
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
        for worker in workers:
            if worker.look() is None:
                worker.process.kill()
        codes = []
        for worker in list(workers):
            code = abs(worker.process.wait())
            # Who does not serve yet ends at once.
            codes.append(0 if code == signal.SIGTERM and not worker.is_ready else code)
            self._forget(worker)
        return max(codes, default=0)

    def _sleep(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._is_ending():
            time.sleep(LOOK_EVERY_S)
