"""People with clients. Each has a folder of their own, as on a machine of their own; all are sent home at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.clients.watcher import Watcher
from tests.live import Server


@pytest.fixture(scope="module")
def server_settings() -> dict[str, str]:
    return {"CHAT_RECONNECT_MAX_S": "1"}


@pytest.fixture
def watcher(server: Server, tmp_path: Path) -> Iterator[Callable[..., Watcher]]:
    """watcher(name, room=None, url=None): a client in a room."""
    people: list[Watcher] = []

    def come(name: str, room: str | None = None, url: str | None = None, home: Path | None = None) -> Watcher:
        people.append(Watcher(url or server.url, home or tmp_path / name, name, room))
        return people[-1]

    yield come
    for person in people:
        person.client.close()
