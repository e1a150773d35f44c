"""Which alphabets a text is written in, and whether any language writes them together: Unicode's UTS #39."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from confusable_homoglyphs import categories

# Of no alphabet, or newer than the library's table.
ANY: Final = frozenset({"COMMON", "INHERITED", "Unknown"})
# The level "highly restrictive": one alphabet, or what Japanese, Chinese and Korean write side by side.
TOGETHER: Final = (
    frozenset({"LATIN", "HAN", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "HAN", "BOPOMOFO"}),
    frozenset({"LATIN", "HAN", "HANGUL"}),
)


@lru_cache(maxsize=10_000)
def mixed(text: str) -> tuple[str, ...]:
    """The alphabets of a text that mixes what no language mixes (Cyrillic, Latin); none of any other text."""
    if text.isascii():
        return ()
    found = {categories.alias(char) for char in text} - ANY
    fits = len(found) < 2 or any(found <= together for together in TOGETHER)
    return () if fits else tuple(sorted(name.replace("_", " ").title() for name in found))


def mixed_in_a_word(words: Sequence[str]) -> tuple[str, ...]:
    """The same for a phrase, where whole words of another alphabet are ordinary: чай и iPhone."""
    return tuple(sorted({name for word in words for name in mixed(word)}))
