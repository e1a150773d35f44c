"""python -m bench: our server beside others, at the same work, on this machine."""

from __future__ import annotations

import argparse
import itertools
import os
import signal
import sys
from collections.abc import Collection

from bench import table
from bench.client import Lost
from bench.load import Stalled
from bench.pairs import Pair
from bench.scenes import SCENES, Scene
from bench.servers import LOAD_CORE, SERVER_CORE, SERVERS, NodeServer, allow_files
from bench.wires import Refused

# Of the server's core.
DISTURBED = 0.05


def main() -> int:
    words = _words()
    # Whoever ends us early sees what was found until then, and no server is left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    allow_files()
    busy = os.getloadavg()[0]
    if SERVER_CORE == LOAD_CORE:
        print("There is one core only: server and load share it, so every figure is too low.", file=sys.stderr)
    if "node" in words.servers and (why := NodeServer.prepare()):
        print(f"Without Node: {why}.", file=sys.stderr)
        words.servers.remove("node")
    seconds, tries = (2.0, 1) if words.quick else (5.0, 4)
    found: dict[str, dict[str, list[dict[str, float]]]] = {}
    failed: list[str] = []
    is_whole = True
    try:
        for run, scene, name in itertools.product(range(words.runs), words.scenes, words.servers):
            if not _fits(SCENES[scene], name):
                continue
            print(f"{run + 1}/{words.runs} {scene} {name}", file=sys.stderr)
            try:
                numbers = _undisturbed(scene, name, seconds, tries)
            except (Stalled, Lost, Refused) as no:
                failed.append(f"{scene}, {name}: {no}")
            else:
                found.setdefault(scene, {}).setdefault(name, []).append(numbers)
    except KeyboardInterrupt:
        is_whole = False
        failed.append("the rest: it was stopped before the end")
    text = table.page(found, failed, words.runs, seconds, busy)
    print(text)
    if words.write and is_whole:
        table.write(text)
    return 0 if is_whole else 130


def _undisturbed(scene: str, name: str, seconds: float, tries: int) -> dict[str, float]:
    """Measured again while others take much of the server's core; the least disturbed try counts, whatever it found."""
    found = []
    for _ in range(tries):
        found.append(_measure(scene, name, seconds))
        if found[-1].get("others", 0) <= DISTURBED:
            break
    return min(found, key=lambda numbers: numbers.get("others", 0))


def _measure(scene: str, name: str, seconds: float) -> dict[str, float]:
    """fails Stalled, Lost, Refused: the server could not do it, which is a result too"""
    server = Pair(SERVERS[name]) if SCENES[scene].is_apart else SERVERS[name]()
    try:
        return SCENES[scene].work.measure(server, seconds)
    finally:
        server.end()


def _fits(scene: Scene, name: str) -> bool:
    return (scene.is_for_plain or name != "plain") and (SERVERS[name].keeps_history or not scene.needs_history)


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="one short run of most scenes, ours and Node, in two minutes"
    )
    parser.add_argument("--scenes", help=f"some of {','.join(SCENES)}")
    parser.add_argument("--servers", help=f"some of {','.join(SERVERS)}")
    parser.add_argument("--runs", type=int, help="how often each scene is measured: 3, or once if quick")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    words = parser.parse_args()
    quick = [name for name, scene in SCENES.items() if scene.is_quick or not words.quick]
    words.scenes = _some_of(parser, words.scenes, SCENES) if words.scenes else quick
    words.runs = words.runs or (1 if words.quick else 3)
    servers = ["ours", "node"] if words.quick else list(SERVERS)
    words.servers = _some_of(parser, words.servers, SERVERS) if words.servers else servers
    return words


def _some_of(parser: argparse.ArgumentParser, text: str, known: Collection[str]) -> list[str]:
    names = text.split(",")
    for name in names:
        if name not in known:
            parser.error(f"{name} is not one of {', '.join(known)}")
    return names


if __name__ == "__main__":
    sys.exit(main())
