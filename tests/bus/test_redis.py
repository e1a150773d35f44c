"""The bus on a real Redis, between two that stand for two processes."""

import queue
from contextlib import ExitStack

import pytest

from app.bus.redis import RedisBus
from app.chat.facts import MemberTyping, RoomMoved
from app.chat.members import Member
from app.redis.link import RedisLink
from tests.live import until

KEY = b"k" * 32
ANN = Member("a", "Ann")


class Process:
    def __init__(self, url, sender, key=KEY):
        self.heard = queue.Queue()
        self.link = RedisLink(url)
        self.link.meet()
        self.link.start()
        self.bus = RedisBus(self.link, key, sender)
        self.bus.start(self.heard.put)
        until(lambda: self.bus.is_well, what="the bus")


@pytest.fixture
def process(redis_server):
    with ExitStack() as ends:

        def start(sender, **words):
            process = Process(redis_server.url, sender, **words)
            ends.callback(process.link.close)
            return process

        yield start


@pytest.fixture
def here(process):
    return process("here")


@pytest.fixture
def there(process):
    return process("there")


def test_a_room_is_heard_by_those_who_listen_to_it_in_order(here, there):
    there.bus.listen("tea")
    for head in range(1, 500):
        here.bus.ring(RoomMoved("milk", head))
        here.bus.ring(RoomMoved("tea", head))

    assert [there.heard.get(timeout=5) for _ in range(1, 500)] == [RoomMoved("tea", head) for head in range(1, 500)]
    assert here.heard.empty()


def test_a_room_no_longer_listened_to_is_not_heard(here, there):
    there.bus.listen("tea")
    there.bus.listen("milk")
    there.bus.ignore("tea")
    here.bus.ring(RoomMoved("tea", 1))
    here.bus.ring(RoomMoved("milk", 1))

    assert there.heard.get(timeout=5) == RoomMoved("milk", 1)


def test_forged_bells_are_dropped_and_counted(redis_server, process, here, there):
    there.bus.listen("tea")
    stranger = process("stranger", key=b"another" * 8)
    stranger.bus.ring(RoomMoved("tea", 10**9))
    redis_server.asks("SPUBLISH", "chat:room:tea", "junk")
    until(lambda: there.bus.forged == 2, what="two forged bells")
    here.bus.ring(MemberTyping("tea", ANN))

    assert there.heard.get(timeout=5) == MemberTyping("tea", ANN)


@pytest.mark.parametrize("trouble", ["killed connections", "stopped", "frozen"])
def test_it_hears_again_after(redis_server, here, there, trouble):
    there.bus.listen("tea")
    if trouble == "killed connections":
        redis_server.asks("CLIENT", "KILL", "TYPE", "pubsub")
        redis_server.asks("CLIENT", "KILL", "TYPE", "normal")
    elif trouble == "stopped":
        redis_server.stop()
        until(lambda: not there.bus.is_well, what="to be noticed")
        here.bus.ring(RoomMoved("tea", 1))
        redis_server.start()
    else:
        redis_server.freezes()
        until(lambda: not there.bus.is_well, what="to be noticed")
        redis_server.thaws()
    until(lambda: there.bus.is_well and here.link.check(), 10, "both well")

    def is_heard():
        here.bus.ring(RoomMoved("tea", 7))
        return not there.heard.empty()

    until(is_heard, what="a bell")


def test_nobody_waits_for_a_redis_that_is_frozen(redis_server, here):
    redis_server.freezes()
    try:
        until(lambda: not here.bus.is_well, what="to be noticed")
        for _ in range(20_000):
            here.bus.ring(RoomMoved("tea", 1))
        here.bus.listen("milk")
    finally:
        redis_server.thaws()
    assert here.bus.lost
