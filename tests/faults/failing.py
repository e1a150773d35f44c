"""The server, made to die at a chosen place: `python -m tests.faults.failing`, with CHAT_TEST_FAILPOINT=PLACE:N.

It dies by SIGKILL the Nth time it passes there. The program itself knows nothing of this.
"""

from __future__ import annotations

# First, because it patches the standard library before anything else is imported.
from app.__main__ import main  # isort: skip

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, event

from app.store.sql import SqlStore
from app.web.telling import Teller


def arm(place: str, times: int) -> None:
    """begin: a transaction is open. commit: all is written, nothing committed. committed: on disk, nobody knows.

    publish: on disk, about to be told. ack: told to everybody, not yet acknowledged to its author
    """
    passed = 0

    def here(passing: str) -> None:
        nonlocal passed
        passed += passing == place
        if passing == place and passed == times:
            os.kill(os.getpid(), signal.SIGKILL)

    def writing(passing: str) -> Callable[[Connection], None]:
        return lambda connection: here(passing) if connection.get_execution_options().get("chat_write") else None

    event.listen(Engine, "begin", writing("begin"))
    event.listen(Engine, "commit", writing("commit"))
    commit, post = SqlStore._commit, Teller.post

    def commit_and_die(store: SqlStore, drafts: Any) -> Any:
        outcomes = commit(store, drafts)
        here("committed")
        return outcomes

    def post_and_die(teller: Teller, *what: Any) -> None:
        here("publish")
        post(teller, *what)
        here("ack")

    SqlStore._commit = commit_and_die  # type: ignore[method-assign]
    Teller.post = post_and_die  # type: ignore[method-assign]


if __name__ == "__main__":
    place, _, times = os.environ["CHAT_TEST_FAILPOINT"].partition(":")
    arm(place, int(times))
    sys.exit(main())
