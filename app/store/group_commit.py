"""One writer takes all that is waiting and commits it at once: the disk is asked once, however many wait."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Final

from app.chat.messages import Draft
from app.chat.refusals import Unavailable
from app.store.native import Native, Result
from app.store.record import Outcome

MOST_AT_ONCE: Final = 500
MOST_WAITING: Final = 10_000


class GroupCommit:
    """`commit` takes drafts, gives an outcome for each, and raises Unavailable if none was recorded."""

    def __init__(self, commit: Callable[[list[Draft]], list[Outcome]], native: Native) -> None:
        self._commit = commit
        self._native = native
        self._waiting: queue.Queue[tuple[Draft, Result[Outcome]] | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._work, name="group-commit", daemon=True)
        self._thread.start()

    def append(self, draft: Draft) -> Outcome:
        """Returns when the draft is on disk, or is known to be a repeat or a conflict. fails Unavailable"""
        future: Result[Outcome] = self._native.result()
        try:
            self._waiting.put_nowait((draft, future))
        except queue.Full:
            raise Unavailable("too many commits waiting") from None
        return future.result()

    def close(self) -> None:
        """Commit what is waiting, then stop."""
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        is_open = True
        while is_open:
            batch, is_open = self._take()
            if batch:
                self._settle(batch)

    def _take(self) -> tuple[list[tuple[Draft, Result[Outcome]]], bool]:
        """What is waiting, at least one; and False when `close` was called."""
        batch: list[tuple[Draft, Result[Outcome]]] = []
        item = self._waiting.get()
        while item is not None:
            batch.append(item)
            if len(batch) == MOST_AT_ONCE:
                break
            try:
                item = self._waiting.get_nowait()
            except queue.Empty:
                break
        return batch, item is not None

    def _settle(self, batch: list[tuple[Draft, Result[Outcome]]]) -> None:
        try:
            outcomes = self._native.run(self._commit, [draft for draft, _ in batch])
        except Unavailable as error:
            for _, future in batch:
                future.set_exception(error)
        except Exception as error:  # noqa: BLE001 - a bug, told and contained
            if len(batch) == 1:
                batch[0][1].set_exception(error)
                return
            # One draft may have spoilt it for all: each gets its own transaction, and its own answer.
            for each in batch:
                self._settle([each])
        else:
            for (_, future), outcome in zip(batch, outcomes, strict=True):
                future.set_result(outcome)
