"""Which texts look alike: the skeletons of Unicode's UTS #39."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from confusable_homoglyphs.confusables import confusables_data

ZWNJ, ZWJ = "\u200c", "\u200d"
VARIATION_SELECTORS = (("\ufe00", "\ufe0f"), ("\u180b", "\u180f"), ("\U000e0100", "\U000e01ef"))


@lru_cache(maxsize=10_000)
def skeletons(text: str) -> frozenset[str]:
    """What `text` looks like. Two texts that share a skeleton differ only in case or look.

    Two are needed: I looks like l, but i does not, so case is folded once before and once after the look.
    """
    return frozenset({skeleton(text.casefold()).casefold(), skeleton(skeleton(text).casefold()).casefold()})


def skeleton(text: str) -> str:
    """One text for all that look the same, case and all."""
    table = _prototypes()
    shown = (char for char in unicodedata.normalize("NFD", text) if not _is_ignorable(char))
    return "".join(table.get(char, char) for char in shown)


def _is_ignorable(char: str) -> bool:
    """Joiners and variation selectors change nothing that tells two names apart."""
    return char in (ZWNJ, ZWJ) or char.isspace() or any(first <= char <= last for first, last in VARIATION_SELECTORS)


@cache
def _prototypes() -> dict[str, str]:
    """Each confusable character with the one text that stands for all that look like it.

    The library keeps Unicode's table in both directions; the groups it makes are found here and each gets one name.
    """
    group: dict[str, set[str]] = {}
    for text, twins in confusables_data.items():
        merged = {text}.union(*(group.get(each, {each}) for each in (text, *(twin["c"] for twin in twins))))
        for each in merged:
            group[each] = merged
    chosen = {char: _chosen(alike) for char, alike in group.items() if len(char) == 1}
    return {char: "".join(chosen.get(each, each) for each in text) for char, text in chosen.items()}


def _chosen(alike: set[str]) -> str:
    """Unicode's table maps single characters only, so a longer text in a group is what the others look like (m: rn).

    Letters before digits, so that folding the case of what O and 0 look like finds o.
    """
    return min(alike, key=lambda text: (not text.isascii(), -len(text), not text.isalpha(), not text.islower(), text))
