"""Several workers on one address, with the numbers of all of them as one."""

import json
import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from tests.live import Server, until
from tests.numbers import numbers
from tests.postgres import Cluster
from tests.redis_server import RedisServer
from tests.wire import Closed, RawSocket

pytestmark = pytest.mark.slow


class InATerminal(Server):
    """In a session of its own: what the terminal tells the group reaches all in it."""

    words = (shutil.which("setsid") or "setsid", *Server.words)

    def tells_all(self, number):
        os.killpg(self._process.pid, number)


@pytest.fixture
def workers(tmp_path):
    """Two of them."""
    cluster, redis, server = Cluster("fsync=off"), RedisServer(), InATerminal(tmp_path)
    # Three programs begin at once.
    server.starts_within_s = 60
    try:
        cluster.start()
        redis.start()
        server.database = cluster.make()
        server.start(
            CHAT_WORKERS="2",
            CHAT_DATABASE_URL=server.database,
            CHAT_REDIS_URL=redis.url,
            CHAT_OPERATOR_PER_10S="2000",
        )
        yield server
    finally:
        server.stop()
        redis.close()
        cluster.remove()


def comes(server, name):
    line = RawSocket(server.port)
    line.opens()
    assert line.asks("room:join", {"room": "tea", "name": name})["ok"]
    return line


def until_told(server, **wanted):
    """Whichever worker answers: each of them, with some luck, in ten tries."""

    def is_told():
        told = [numbers(server) for _ in range(10)]
        return all(each.get(f"chat_{name}", 0) == value for each in told for name, value in wanted.items())

    until(is_told, 60, str(wanted))


def test_any_worker_tells_the_numbers_of_all_and_those_who_have_ended_hold_nothing_open(workers):
    people = [comes(workers, f"Person {number}") for number in range(8)]
    for number, line in enumerate(people):
        assert line.asks("message:send", {"room": "tea", "client_id": f"{number:032x}", "body": "hello"})["ok"]

    until_told(workers, processes=2, connections=8, messages_total=8, redis_up=1)

    first = set(pids(workers))
    workers.signal(signal.SIGHUP)
    until(lambda: not first & set(pids(workers)), 60, "new workers")
    until_told(workers, processes=2, connections=0, messages_total=8)

    os.kill(next(pids(workers)), signal.SIGKILL)
    until(lambda: "A worker ended with -9" in workers.log(), 20, "its end to be noticed")
    until_told(workers, processes=2, connections=0, messages_total=8)


def test_after_ctrl_c_in_a_terminal_all_workers_drain(workers):
    """A dozen people: nobody believes that all of them came to one worker."""
    people = [comes(workers, f"Person {number}") for number in range(12)]
    asked = {}
    for turn in range(5):
        for number, line in enumerate(people):
            asked[client_id := f"{100 * turn + number:032x}"] = 10 + turn
            line.send(f"42{10 + turn}" + json.dumps(["message:send", message(client_id)]))
    workers.tells_all(signal.SIGINT)

    acked = set()
    for number, line in enumerate(people):
        heard = until_closed(line)
        assert any('"server:stopping"' in text for text in heard), f"person {number}"
        acked |= {f"{100 * turn + number:032x}" for turn in range(5) if is_acked(heard, 10 + turn)}
    until(lambda: workers.exit_code() is not None, 20, "the end")
    assert workers.exit_code() == 0
    assert acked
    with psycopg.connect(workers.database) as line:
        assert acked <= {client_id for (client_id,) in line.execute("SELECT client_id FROM messages")}


def message(client_id):
    return {"room": "tea", "client_id": client_id, "body": "hello"}


def is_acked(heard, ack):
    return any(text.startswith(f"43{ack}[") and json.loads(text[4:])[0]["ok"] for text in heard)


def until_closed(line):
    """All that is heard until the server ends the connection."""
    heard = []
    with suppress(Closed):
        while True:
            heard.append(line.receive())
    return heard


def pids(server):
    """The process number of each worker."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if b"work" in words and str(server.port).encode() in words:
                yield int(folder.name)
