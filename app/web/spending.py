"""What is spent in one process counts in the others too, a moment later. Nobody waits for it: the own count answers.

So each process can give away what it has in one interval before it knows of the others, and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

from app.web.limits import Allowance
from app.web.telling import every

REPORT_EVERY_S: Final = 0.25
TOGETHER: Final = 500


class Ledger(Protocol):
    """What all processes have spent, by name. No clock is shared: there are only lengths of time."""

    def add(self, spent_s: Sequence[tuple[str, float]], since_s: float) -> list[float]:
        """How long, for each name, until all is earned again.

        spent_s  name → the time it takes to earn that again, in seconds
        since_s  over how long it was spent
        fails    Unavailable
        """


class SharedSpending:
    """`allowances` by the name under which the other processes know them."""

    def __init__(self, allowances: Mapping[str, Allowance], ledger: Ledger, clock: Callable[[], float]) -> None:
        self._allowances = allowances
        self._ledger = ledger
        self._clock = clock
        self._reported_at = clock()
        for allowance in allowances.values():
            allowance.take_spent()

    def start(self) -> None:
        every(REPORT_EVERY_S, self.report)

    def report(self) -> None:
        """Say what was spent here since the last time, and learn what that makes of it.

        fails  Unavailable; then it is never said: while nobody answers each process counts for itself
        """
        now = self._clock()
        since_s, self._reported_at = now - self._reported_at, now
        spent = [
            (allowance, who, f"{kind}:{who}", spent_s)
            for kind, allowance in self._allowances.items()
            for who, spent_s in allowance.take_spent().items()
        ]
        for start in range(0, len(spent), TOGETHER):
            some = spent[start : start + TOGETHER]
            left_s = self._ledger.add([(name, spent_s) for *_, name, spent_s in some], since_s)
            for (allowance, who, *_), left in zip(some, left_s, strict=True):
                allowance.learn(who, now + left)
