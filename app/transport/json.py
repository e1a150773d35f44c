"""JSON for Socket.IO's packets: fast out, strict in (no NaN, no trailing text)."""

from __future__ import annotations

import json
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
    except msgspec.DecodeError:
        # JavaScript writes a lone surrogate, which msgspec reads no further than: the rules refuse it with a reason.
        return _decode_surrogates(text)
    except RecursionError as error:
        raise ValueError(str(error)) from None


def _decode_surrogates(text: str | bytes) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError(str(error)) from None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
