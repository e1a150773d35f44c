"""Text of strangers, fit for a screen: nothing in it moves the cursor, colours, hides or turns its neighbours."""

from __future__ import annotations

import re
import unicodedata

_MARKS = 4
# Joiners shape emoji and several scripts.
_KEPT = frozenset("\n\u200c\u200d")


def text(raw: str) -> str:
    """`raw` with each control, bidirectional sign and unpaired surrogate as a sign that can be seen."""
    shown = "".join(map(_shown, raw.replace("\r\n", "\n").replace("\t", "    ")))
    return _without_towers(shown)


def line(raw: str) -> str:
    """The same, on one line."""
    return text(raw).replace("\n", " ")


def _shown(char: str) -> str:
    if char in _KEPT or (char.isascii() and char.isprintable()):
        return char
    if ord(char) < 0x20:
        return chr(0x2400 + ord(char))
    if char == "\x7f":
        return "\u2421"
    return "\ufffd" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") else char


def _without_towers(shown: str) -> str:
    """A letter carries at most four marks: more would be drawn over the lines above and below."""
    if shown.isascii():
        return shown
    marks = "".join({char for char in shown if unicodedata.combining(char)})
    return re.sub(f"([{re.escape(marks)}]{{{_MARKS}}})[{re.escape(marks)}]+", r"\1", shown) if marks else shown
