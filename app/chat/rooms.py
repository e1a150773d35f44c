"""What a room is called and where it is found."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from app.chat import names
from app.chat.refusals import RoomInvalid

ROOM_CHARS: Final = 64


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


def clean_title(raw: object, limit: int = ROOM_CHARS) -> str:
    """A room's name as it was typed: single spaces, 1..64 characters, printable.

    refuses  RoomInvalid
    """
    if not isinstance(raw, str) or len(raw) > 4 * limit:
        raise RoomInvalid(f"A room name is text of at most {limit} characters.")
    title = " ".join(unicodedata.normalize("NFC", raw).split())
    if not title:
        raise RoomInvalid("Type a room name first.")
    if len(title) > limit:
        raise RoomInvalid(f"A room name has at most {limit} characters.")
    if not all(names.is_shown(char) for char in title):
        raise RoomInvalid("A room name cannot hold invisible or control characters.")
    return title


def slug(title: str, limit: int = ROOM_CHARS) -> str:
    """A room's one address: folded to lower case, letters, digits and pictures of any script, words joined by `-`.

    Tea Party!  →  tea-party      Приве́т  →  приве́т      🍕  →  🍕
    refuses  RoomInvalid when nothing is left
    """
    if len(title) > 4 * limit:
        raise RoomInvalid(f"A room name is text of at most {limit} characters.")
    folded = _folded(title)
    kept = "".join(char if _stands_in_address(char) else "-" for char in folded if char not in "\u200c\u200d\ufe0f")
    address = re.sub("-+", "-", kept)[:limit].strip("-")
    if not address or names.longest_run_of_marks(address) > names.MARKS_PER_BASE:
        raise RoomInvalid("A room name needs a letter, a digit or a picture, and few marks on each.")
    return address


def require_slug(raw: str) -> str:
    """`raw`, when it is a room's address as `slug` makes it.

    refuses  RoomInvalid for everything else, so that one room never has two addresses
    """
    if len(raw) > ROOM_CHARS or slug(raw) != raw:
        raise RoomInvalid("There is no room at this address. Use the address as the room's link shows it.")
    return raw


def title_of(slug: str) -> str:
    """What to call a room that nobody has named on this server."""
    return slug.replace("-", " ")


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
