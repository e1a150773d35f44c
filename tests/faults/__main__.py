"""The fault harness: `python -m tests.faults` plays every fault for long and ends with 1 if a promise was broken.

Words: --short, --seed N (play the same plan again), --only NAME (as often as wanted), --plain (the same against
bench/plain.py, which breaks them: that shows what the checker can find).
"""

from __future__ import annotations

import argparse
import random
import sys
import time

import pytest

from tests.faults import plain, runs
from tests.faults.stage import Stage


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="Break things; see what is lost.")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="the plan of a former run")
    parser.add_argument("--short", action="store_true", help="minutes instead of three quarters of an hour")
    parser.add_argument("--only", action="append", choices=runs.NAMES, help="this fault; may be given again")
    parser.add_argument("--plain", action="store_true", help="against the tutorials' chat in bench/plain.py")
    options = parser.parse_args()
    names, kind = (plain.RUNS, plain.PlainStage) if options.plain else (runs.NAMES, Stage)
    say(f"seed {options.seed}")
    broken = sum(play(name, options, kind) for name in options.only or names)
    say(f"seed {options.seed}: {broken or 'no'} violations")
    return 1 if broken else 0


def play(name: str, options: argparse.Namespace, kind: type[Stage]) -> int:
    """How many promises were broken."""
    begin = time.monotonic()
    try:
        report = runs.play(name, options.seed, is_long=not options.short, kind=kind)
    except pytest.skip.Exception as reason:
        say(f"{name}: not played, {reason}")
        return 0
    say(f"{report}\n  took, s: {time.monotonic() - begin:.0f}")
    return len(report.broken)


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command talks


if __name__ == "__main__":
    sys.exit(main())
