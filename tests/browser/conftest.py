"""A browser for the whole run, and people who each have their own in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.actors import House
from tests.browser.person import PLAIN_HOST, Person
from tests.live import Server
from tests.needs import need_chromium

OPTIONS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = need_chromium()
    options = [*OPTIONS, "--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else OPTIONS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


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
