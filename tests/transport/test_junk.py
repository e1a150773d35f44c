"""Ten thousand pieces of junk beside honest people. Row 22 of the threats, and the fault table's last word on junk.

A failure prints the seed; CHAT_TEST_SEED brings it back. CHAT_TEST_JUNK is how many pieces are sent.
"""

import json
import os
import random
import subprocess
import sys

import pytest

from tests.hostile.crowd import Crowd, least_p99_ms
from tests.hostile.watch import MB, joins_within, watched_server
from tests.live import ROOT

HONEST = 20
WARM_UP = 6_000
# What becomes of some of the junk of each level: it was not all lost on the way.
REACHED = {"HTTP 400", "closed 1002", "closed 1003", "answered payload_invalid"}
COUNT = int(os.environ.get("CHAT_TEST_JUNK", "10000"))
SEED = int(os.environ.get("CHAT_TEST_SEED", random.randrange(2**32)))


@pytest.fixture(scope="module")
def server(tmp_path_factory, server_settings):
    yield from watched_server(tmp_path_factory.mktemp("server"), server_settings)


def attack(port, seed, count):
    words = [sys.executable, "-m", "tests.hostile.attackers", str(port), str(seed), str(count)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=240, check=True)
    assert done.stderr == ""
    return json.loads(done.stdout)


@pytest.mark.alone
def test_junk_of_every_level_harms_nobody(house, server):
    sys.stdout.write(f"CHAT_TEST_SEED={SEED}\n")
    # What a first flood fills is not a leak: caches, and tables with bounds of their own. After it nothing may grow.
    attack(server.port, SEED + 1, WARM_UP)
    greenlets, rooms, people = server.greenlets(), set(), set()

    def attacked():
        with Crowd(server.port, house.fresh_room(), HONEST) as crowd:
            memory = server.memory()
            found = attack(server.port, SEED, COUNT)
            drift = server.memory() - memory
            joins_within(house)
        sys.stdout.write(f"{found['counts']}\np99 {crowd.p99_ms():.0f} ms, memory {drift / MB:+.1f} MB\n")
        assert found["counts"].keys() >= REACHED
        assert sum(count for kind, count in found["counts"].items() if kind.startswith("link")) < COUNT / 100
        assert found["traces"] == []
        assert "HTTP 500" not in found["counts"]
        assert drift <= 10 * MB
        rooms.add((crowd.room,))
        people.update(crowd.ids)
        return crowd

    assert least_p99_ms(250, attacked) <= 250
    assert "Traceback" not in server.log()
    assert " bug " not in server.log()
    assert len(server.log()) <= 3 * MB
    assert set(server.rows("SELECT DISTINCT room FROM messages")) == rooms
    assert {author for (author,) in server.rows("SELECT DISTINCT author_id FROM messages")} <= people
    server.settles(greenlets)
