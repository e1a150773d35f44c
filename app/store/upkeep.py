"""What whoever runs the chatroom does to its database by hand. Each gives a sentence that says what was done."""

from __future__ import annotations

from app.store.migrate import NEWEST, bring_up_to_date


def migrate(url: str) -> str:
    """fails Unavailable"""
    before = bring_up_to_date(url)
    if before == NEWEST:
        return f"The database has schema {NEWEST}, the newest this version knows: nothing to do."
    if before is None:
        return f"The database was empty, and has schema {NEWEST} now."
    safe = "Servers that run on it may go on, and be restarted one after another."
    return f"The database was at schema {before}, and has {NEWEST} now. {safe}"
