"""How things stand, in one line. The same in every client."""

from __future__ import annotations

import time
from typing import Literal

from clients import safe
from clients.news import Link, View

# `waits` mends itself; `wrong` wants a person.
Mood = Literal["well", "waits", "wrong"]


def strip(link: Link, view: View | None, server: str, inside: str) -> tuple[str, Mood]:
    """`inside` is said while all is well, before who types."""
    mood: Mood = "waits"
    if link.state == "waiting":
        left = max(0, round(link.retry_at - time.monotonic()))
        said = f"○ {link.why} Next try in {left} s. What you write is kept."
    elif link.state != "ready":
        said, mood = f"○ {link.why or f'Connecting to {server}'}", "wrong" if link.why else "waits"
    elif view is None or view.state in ("joining", "out"):
        said = f"○ {view.why if view and view.why else 'Coming in'}"
    elif view.state == "unnamed":
        said, mood = f"✗ {view.why} Take another one with /nick NAME.", "wrong"
    elif view.state == "refused":
        said, mood = f"✗ {view.why} /join {view.room} tries again.", "wrong"
    else:
        said, mood = f"● {inside}{_typing(view.typing)}", "well"
    return safe.line(said), mood


def _typing(names: tuple[str, ...]) -> str:
    match names:
        case ():
            return ""
        case (one,):
            return f" {one} is typing"
        case (one, other):
            return f" {one} and {other} are typing"
    return f" {len(names)} people are typing"
