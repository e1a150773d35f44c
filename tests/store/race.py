"""Several processes write into one database at once, as the workers of one chatroom do."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.chat.members import Member
from app.chat.messages import Draft
from app.store import open_store

ROOT = Path(__file__).resolve().parents[2]


def drafts(writer: int, count: int, rooms: list[str]) -> list[Draft]:
    """What one process writes. Every tenth was sent through all of them."""
    found = []
    for n in range(count):
        who = "all" if n % 10 == 0 else f"process {writer}"
        client_id = f"{n:08x}{0 if who == 'all' else writer + 1:024x}"
        room = rooms[n % len(rooms)]
        found.append(Draft(room, room.title(), Member(who, who), "text", f"{who}, line {n}", client_id))
    return found


def write(url: str, writer: int, count: int, rooms: list[str]) -> int:
    """How many were new."""
    store = open_store(url)
    try:
        with ThreadPoolExecutor(10) as pool:
            return sum(is_new for _, is_new in pool.map(store.append, drafts(writer, count, rooms)))
    finally:
        store.close()


def start(url: str, writer: int, count: int, rooms: list[str]) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "tests.store.race", url, str(writer), str(count), *rooms]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)


if __name__ == "__main__":
    print(write(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]))  # noqa: T201 - read by the test
