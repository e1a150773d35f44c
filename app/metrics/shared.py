"""The folder in which several processes keep their numbers. Whoever starts them makes it and tidies it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

# The library looks here, once, when it is imported: in each process that is started while there is a folder.
FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def folder() -> Iterator[None]:
    """For the processes that are started inside."""
    with tempfile.TemporaryDirectory(prefix="chat-metrics-") as made:
        os.environ[FOLDER] = made
        try:
            yield
        finally:
            del os.environ[FOLDER]


def forget(process: int) -> None:
    """It has ended: nothing is open there any more. What it has counted stays counted."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(process)  # type: ignore[no-untyped-call]
