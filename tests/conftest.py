"""What every test may ask for. Live tests drive the real server in a process of its own; nothing is patched here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.actors import House
from tests.live import Server
from tests.postgres import Cluster
from tests.redis_server import RedisServer

pytest_plugins = ["tests.strict", "tests.turns", "tests.workers"]

HERE = Path(__file__).parent
SLOW_FOLDERS = {"transport", "browser", "clients", "faults"}
SERVERS = {"server", "redis_server", "cluster"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(HERE).parts[0] if item.path.is_relative_to(HERE) else ""
        if folder in SLOW_FOLDERS or not SERVERS.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker("slow")


@pytest.fixture(scope="module")
def server_settings() -> dict[str, str]:
    """CHAT_* for the module's server; a module that needs other limits defines its own."""
    return {}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, server_settings: dict[str, str]) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("server"))
    try:
        server.start(**server_settings)
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """PostgreSQL for tests that do not ask what a failing machine would leave."""
    cluster = Cluster("fsync=off", "autovacuum=off")
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.remove()


@pytest.fixture(scope="module")
def redis_server() -> Iterator[RedisServer]:
    server = RedisServer()
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture
def house(server: Server) -> Iterator[House]:
    house = House(server)
    try:
        yield house
    finally:
        house.close()


class Clock:
    """Seconds that pass when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()
