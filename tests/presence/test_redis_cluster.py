"""The same promises where the rooms are on three servers."""

import pytest

from tests.presence.contract import PresenceContract
from tests.redis_cluster import RedisClusterServers


@pytest.fixture(scope="module")
def redis_server():
    cluster = RedisClusterServers()
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.close()


class TestRedisClusterPresence(PresenceContract):
    pass
