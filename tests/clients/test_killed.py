"""The outboxes of clients that are killed while the server is, held to the promises by the checker of the faults."""

import json
import random
import subprocess
import sys

from tests.faults.checker import check
from tests.faults.database import read_stored
from tests.faults.history import History, Line, Sent
from tests.live import ROOT, until

# A client that says what it reads, tells each thing on a line of JSON, and goes on until it is killed.
WRITER = """
import json, sys, threading
from pathlib import Path
from clients.connection import Client
from clients.news import View
url, home, room, name = sys.argv[1:]
lock = threading.Lock()
def tell(**what):
    with lock:
        print(json.dumps(what, default=lambda unset: None), flush=True)
def hear(news):
    if isinstance(news, View):
        view = [[m.id, m.body] for m in news.messages]
        tell(me=news.me.id, view=view, waiting=[[e.client_id, e.body] for e in news.waiting])
client = Client(url, hear, Path(home))
client.start()
client.enter(room, name)
for line in sys.stdin:
    entry = client.say(room, line.strip())
    tell(kept=[entry.client_id, entry.body])
"""


class Writer:
    """One person, whose program dies and starts again with what is on its disk."""

    def __init__(self, url, folder, room, name):
        self.name, self.room = name, room
        self.written = []
        self.kept = {}
        self._words = (url, str(folder), room, name)
        self._file = folder.with_suffix(".told")
        self._start()

    def writes(self):
        self.written.append(f"{self.name} {len(self.written)}")
        self._process.stdin.write(f"{self.written[-1]}\n".encode())
        self._process.stdin.flush()

    def told(self):
        return [json.loads(line) for line in self._file.read_bytes().split(b"\n")[:-1]]

    def count_kept(self):
        return sum("kept" in each for each in self.told())

    def view(self):
        return next((each for each in reversed(self.told()) if "view" in each), None)

    def dies(self):
        """As by kill -9: it has no moment left."""
        self._process.kill()
        self._process.communicate()
        self.kept |= {body: key for key, body in (each["kept"] for each in self.told() if "kept" in each)}

    def comes_back(self):
        self.dies()
        self._start()

    def history(self, rows):
        """What it wrote, as far as it was kept before its program died, and what it shows in the end."""
        keys = {row.body: row.key for row in rows}
        last, kept = self.view(), keys | self.kept
        history = History(self.name, member_id=last["me"])
        history.sent = [Sent(self.room, kept[body], body) for body in self.written if body in kept]
        history.waiting = [Sent(self.room, key, body) for key, body in last["waiting"]]
        history.view = {self.room: [Line(self.room, id_, keys.get(body, ""), body) for id_, body in last["view"]]}
        return history

    def _start(self):
        program = [sys.executable, "-c", WRITER, *self._words]
        with self._file.open("wb") as out:
            self._process = subprocess.Popen(program, cwd=ROOT, stdin=subprocess.PIPE, stdout=out)


def test_no_line_is_lost_doubled_or_moved_when_clients_and_server_are_killed(house, tmp_path):
    """Two writers, killed one before and one after the server, while both write."""
    rng, server = random.Random(7), house.server
    writers = [Writer(server.url, tmp_path / name, house.room, name) for name in ("Ann", "Ben")]
    first, last = rng.sample(writers, 2)
    try:
        for _ in range(30):
            rng.choice(writers).writes()
        until(lambda: all(writer.count_kept() >= 5 for writer in writers), 20, "five lines of each")
        first.comes_back()
        server.kill()
        for writer in writers:
            writer.writes()
        last.comes_back()
        for writer in writers:
            writer.writes()
        server.restart()

        def is_quiet():
            """Everybody shows all there is, and nothing waits."""
            head = read_stored(server.data).heads.get(house.room)
            views = [writer.view() for writer in writers]
            return all(view and not view["waiting"] and len(view["view"]) == head for view in views) and head

        head = until(is_quiet, 30, "quiet")
    finally:
        for writer in writers:
            writer.dies()

    stored = read_stored(server.data)
    stored.rows, stored.heads = {house.room: stored.rows[house.room]}, {house.room: head}
    assert check([writer.history(stored.rows[house.room]) for writer in writers], stored) == []
    # Whoever is killed loses at most what the program had not read yet; what it had kept is there.
    assert head >= 10
