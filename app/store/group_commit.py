"""One writer takes all that is waiting and commits it at once: the disk is asked once, however many wait."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from app.chat.messages import Draft
from app.chat.refusals import Unavailable
from app.store.native import Native, Result
from app.store.record import Outcome
from app.store.tally import Tally

MOST_AT_ONCE: Final = 500
MOST_WAITING: Final = 10_000
# For those who spoke together last time to speak together again. A server that hears one at a time never waits.
TOGETHER_S: Final = 0.0005
# They cannot come before each has been told and read again: so much longer after a commit for each who was in it.
EACH_S: Final = 0.00015
# Whoever comes alone after a crowd waits no longer than this for the crowd.
LONGEST_S: Final = 0.01


class GroupCommit:
    """`commit` takes drafts, gives an outcome for each, and raises Unavailable if none was recorded.

    tidy  what need not be done before those who wait are answered; it follows each batch, and may wait
    """

    def __init__(
        self, commit: Callable[[list[Draft]], list[Outcome]], native: Native, tidy: Callable[[], None] = lambda: None
    ) -> None:
        self.tally = Tally()
        self._commit = commit
        self._native = native
        self._tidy = tidy
        self._waiting: deque[tuple[Draft, Result[Outcome]]] = deque()
        self._is_open = True
        # The bell rings when so many wait.
        self._wanted = 1
        self._bell = threading.Event()
        self._thread = threading.Thread(target=self._work, name="group-commit", daemon=True)
        self._thread.start()

    def append(self, draft: Draft) -> Outcome:
        """Returns when the draft is on disk, or is known to be a repeat or a conflict. fails Unavailable"""
        if len(self._waiting) >= MOST_WAITING:
            raise Unavailable("too many commits waiting")
        future: Result[Outcome] = self._native.result()
        self._waiting.append((draft, future))
        if len(self._waiting) >= self._wanted and not self._bell.is_set():
            self._bell.set()
        return future.result()

    def close(self) -> None:
        """Commit what is waiting, then stop."""
        self._is_open = False
        self._bell.set()
        self._thread.join()

    def _work(self) -> None:
        came, until = 1, 0.0
        while batch := self._take(came, until):
            self._settle(batch)
            came = len(batch)
            until = time.monotonic() + patience_s(came)
            self._tidy()

    def _take(self, came_last: int, until: float) -> list[tuple[Draft, Result[Outcome]]]:
        """What is waiting, at least one; as many as came last time have a moment to come. Empty after `close`."""
        # The bell may ring late, for somebody who has been taken already.
        while not self._waiting and self._is_open:
            self._wait_for(1)
        if len(self._waiting) < came_last:
            self._wait_for(came_last, max(TOGETHER_S, until - time.monotonic()))
        return [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_AT_ONCE))]

    def _wait_for(self, count: int, timeout_s: float | None = None) -> None:
        self._wanted = count
        self._bell.clear()
        # Whoever comes from here on rings; whoever came before is seen.
        if len(self._waiting) < count and self._is_open:
            self._bell.wait(timeout_s)

    def _settle(self, batch: list[tuple[Draft, Result[Outcome]]]) -> None:
        began = time.monotonic()
        try:
            outcomes = self._native.run(self._commit, [draft for draft, _ in batch])
        except Unavailable as error:
            self.tally.failed += 1
            for _, future in batch:
                future.set_exception(error)
        except Exception as error:  # noqa: BLE001 - a bug, told and contained
            self.tally.failed += 1
            if len(batch) == 1:
                batch[0][1].set_exception(error)
                return
            # One draft may have spoilt it for all: each gets its own transaction, and its own answer.
            for each in batch:
                self._settle([each])
        else:
            self.tally.add(time.monotonic() - began, outcomes)
            for (_, future), outcome in zip(batch, outcomes, strict=True):
                future.set_result(outcome)


def patience_s(came: int) -> float:
    """How long after a commit of so many the same number is waited for."""
    return min(EACH_S * came, LONGEST_S)
