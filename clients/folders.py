"""Where a person's client keeps things: one folder of their own, and in it one for each server."""

from __future__ import annotations

import os
import re
from pathlib import Path

import platformdirs


def home() -> Path:
    """`CHATROOM_FOLDER`, or the folder `chatroom` where this system keeps a person's configuration."""
    folder = Path(os.environ.get("CHATROOM_FOLDER") or platformdirs.user_config_path("chatroom", appauthor=False))
    return _private(folder)


def of_server(home: Path, server: str) -> Path:
    """`server` as clients.address writes it."""
    return _private(home / re.sub(r"[^\w.-]+", "_", server))


def write(path: Path, text: str) -> None:
    """All of it or nothing, on disk when it returns, for nobody else to read."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _private(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
