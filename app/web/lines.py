"""Messages as lines for a terminal or `grep`: nothing in them moves its cursor or passes for another line."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime

from app.chat.messages import Message

# More than a number has digits, so that no line of a body passes for a message.
INDENT = " " * 20


def text(messages: Iterable[Message]) -> str:
    return "".join(_line(message) for message in messages)


def _line(message: Message) -> str:
    at = datetime.fromtimestamp(message.sent_at_ms / 1000, UTC)
    said = {"text": "{0}: {1}", "action": "* {0} {1}", "notice": "! {0}: {1}"}[message.kind]
    name = message.author.name
    # No name passes for the sign of another kind.
    author = f'"{name}"' if name[0] in "!*" else name
    body = f"\n{INDENT}".join(_shown(line) for line in message.body.split("\n"))
    return f"{message.id} {at:%Y-%m-%dT%H:%M:%SZ} {said.format(author, body)}\n"


def _shown(line: str) -> str:
    """Controls, line ends of other scripts and signs that turn the writing are shown as a mark."""
    return "".join("\ufffd" if char != "\t" and _steers(char) else char for char in line)


def _steers(char: str) -> bool:
    # Joiners shape emoji and several scripts.
    return char not in "\u200c\u200d" and unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp")
