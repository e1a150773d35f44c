"""The fault harness: `python -m tests.faults` plays every fault for long and ends with 1 if a promise was broken.

Words: --short, --seed N (play the same plan again), --only NAME (as often as wanted).
"""

from __future__ import annotations

import argparse
import random
import sys
import time

from tests.faults import runs


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="Break things; see what is lost.")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="the plan of a former run")
    parser.add_argument("--short", action="store_true", help="minutes instead of half an hour")
    parser.add_argument("--only", action="append", choices=runs.NAMES, help="this fault; may be given again")
    options = parser.parse_args()
    say(f"seed {options.seed}")
    broken = 0
    for name in options.only or runs.NAMES:
        begin = time.monotonic()
        report = runs.play(name, options.seed, is_long=not options.short)
        broken += len(report.broken)
        say(f"{report}\n  took, s: {time.monotonic() - begin:.0f}")
    say(f"seed {options.seed}: {broken or 'no'} violations")
    return 1 if broken else 0


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command talks


if __name__ == "__main__":
    sys.exit(main())
