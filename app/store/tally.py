"""How commits went, as plain numbers."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final

from app.store.record import Outcome

# Nobody asks for them for a while: the newest are kept.
KEPT: Final = 10_000


class Tally:
    """`failed` in commits; `repeats` are messages that were recorded before."""

    def __init__(self) -> None:
        self.failed = 0
        self.messages = 0
        self.repeats = 0
        self._times_s: deque[float] = deque(maxlen=KEPT)

    def add(self, took_s: float, outcomes: Sequence[Outcome]) -> None:
        self._times_s.append(took_s)
        answers = [outcome[1] for outcome in outcomes if isinstance(outcome, tuple)]
        new = sum(answers)
        self.messages += new
        self.repeats += len(answers) - new

    def take_times(self) -> Iterable[float]:
        """Of each commit since the last call, in seconds."""
        times, self._times_s = self._times_s, deque(maxlen=KEPT)
        return times
