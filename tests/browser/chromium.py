"""The browser of this machine, quiet and without a screen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.browser.person import PLAIN_HOST
from tests.needs import need_chromium

OPTIONS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1",
]


def options() -> list[str]:
    return [*OPTIONS, "--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else OPTIONS


@contextmanager
def chromium() -> Iterator[Browser]:
    path = need_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=options())
        yield browser
        browser.close()
