"""What a request asks, and whom it counts for."""

from __future__ import annotations

from typing import Final, TypeVar

import msgspec
from flask import request

from app.chat.refusals import PayloadInvalid
from app.transport.addresses import key_of

# 5,000 characters of any script, written as JSON escapes inside a form.
BODY_BYTES: Final = 128 * 1024

P = TypeVar("P", bound=msgspec.Struct)


def address() -> str:
    """Whom this request counts for."""
    return key_of(request.remote_addr or "")


def json_body() -> bytes:
    """refuses PayloadInvalid for what is no JSON, RequestEntityTooLarge"""
    request.max_content_length = BODY_BYTES
    if request.mimetype != "application/json":
        raise PayloadInvalid("Send JSON, and say so: Content-Type: application/json.")
    return request.get_data(cache=False)


def parse(data: bytes, model: type[P]) -> P:
    """refuses PayloadInvalid, naming the field"""
    try:
        return msgspec.json.decode(data, type=model)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        is_ours = isinstance(error, msgspec.ValidationError)
        raise PayloadInvalid(f"{error}." if is_ours else "The body is not JSON.") from None


def positive(text: str) -> int:
    """refuses PayloadInvalid"""
    if not text.isascii() or not text.isdigit() or len(text) > 19 or not 0 < int(text) < 2**63:
        raise PayloadInvalid("A number from 1 upwards is meant here.")
    return int(text)


def from_zero(text: str) -> int:
    """refuses PayloadInvalid"""
    return 0 if text == "0" else positive(text)
