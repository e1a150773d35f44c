"""`python -m app` with a window: on SIGUSR1 it writes how many greenlets live into the file CHAT_TEST_WATCH."""

from __future__ import annotations

import gc
import os
import runpy
import signal
import sys
from pathlib import Path

import greenlet


def count(*_signal: object) -> None:
    gc.collect()
    # Without a parent it is a thread's own: of those there are as many as threads, and no more.
    alive = sum(
        isinstance(each, greenlet.greenlet) and bool(each) and each.parent is not None for each in gc.get_objects()
    )
    # Those that are done and wait to be used again are bounded.
    alive -= len(sys.modules["app.transport.hubs"].spare)
    window = Path(os.environ["CHAT_TEST_WATCH"])
    half_written = window.with_suffix(".new")
    half_written.write_text(str(alive))
    half_written.replace(window)


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, count)
    runpy.run_module("app", run_name="__main__", alter_sys=True)
