"""A payload read straight from its text into its model, where the text leaves no doubt."""

from __future__ import annotations

from typing import Final, get_type_hints

import msgspec
from msgspec import Struct

_NEVER: Final = -1


class PayloadReader:
    """For payloads whose fields are all text and all required. For others, and in doubt, `read` gives None.

    msgspec refuses what is not JSON, not in the model or of another type; it lets a key that stands twice pass. Each
    field once, with its value, makes four quotes: with more, one stands twice.
    """

    def __init__(self, model: type[Struct]) -> None:
        fields = msgspec.structs.fields(model)
        is_plain = all(field.required and _is_text(model, field.name) for field in fields)
        is_closed = model.__struct_config__.forbid_unknown_fields
        self._quotes = 4 * len(fields) if is_plain and is_closed else _NEVER
        self._decode = msgspec.json.Decoder(model).decode

    def read(self, text: str) -> Struct | None:
        if text.count('"') - text.count('\\"') != self._quotes or "\\\\" in text:
            return None
        try:
            return self._decode(text)
        except (msgspec.DecodeError, UnicodeError):
            return None


def _is_text(model: type[Struct], field: str) -> bool:
    return get_type_hints(model)[field] is str
