"""What is measured: each number once, with its name, its meaning and where it is read."""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from app.chat.ports import Bus
from app.metrics.prometheus import Metrics
from app.store import SqlStore
from app.transport.live import Live
from app.web.draining import Drain
from app.web.following import Followers
from app.web.relay import Relay

if TYPE_CHECKING:
    from app.bus.redis import RedisBus

# Seconds; a disk answers in tenths of a thousandth, a busy database in tenths.
COMMIT_BUCKETS: Final = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
MEMORY: Final = Path("/proc/self/statm")
PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")


def register(
    metrics: Metrics,
    live: Live,
    followers: Followers,
    store: SqlStore,
    relay: Relay,
    bus: Bus,
    drain: Drain,
    refusals: Counter[str],
) -> None:
    """refusals  by code, whichever door said no"""
    metrics.gauge("chat_processes", "Processes that serve.", lambda: 1)
    metrics.gauge("chat_draining", "Processes that let nobody in any more.", lambda: drain.has_begun)
    metrics.counter("chat_process_cpu_seconds_total", "CPU time of the processes.", time.process_time)
    if MEMORY.exists():
        metrics.gauge("chat_process_resident_memory_bytes", "Memory of the processes.", resident_bytes)

    metrics.gauge("chat_connections", "Live connections that are open.", lambda: live.count)
    metrics.gauge("chat_followers", "Who follows a room over plain HTTP just now.", followers.count)
    metrics.gauge("chat_rooms", "Rooms that a live connection listens to, in each process.", lambda: live.rooms)
    metrics.counter("chat_deliveries_total", "Events and answers handed to live connections.", lambda: live.deliveries)
    metrics.counters(
        "chat_connections_ended_total", "Connections that ended, by reason.", "reason",
        lambda: live.ended + followers.ended,
    )  # fmt: skip
    metrics.counters("chat_refusals_total", "Requests that were refused, by code.", "code", lambda: refusals)

    commits = store.commits
    metrics.histogram("chat_commit_seconds", "How long commits took.", COMMIT_BUCKETS, commits.take_times)
    metrics.counter("chat_commits_failed_total", "Commits that recorded nothing.", lambda: commits.failed)
    metrics.counter("chat_messages_total", "Messages recorded.", lambda: commits.messages)
    metrics.counter("chat_duplicates_total", "Messages sent again, and recorded once.", lambda: commits.repeats)

    if bus.is_shared:
        shared = cast("RedisBus", bus)
        metrics.gauge("chat_redis_up", "Whether every process hears the others.", lambda: shared.is_well, "livemin")
        metrics.gauge(
            "chat_bus_lag_seconds", "How long a bell takes, in the slowest process.", lambda: shared.lag_s, "livemax"
        )
        metrics.counter("chat_bells_lost_total", "Bells that could not be rung.", lambda: shared.lost)
        metrics.counter("chat_bells_forged_total", "Bells heard that nobody of ours rang.", lambda: shared.forged)
        metrics.counter(
            "chat_messages_healed_total", "Messages that no bell told of, read from the database.", lambda: relay.healed
        )


def resident_bytes() -> float:
    return int(MEMORY.read_text().split()[1]) * PAGE_BYTES
