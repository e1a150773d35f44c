"""JSON for Socket.IO's packets: fast out, strict in (no NaN, no trailing text)."""

from __future__ import annotations

from typing import Any

import msgspec

JSONDecodeError = ValueError


def dumps(value: Any, **_layout: Any) -> str:
    """Always compact; the library's wish for separators is already met."""
    return msgspec.json.encode(value).decode()


def loads(text: str | bytes) -> Any:
    """refuses  ValueError, which the library expects"""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(str(error)) from None
