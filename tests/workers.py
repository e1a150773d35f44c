"""Who of several workers runs what: one has the browser, as two at once are slower than one after the other."""

from __future__ import annotations

from typing import Any, Final

import pytest

FAULTS: Final = "tests/faults/test_faults.py"
BROWSER: Final = "tests/browser/"
# Here nothing is made for the whole file: each test is for whoever is free.
SINGLE: Final = (FAULTS, "tests/faults/test_plain.py")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from xdist.scheduler import LoadFileScheduling

    class Shares(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            if nodeid.startswith(BROWSER):
                return "browser"
            return nodeid if nodeid.startswith(SINGLE) else super()._split_scope(nodeid)

    return Shares(config, log)
