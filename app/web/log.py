"""One line per event: `join room="tea" member="x7…" name="Ann"`. Never what people wrote, never a secret."""

from __future__ import annotations

import datetime
import json
import logging
import time
import traceback
from collections import Counter
from typing import Final, NamedTuple

from app.chat.refusals import TooFast
from app.web.limits import Allowance

LINES: Final = 200
EACH_S: Final = 10

logger = logging.getLogger("chat")
_lines = Allowance(LINES, EACH_S, time.monotonic)
_unsaid: Counter[str] = Counter()


def event(what: str, source: str, **fields: object) -> None:
    """Values are escaped to ASCII, so that no name can forge a line.

    source  whose event it is: an address, since identities cost nothing. One source fills no disk: see LINES
    """
    _write(logging.INFO, what, f"{what} {source}", fields)


def bug(where: str, error: Exception) -> None:
    """With the trace, but without the error's text, which may quote somebody."""
    trace = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    _write(logging.ERROR, "bug", where, {"where": where, "error": type(error).__name__, "trace": " > ".join(trace)})


def _write(level: int, what: str, source: str, fields: dict[str, object]) -> None:
    try:
        _lines.spend(source)
    except TooFast:
        _unsaid[source] += 1
        return
    if _unsaid[source]:
        fields = {**fields, "unsaid": _unsaid[source]}
    del _unsaid[source]
    logger.log(level, "%s", _Line(what, {key: str(value) for key, value in fields.items()}))


class _Line(NamedTuple):
    what: str
    fields: dict[str, str]

    def __str__(self) -> str:
        return " ".join([self.what, *(f"{key}={json.dumps(value)}" for key, value in self.fields.items())])


class JsonLines(logging.Formatter):
    """One object a line, in ASCII, for whatever collects logs: time, level, event and its fields; of anything that is
    no event of ours, the message.
    """

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        said = {"time": at.isoformat(timespec="milliseconds"), "level": record.levelname}
        if isinstance(record.args, tuple) and record.args and isinstance(record.args[0], _Line):
            line = record.args[0]
            return json.dumps(said | {"event": line.what} | line.fields)
        said |= {"event": "message", "logger": record.name, "message": record.getMessage()}
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said)
