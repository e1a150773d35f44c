import pytest

from tests.presence.processes import Processes


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
