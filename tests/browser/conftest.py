"""A browser for the whole run, and people who each have their own in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.actors import House
from tests.browser.chromium import chromium
from tests.browser.person import Person
from tests.live import Server
from tests.wide_server import WideServer


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, server_settings: dict[str, str]) -> Iterator[Server | WideServer]:
    """With CHAT_TEST_WIDE=1 two processes behind nginx, on PostgreSQL and Redis."""
    folder = tmp_path_factory.mktemp("server")
    server = WideServer(folder) if os.environ.get("CHAT_TEST_WIDE") else Server(folder)
    try:
        server.start(**server_settings)
        yield server
    finally:
        server.end() if isinstance(server, WideServer) else server.stop()


@pytest.fixture
def person(browser: Browser, server: Server) -> Iterator[Callable[..., Person]]:
    """`person("Ann")` is somebody with a browser of their own. No page of theirs may have complained in the end."""
    everybody: list[Person] = []

    def make(name: str, **device: Any) -> Person:
        everybody.append(Person(browser, server, name, **device))
        return everybody[-1]

    yield make
    complaints = [(each.name, complaint) for each in everybody for complaint in each.complaints]
    for each in everybody:
        each.context.close()
    assert complaints == []


@pytest.fixture
def room() -> str:
    return House.fresh_room()
