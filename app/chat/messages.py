"""A message, and what is a fit body for one."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from app.chat import refusals
from app.chat.members import Member

Kind = Literal["text", "action", "notice"]

BODY_CHARS: Final = 5000
ACTION: Final = "/me "


class Draft(NamedTuple):
    """A message that is fit to be recorded and has no number yet."""

    room: str
    title: str
    author: Member
    kind: Kind
    body: str
    client_id: str


class Message(NamedTuple):
    """A recorded message. `id` is its place in the room for ever; `seq` the number of its latest change."""

    room: str
    id: int
    seq: int
    kind: Kind
    author: Member
    body: str
    sent_at_ms: int
    client_id: str


def clean_body(raw: str, limit: int = BODY_CHARS) -> tuple[Kind, str]:
    """What was said, and how: `/me waves` is the action "waves", everything else is text. refuses as `clean_text`"""
    if raw.startswith(ACTION):
        return "action", clean_text(raw[len(ACTION) :], limit)
    return "text", clean_text(raw, limit)


def clean_text(raw: str, limit: int = BODY_CHARS) -> str:
    """Line ends become \\n; blank ends are cut.

    refuses  BodyEmpty, BodyTooLong, PayloadInvalid for text that no database or page can hold
    """
    body = raw.replace("\r\n", "\n").replace("\r", "\n") if "\r" in raw else raw
    body = body.strip("\n").rstrip()
    if not body.strip():
        raise refusals.BodyEmpty()
    if len(body) > limit:
        raise refusals.BodyTooLong(len(body), limit)
    require_storable(body)
    return body


def require_storable(text: str) -> None:
    """refuses  PayloadInvalid: NUL (PostgreSQL holds none) and lone surrogates (UTF-8 holds none)"""
    if "\x00" not in text:
        try:
            text.encode()
            return
        except UnicodeEncodeError:
            pass
    raise refusals.PayloadInvalid("The text holds a character that cannot be stored.")
