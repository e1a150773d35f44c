"""CHAT_TEST_REQUIRE=all: a test that skips, or may fail, counts as failed, with its reason."""

import os
from collections.abc import Generator
from typing import TypeVar

import pytest

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def _counted(report: Report) -> Report:
    if os.environ.get("CHAT_TEST_REQUIRE") != "all":
        return report
    expected = getattr(report, "wasxfail", None)
    if report.skipped or expected is not None:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else f"expected to fail: {expected}"
        report.outcome, report.longrepr = "failed", f"CHAT_TEST_REQUIRE=all lets nothing skip: {reason}"
        report.__dict__.pop("wasxfail", None)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _counted((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _counted((yield))
