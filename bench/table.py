"""Runs into medians, medians into tables, tables into docs/performance.md."""

from __future__ import annotations

import math
import os
import platform
import statistics
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from bench.scenes import CROWDS, TALKS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
BUSY = 0.9
YARDSTICK = "node"
NAMES = {"ours": "ours", "node": "Socket.IO for Node", "plain": "the tutorials' Flask-SocketIO"}

# One dict of numbers per run, by scene and server.
Found = Mapping[str, Mapping[str, list[dict[str, float]]]]
Column = tuple[str, str, Callable[[float], str]]


def _cell(value: float, form: Callable[[float], str]) -> str:
    return "" if math.isnan(value) else form(value)


def _ratio(value: float) -> str:
    return f"{value:.2f}"


def _big(value: float) -> str:
    return f"{value:,.0f}"


def _fine(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def _percent(value: float) -> str:
    return f"{value:.0%}"


def _load(value: float) -> str:
    return f"{value:.0%}, the bottleneck" if value > BUSY else f"{value:.0%}"


TALK_COLUMNS: list[Column] = [
    ("deliveries a second", "deliveries_per_s", _big),
    ("µs of CPU each", "us_per_delivery", _fine),
    ("CPU", "cpu", _percent),
    ("p50 ms", "p50_ms", _fine),
    ("p99 ms", "p99_ms", _fine),
    ("ack p99 ms", "ack_p99_ms", _fine),
    ("missing", "missing", _big),
    ("load's CPU", "load", _load),
]
CROWD_COLUMNS: list[Column] = [
    ("CPU ms a client", "join_ms", _fine),
    ("CPU s", "cpu_s", _fine),
    ("took s", "took_s", _fine),
    ("KB a client", "kb", _fine),
    ("process MB", "total_mb", _big),
    ("without what they missed", "missing", _big),
]


def page(found: Found, failed: list[str], runs: int, seconds: float, busy: float) -> str:
    """Everything between the markers. busy: the load average before it began"""
    talks = {scene: found[scene] for scene in TALKS if scene in found}
    crowds = {scene: found[scene] for scene in CROWDS if scene in found}
    parts = [_machine(runs, seconds) + " " + _company(talks, busy)]
    if talks:
        parts.append(_table(talks, TALK_COLUMNS))
    if talks and any(YARDSTICK in servers and "ours" in servers for servers in talks.values()):
        parts.append(_ratios(talks))
    if crowds:
        parts.append(_table(crowds, CROWD_COLUMNS))
    if failed:
        parts.append("\n".join(["Not done:", *(f"- {sentence}" for sentence in failed)]))
    return "\n\n".join(parts)


def _machine(runs: int, seconds: float) -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    processor = next(named, platform.machine())
    times = "one run" if runs == 1 else f"medians of {runs} interleaved runs"
    return (
        f"{datetime.now(UTC):%-d %B %Y}, {os.cpu_count()} cores of {processor}, Python {platform.python_version()}; "
        f"{times}, {seconds:.0f} s of talk each."
    )


def _company(talks: Found, busy: float) -> str:
    """How alone we were: who shares the core has part of it."""
    runs = [run for servers in talks.values() for several in servers.values() for run in several]
    shares = [run["others"] for run in runs if "others" in run]
    text = f"Load average before it began: {busy:.1f}"
    if shares:
        text += f"; other programs' part of the server's core while people talked: {statistics.median(shares):.0%}"
        text += f", at most {max(shares):.0%}"
    return text + "."


def write(text: str) -> None:
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise RuntimeError(f"{PAGE} has no place between {BEGIN} and {END}")
    PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def median(runs: list[dict[str, float]], key: str) -> float:
    """NaN where it was not measured."""
    values = [run[key] for run in runs if key in run and not math.isnan(run[key])]
    return statistics.median(values) if values else math.nan


def ratio(runs: list[dict[str, float]], others: list[dict[str, float]], key: str) -> float:
    """Run by run, then the median: a slow minute of the machine slows both."""
    pairs = [(one[key], other[key]) for one, other in zip(runs, others, strict=False) if other.get(key)]
    return statistics.median(one / other for one, other in pairs) if pairs else math.nan


def _table(found: Found, columns: list[Column]) -> str:
    rows = [["scene", "server", *(title for title, _, _ in columns)]]
    for scene, servers in found.items():
        title = (TALKS | CROWDS)[scene].title
        for server, runs in servers.items():
            values = ((median(runs, key), form) for _, key, form in columns)
            rows.append([title, NAMES[server], *(_cell(value, form) for value, form in values)])
    return _markdown(rows)


def _ratios(found: Found) -> str:
    rows = [["ours ÷ Node", "deliveries a second", "µs of CPU each", "p99"]]
    for scene, servers in found.items():
        if {"ours", YARDSTICK} <= servers.keys():
            keys = ("deliveries_per_s", "us_per_delivery", "p99_ms")
            values = (ratio(servers["ours"], servers[YARDSTICK], key) for key in keys)
            rows.append([TALKS[scene].title, *(_cell(value, _ratio) for value in values)])
    return _markdown(rows)


def _markdown(rows: list[list[str]]) -> str:
    head, *rest = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([head, "|---" * len(rows[0]) + "|", *rest])
