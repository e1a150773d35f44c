"""Several workers on one address, with the numbers of all of them as one."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from tests.live import Server, until
from tests.numbers import numbers
from tests.postgres import Cluster
from tests.redis_server import RedisServer
from tests.wire import RawSocket

pytestmark = pytest.mark.slow


@pytest.fixture
def workers(tmp_path):
    """Two of them."""
    cluster, redis, server = Cluster("fsync=off"), RedisServer(), Server(tmp_path)
    # Three programs begin at once.
    server.starts_within_s = 60
    try:
        cluster.start()
        redis.start()
        server.start(
            CHAT_WORKERS="2",
            CHAT_DATABASE_URL=cluster.make(),
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


def pids(server):
    """The process number of each worker."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if b"work" in words and str(server.port).encode() in words:
                yield int(folder.name)
