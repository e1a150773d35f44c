import pytest

from tests.presence.contract import PresenceContract
from tests.presence.processes import Processes
from tests.redis_server import RedisServer


@pytest.fixture(scope="module")
def redis_server():
    server = RedisServer()
    server.start()
    yield server
    server.close()


@pytest.fixture
def processes(redis_server):
    redis_server.flushes()
    processes = Processes(redis_server)
    yield processes
    processes.close()


@pytest.fixture
def presence(processes):
    return processes.start()


@pytest.fixture
def wait(processes):
    return processes.wait


class TestRedisPresence(PresenceContract):
    pass
