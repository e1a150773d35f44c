"""Numbers for Prometheus, copied now and then from plain ones: counting costs those who count next to nothing.

Several processes keep theirs in one folder (`shared.py`), and whichever is asked gives the sum.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Literal

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from app.metrics.shared import FOLDER

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST

Number = Callable[[], float]
# What the values of several living processes become.
Together = Literal["livesum", "livemax", "livemin"]


class Metrics:
    def __init__(self) -> None:
        self._own = CollectorRegistry()
        self._copies: list[Callable[[], None]] = []

    def counter(self, name: str, meaning: str, read: Number) -> None:
        """`read()` only ever grows."""
        counter = Counter(name, meaning, registry=self._own)
        copied = 0.0

        def copy() -> None:
            nonlocal copied
            now = read()
            counter.inc(now - copied)
            copied = now

        self._copies.append(copy)

    def counters(self, name: str, meaning: str, label: str, read: Callable[[], Mapping[str, int]]) -> None:
        """One for each key; there must be few of them, ever."""
        counter = Counter(name, meaning, [label], registry=self._own)
        copied: dict[str, int] = {}

        def copy() -> None:
            for key, now in read().items():
                counter.labels(key).inc(now - copied.get(key, 0))
                copied[key] = now

        self._copies.append(copy)

    def gauge(self, name: str, meaning: str, read: Number, together: Together = "livesum") -> None:
        gauge = Gauge(name, meaning, multiprocess_mode=together, registry=self._own)
        self._copies.append(lambda: gauge.set(read()))

    def histogram(self, name: str, meaning: str, buckets: Sequence[float], take: Callable[[], Iterable[float]]) -> None:
        """`take()` gives what has been observed since it was last called."""
        histogram = Histogram(name, meaning, buckets=buckets, registry=self._own)

        def copy() -> None:
            for each in take():
                histogram.observe(each)

        self._copies.append(copy)

    def copy(self) -> None:
        for copy in self._copies:
            copy()

    def text(self) -> bytes:
        """All of them as they are now, as `CONTENT_TYPE`."""
        self.copy()
        if FOLDER not in os.environ:
            return generate_latest(self._own)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)
