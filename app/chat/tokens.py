"""Who a program is: a token that the operator made for it, good in the rooms it names and nowhere else."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from app.chat import names, rooms
from app.chat.members import Member
from app.chat.refusals import Forbidden, PayloadInvalid, TokenInvalid

if TYPE_CHECKING:
    from app.chat.ports import TokenStore

Kind = Literal["bot", "webhook"]

# So that whoever finds one in a file knows what it is.
PREFIX: Final[dict[Kind, str]] = {"bot": "bot_", "webhook": "hook_"}
SECRET_BYTES: Final = 32
SECRET_CHARS: Final = 64
ROOMS: Final = 100


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token: everything but its secret. `id` is public, and the author's in what it posts."""

    id: str
    kind: Kind
    name: str
    rooms: tuple[str, ...]
    created_at_ms: int

    @property
    def member(self) -> Member:
        return Member(self.id, self.name)


class Keyring:
    """Making tokens, knowing them again, taking them back.

    reserved  keys of names for nobody; see `names.reserved`
    """

    def __init__(self, store: TokenStore, reserved: frozenset[str], name_chars: int = names.NAME_CHARS) -> None:
        self._store = store
        self._reserved = reserved
        self._name_chars = name_chars

    def make(self, raw_name: object, slugs: Sequence[str], kind: Kind) -> tuple[Token, str]:
        """A new token and its secret, which is told this once and kept nowhere.

        refuses  NameInvalid, RoomInvalid, PayloadInvalid for no room, too many, or a webhook into several
        """
        name = names.clean(raw_name, self._name_chars, self._reserved)
        wanted = sorted({rooms.require_slug(slug) for slug in slugs})
        if not 0 < len(wanted) <= (1 if kind == "webhook" else ROOMS):
            raise PayloadInvalid(f"A webhook posts into one room, a bot into 1 to {ROOMS}.")
        secret = PREFIX[kind] + secrets.token_urlsafe(SECRET_BYTES)
        id_ = base64.b32encode(secrets.token_bytes(10)).decode().lower()
        return self._store.add(id_, kind, name, wanted, digest(secret)), secret

    def known(self, secret: str, kind: Kind) -> Token:
        """refuses TokenInvalid: never made, taken back, or of another kind; fails Unavailable"""
        looks_right = secret.startswith(PREFIX[kind]) and len(secret) <= SECRET_CHARS and secret.isascii()
        token = self._store.find(digest(secret)) if looks_right else None
        if token is None or token.kind != kind:
            raise TokenInvalid()
        return token

    def check_room(self, token: Token, slug: str) -> None:
        """refuses Forbidden"""
        if slug not in token.rooms:
            raise Forbidden("token", "This token is not for this room. Whoever runs the chatroom can make one that is.")

    def names_in(self, slug: str) -> Iterable[str]:
        """What programs are called that may post in this room. fails Unavailable"""
        return [token.name for token in self._store.of_room(slug)]

    def all(self) -> list[Token]:
        return self._store.all()

    def revoke(self, id_: str) -> bool:
        """Whether there was such a token."""
        return self._store.remove(id_)


def digest(secret: str) -> str:
    """How a secret is kept. It is random and long: no salt and no slow hash would make it safer."""
    return hashlib.sha256(secret.encode()).hexdigest()
