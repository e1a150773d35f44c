"""Where Redis is a cluster: each channel on its own server, wherever that is by now."""

import queue
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis.crc import key_slot

from app.chat.refusals import Unavailable
from app.redis.ears import Ears
from app.redis.link import RedisLink
from tests.live import until
from tests.redis_cluster import RedisClusterServers

CHANNELS = [f"chat:room:{number}" for number in range(30)]


@pytest.fixture(scope="module")
def cluster():
    cluster = RedisClusterServers(replicas=1)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.close()


@pytest.fixture(scope="module")
def link(cluster):
    link = RedisLink(cluster.url)
    link.meet()
    link.start()
    return link


@pytest.fixture(scope="module")
def heard(link):
    """What is said in any of the channels, as (channel, data)."""
    heard = queue.Queue()
    ears = Ears(link, lambda *said: heard.put(said), CHANNELS[0])
    ears.start()
    until(lambda: ears.is_well, what="the ears")
    assert all(ears.listen(channel) for channel in CHANNELS)
    heard.ears = ears
    return heard


def says(link, channel):
    return link.send([("SPUBLISH", channel, b"said")])[0]


def test_each_channel_is_heard_on_its_own_server(cluster, link, heard):
    assert [says(link, channel) for channel in CHANNELS] == [1] * len(CHANNELS)
    assert {heard.get(timeout=5) for _ in CHANNELS} == {(channel, b"said") for channel in CHANNELS}
    for node in cluster.primaries:
        rooms = sum(cluster.owner(channel) is node for channel in CHANNELS)
        assert rooms
        assert node.asks("PUBSUB", "SHARDCHANNELS") == f"*{rooms + 1}", "its rooms, and the one that wakes the ear"

    heard.ears.ignore(CHANNELS[5])
    until(lambda: says(link, CHANNELS[5]) == 0, what="the channel let go")
    assert heard.ears.listen(CHANNELS[5])


def test_a_channel_that_moves_to_another_server_is_heard_there(cluster, link, heard):
    channel = CHANNELS[7]
    other = next(node for node in cluster.primaries if node is not cluster.owner(channel))
    cluster.moves(channel, other)

    until(lambda: says(link, channel) == 1, 10, "who listens there")
    assert heard.get(timeout=5) == (channel, b"said")
    until(lambda: heard.ears.is_well, what="the ears")
    for each in CHANNELS:
        assert says(link, each) == 1


def test_keys_that_move_just_now_are_found_where_they_are_already(cluster, link):
    key = "chat:{moving}:key"
    source = cluster.owner(key)
    target = next(node for node in cluster.primaries if node is not source)
    slot = str(key_slot(key.encode()))
    assert target.asks("CLUSTER", "SETSLOT", slot, "IMPORTING", cluster.id_of(source)) == "+OK"
    assert source.asks("CLUSTER", "SETSLOT", slot, "MIGRATING", cluster.id_of(target)) == "+OK"

    assert link.send([("SADD", key, "a"), ("SADD", "elsewhere", "b"), ("SADD", key, "c")]) == [1, 1, 1]
    assert target.asks("CLUSTER", "COUNTKEYSINSLOT", slot) == ":1"
    cluster.moves(key, target)
    assert link.send([("SCARD", key)]) == [2]


def test_more_may_ask_at_once_than_there_are_connections(link):
    with ThreadPoolExecutor(150) as pool:
        answers = list(pool.map(lambda n: link.send([("SADD", f"many:{n % 7}", f"{n}")]), range(2000)))

    assert answers == [[1]] * 2000
    assert link.is_well


def test_what_is_not_answered_is_not_done_twice(cluster, link):
    key = next(f"count:{n}" for n in range(99) if cluster.owner(f"count:{n}") is cluster.primaries[1])
    cluster.primaries[1].freezes()
    try:
        with pytest.raises(Unavailable):
            link.send([("INCR", key)])
    finally:
        cluster.primaries[1].thaws()

    until(lambda: link.is_well, 20, "the server")
    assert link.send([("INCR", key)]) == [2]


def test_a_replica_takes_the_place_of_a_server_that_died(cluster, link, heard):
    dead = cluster.primaries[0]
    dead.stop()
    until(lambda: not heard.ears.is_well, what="the loss")

    until(lambda: link.is_well and heard.ears.is_well, 20, "the replica")
    on_it = [channel for channel in CHANNELS if cluster.owner(channel) is dead]
    assert on_it
    for channel in on_it:
        until(lambda channel=channel: says(link, channel) == 1, 5, channel)
