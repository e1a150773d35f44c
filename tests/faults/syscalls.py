"""What strace wrote down, read for one question: was a message synced to disk before any of it went out?

A message is known by the key at the end of its body; in the write-ahead log and on a socket it stands in plain letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

KEY = re.compile(r"writes line \d+ ([0-9a-f]{32})")
ACK = re.compile(r'43\d+\[\{\\"message\\":.*?writes line \d+ ([0-9a-f]{32})')
BEGUN = re.compile(r"^(\d+) +(\w+)\((\d+)(?:<([^>]*)>)?(.*)$", re.S)
RESUMED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>.*= (-?\d+)", re.S)
RESULT = re.compile(r"= (-?\d+)[^=]*$")
SYNCS = ("fsync", "fdatasync")


@dataclass(slots=True)
class Call:
    """One system call. `began` and `ended` are places in the order of all that strace saw; it returned `result`."""

    name: str
    file: str
    text: str
    began: int
    ended: int
    result: int


@dataclass(slots=True)
class Traced:
    """Keys: told after their sync, told too early, and acknowledged."""

    sound: set[str] = field(default_factory=set)
    early: set[str] = field(default_factory=set)
    acked: set[str] = field(default_factory=set)


def broken_promises(lines: Iterable[str]) -> Traced:
    calls = sorted(calls_of(lines), key=lambda call: call.began)
    written: dict[str, Call] = {}
    told: dict[str, Call] = {}
    traced = Traced()
    for call in calls:
        if call.name == "pwrite64" and call.file.endswith("-wal"):
            for key in KEY.findall(call.text):
                written.setdefault(key, call)
        elif call.name not in (*SYNCS, "pwrite64"):
            for key in KEY.findall(call.text):
                told.setdefault(key, call)
            traced.acked.update(ACK.findall(call.text))
    syncs = [call for call in calls if call.name in SYNCS and call.file.endswith("-wal") and call.result == 0]
    for key, telling in told.items():
        is_synced = key in written and any(
            written[key].ended < sync.began and sync.ended < telling.began for sync in syncs
        )
        (traced.sound if is_synced else traced.early).add(key)
    return traced


def calls_of(lines: Iterable[str]) -> Iterator[Call]:
    """Calls in the order of their ends; one that another thread interrupted is put together again."""
    open_calls: dict[str, Call] = {}
    for place, line in enumerate(lines):
        if resumed := RESUMED.match(line):
            if call := open_calls.pop(resumed[1], None):
                call.ended, call.result = place, int(resumed[3])
                yield call
        elif begun := BEGUN.match(line):
            call = Call(begun[2], begun[4] or "", begun[5], place, place, -1)
            if line.rstrip().endswith("<unfinished ...>"):
                open_calls[begun[1]] = call
            elif result := RESULT.search(line):
                call.result = int(result[1])
                yield call
