"""What is a fit name for a person. The same rules for the page, the live connection and every client."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Final

from app.chat import looks
from app.chat.refusals import NameInvalid

NAME_CHARS: Final = 32
MARKS_PER_BASE: Final = 4
# Nobody may pass for the server or for whoever runs it.
SERVER: Final = ("System", "Server")
OPERATOR: Final = "Operator"
# Letters and signs that Unicode calls visible and every font draws as nothing.
BLANKS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\U00013441\U00013442\U0001d159")


def clean(raw: object, limit: int = NAME_CHARS, kept: frozenset[str] = frozenset()) -> str:
    """A name fit to show: NFKC, single spaces, 1..32 characters, printable.

    raw      whatever the client sent; only text passes
    kept     keys of names for nobody, from `reserved`
    refuses  NameInvalid, naming the rule that failed
    source   RFC 8266 (nicknames), UTS #39 (confusables)
    """
    if not isinstance(raw, str):
        raise NameInvalid("unfit", "A name is text.")
    if len(raw) > 4 * limit:
        raise NameInvalid("too_long", f"A name has at most {limit} characters.")
    name = " ".join(unicodedata.normalize("NFKC", raw).split())
    if not name:
        raise NameInvalid("empty", "Type a name first.")
    if len(name) > limit:
        raise NameInvalid("too_long", f"A name has at most {limit} characters.")
    if not all(is_shown(char) for char in name):
        raise NameInvalid("invisible", "A name cannot hold invisible or control characters.")
    if longest_run_of_marks(name) > MARKS_PER_BASE:
        raise NameInvalid("marks", f"A letter in a name can carry at most {MARKS_PER_BASE} marks.")
    if not any(unicodedata.category(char)[0] in "LNSP" for char in name):
        raise NameInvalid("unfit", "A name needs at least one letter, digit or sign.")
    if (keys(name) | keys(_bare(name))) & kept:
        raise NameInvalid("reserved", f"{name} is reserved. Choose another name.")
    return name


def reserved(operator: str) -> frozenset[str]:
    """The keys of names that would pass for the server, or for whoever runs it and is called `operator`."""
    return frozenset().union(*(keys(name) for name in (*SERVER, OPERATOR, operator)))


def _bare(name: str) -> str:
    """Without its ornaments: [System] and System: pass for System."""
    return "".join(char for char in name if unicodedata.category(char)[0] in "LMN")


def keys(name: str) -> frozenset[str]:
    """What a claim on a clean name holds: two names that share a key differ only in case or look."""
    return looks.skeletons(name)


def free_like(name: str, is_free: Callable[[str], bool], limit: int = NAME_CHARS, wanted: int = 3) -> list[str]:
    """Up to `wanted` free names like a taken one: Ann 2, Ann 3, …"""
    found: list[str] = []
    for number in range(2, 100):
        tail = f" {number}"
        candidate = name[: limit - len(tail)].rstrip() + tail
        if is_free(candidate):
            found.append(candidate)
        if len(found) == wanted:
            break
    return found


def is_shown(char: str) -> bool:
    """False for what has no look of its own or changes its neighbours': controls, bidirectional signs, blanks."""
    if char in BLANKS:
        return False
    # Joiners shape emoji and several scripts; a key ignores them, so they cannot make a twin.
    if char in (looks.ZWJ, looks.ZWNJ):
        return True
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def longest_run_of_marks(text: str) -> int:
    longest = run = 0
    for char in unicodedata.normalize("NFD", text):
        run = run + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        longest = max(longest, run)
    return longest
