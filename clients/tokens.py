"""Who I am on a server: a secret that the server made, in a file only its owner may read."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock

from clients import folders


def read(folder: Path) -> str | None:
    """The token kept in a server's folder; None before the first meeting."""
    path = folder / "token"
    return path.read_text(encoding="utf-8").strip() or None if path.exists() else None


def keep(folder: Path, token: str, sent: str | None) -> str:
    """The token to use from now on: `token`, unless another program of this person met the server meanwhile.

    sent  what the server was shown when it answered with `token`
    """
    with FileLock(folder / "token.lock"):
        kept = read(folder)
        if kept not in (None, sent):
            return str(kept)
        if kept != token:
            folders.write(folder / "token", token)
        return token
