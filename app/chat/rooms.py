"""What a room is called and where it is found."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from app.chat import looks, names, scripts
from app.chat.refusals import RoomInvalid

ROOM_CHARS: Final = 64
LOOK_CHARS: Final = 64


@dataclass(frozen=True, slots=True)
class Room:
    """A room as the store knows it. A room without messages has no row: `created_at_ms` is None and `head` 0.

    epoch    a random word for this log of numbers; another epoch makes every cursor void
    head     the number of the latest change
    """

    slug: str
    title: str
    epoch: str
    head: int
    created_at_ms: int | None
    is_locked: bool

    @property
    def mixed_scripts(self) -> tuple[str, ...]:
        """The alphabets that a word of the room's name mixes; none for most. See `app.chat.scripts`."""
        return scripts.mixed_in_a_word(self.slug.split("-"))


def clean_title(raw: object, limit: int = ROOM_CHARS) -> str:
    """A room's name as it was typed: single spaces, 1..64 characters, printable.

    refuses  RoomInvalid
    """
    if not isinstance(raw, str) or len(raw) > 4 * limit:
        raise RoomInvalid("too_long", f"A room name is text of at most {limit} characters.")
    title = " ".join(unicodedata.normalize("NFC", raw).split())
    if not title:
        raise RoomInvalid("empty", "Type a room name first.")
    if len(title) > limit:
        raise RoomInvalid("too_long", f"A room name has at most {limit} characters.")
    if not all(names.is_shown(char) for char in title):
        raise RoomInvalid("invisible", "A room name cannot hold invisible or control characters.")
    return title


def slug(title: str, limit: int = ROOM_CHARS) -> str:
    """A room's one address: folded to lower case, letters, digits and pictures of any script, words joined by `-`.

    Tea Party!  →  tea-party      Приве́т  →  приве́т      🍕  →  🍕
    refuses  RoomInvalid when nothing is left
    """
    if len(title) > 4 * limit:
        raise RoomInvalid("too_long", f"A room name is text of at most {limit} characters.")
    folded = _folded(title)
    kept = "".join(char if _stands_in_address(char) else "-" for char in folded if char not in "\u200c\u200d\ufe0f")
    address = re.sub("-+", "-", kept)[:limit].strip("-")
    if not address:
        raise RoomInvalid("unfit", "A room name needs at least one letter, digit or emoji.")
    if names.longest_run_of_marks(address) > names.MARKS_PER_BASE:
        raise RoomInvalid("marks", f"A letter in a room name can carry at most {names.MARKS_PER_BASE} marks.")
    return address


def require_slug(raw: str) -> str:
    """`raw`, when it is a room's address as `slug` makes it.

    refuses  RoomInvalid for everything else, so that one room never has two addresses
    """
    if len(raw) > ROOM_CHARS or slug(raw) != raw:
        raise RoomInvalid("address", "There is no room at this address. Use the address as the room's link shows it.")
    return raw


def title_of(slug: str) -> str:
    """What to call a room that nobody has named on this server."""
    return slug.replace("-", " ")


def looks_of(slug: str, title: str) -> frozenset[str]:
    """What a room looks like: its address, its name, and its name in small letters. Two rooms that share one of them
    may be taken for each other. The source is UTS #39 (confusables).
    """
    shown = "-".join(title.split())
    # Foreign capitals are made small after the look (ТЕАМ: team), our own before it (FAIL is no FALL).
    small = "".join(char if char.isascii() else looks.skeleton(char) for char in shown).casefold()
    return frozenset(looks.skeleton(text)[:LOOK_CHARS] for text in (slug, shown, small)) - {""}


def may_be_taken_for(slug: str, other: str) -> bool:
    """Whether a shared look is worth a word. A number and a word are told apart: 101 and lol."""
    kinds = {_kind(slug), _kind(other)}
    return slug != other and kinds != {"number", "word"}


def _kind(slug: str) -> str:
    letters = slug.replace("-", "")
    if not letters.isascii():
        return "other"
    return "number" if letters.isdecimal() else "word" if letters.isalpha() else "other"


def _folded(text: str) -> str:
    """NFKC and lower case, until neither changes anything more."""
    for _ in range(4):
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        if folded == text:
            break
        text = folded
    return text


def _stands_in_address(char: str) -> bool:
    if char in names.BLANKS:
        return False
    category = unicodedata.category(char)
    return category[0] in "LN" or category in ("Mn", "Mc", "So")
