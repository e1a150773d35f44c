"""One line per event: `join room="tea" member="x7…" name="Ann"`. Never what people wrote, never a secret."""

from __future__ import annotations

import json
import logging
import traceback

logger = logging.getLogger("chat")


def event(what: str, **fields: object) -> None:
    """Values are escaped to ASCII, so that no name can forge a line."""
    logger.info("%s", " ".join([what, *(f"{key}={json.dumps(str(value))}" for key, value in fields.items())]))


def bug(where: str, error: Exception) -> None:
    """Once, with the trace but without the error's text, which may quote somebody."""
    trace = "".join(traceback.format_tb(error.__traceback__))
    logger.error("bug where=%s error=%s\n%s", json.dumps(where), type(error).__name__, trace)
