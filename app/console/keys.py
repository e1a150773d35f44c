"""`python -m app token`, `tokens`, `revoke`: straight in the database, whether or not the server runs."""

from __future__ import annotations

from datetime import UTC, datetime

from app.chat import rooms
from app.chat.tokens import Keyring, Kind
from app.console.remote import NotDone


def make(keyring: Keyring, name: str, titles: list[str], kind: Kind) -> list[str]:
    """Lines that tell the new token, once."""
    token, secret = keyring.make(name, [rooms.slug(title) for title in titles], kind)
    where = ", ".join(f"/r/{slug}" for slug in token.rooms)
    handed = f"/api/v1/hooks/{secret}" if kind == "webhook" else secret
    what = "Its address, after the server's own" if kind == "webhook" else "Its token"
    return [handed, f"{token.name} ({token.id}) posts in {where}. {what}, is shown this once: keep it secret."]


def listed(keyring: Keyring) -> list[str]:
    found = keyring.all()
    if not found:
        return ["No token was made yet: python -m app token NAME --room ROOM."]
    return [
        f"{token.id}  {token.kind:7}  {token.name}  {' '.join(token.rooms)}"
        f"  {datetime.fromtimestamp(token.created_at_ms / 1000, UTC):%Y-%m-%d}"
        for token in found
    ]


def revoke(keyring: Keyring, id_: str) -> list[str]:
    """refuses NotDone"""
    if not keyring.revoke(id_):
        raise NotDone(f"There is no token {id_}. `python -m app tokens` lists them.")
    return [f"The token {id_} is taken back: it opens nothing any more."]
