"""Who somebody is: 128 random bits that only they and the server's signature vouch for, and the id others see."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from itsdangerous import BadSignature, Signer


def read_or_make_key(folder: Path, name: str = "secret.key") -> bytes:
    """A secret of the server's, made at first start and readable by its owner alone; one, however many start at once.
    fails OSError
    """
    with _alone(folder):
        return _read_or_make(folder / name, folder / f"{name}.part")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Among all who ask this way, in whichever process."""
    found = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(found, fcntl.LOCK_EX)
        yield
    finally:
        os.close(found)


def _read_or_make(path: Path, part: Path) -> bytes:
    # An empty key would be everybody's: what a first start on a full disk left behind is no key.
    if path.exists() and (key := path.read_bytes()):
        return key
    key = secrets.token_hex(32).encode()
    part.unlink(missing_ok=True)
    part.touch(0o600)
    with part.open("wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return key


class Identity:
    """Nothing is stored: a secret we did not sign is nobody's, and an id is derived one way from the secret."""

    def __init__(self, key: bytes) -> None:
        self._key = hashlib.blake2s(key, person=b"identity").digest()
        self._signer = Signer(self._key, salt="member-token", digest_method=hashlib.sha256)

    def new_token(self) -> str:
        return self._signer.sign(secrets.token_hex(16)).decode()

    def is_ours(self, token: object) -> bool:
        """Whether we made this token. One that somebody chose for another person to use is not accepted."""
        given = token if isinstance(token, str) else ""
        try:
            # Some letters of a signature can be written in several ways, and each would be another member.
            return self._signer.sign(self._signer.unsign(given)).decode() == given
        except (BadSignature, UnicodeEncodeError):
            return False

    def member_id(self, token: str) -> str:
        """Public, the same for the same token, and no way back."""
        digest = hashlib.blake2s(token.encode(), key=self._key, digest_size=10).digest()
        return base64.b32encode(digest).decode().lower()

    def of_browser(self, session: MutableMapping[str, Any]) -> str:
        """The member id of a browser; its secret lives in the signed, HttpOnly session cookie."""
        if not self.is_ours(session.get("token")):
            session["token"] = self.new_token()
        return self.member_id(session["token"])
