"""How to speak to each server: what is sent, and by which bytes an answer is known without reading all of it."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

Cursor = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """The answer to a join. `retry_after_ms` is set when it was refused for now."""

    cursor: Cursor | None = None
    messages: int = 0
    retry_after_ms: int | None = None


class Refused(Exception):
    """The server says no, and not only for now."""


class Wire:
    """Socket.IO 5 in Engine.IO 4. Join is asked with ack 0, messages with the numbers above.

    delivery  stands once in every message that arrives, and nowhere else
    ack       stands once in every answer to a message, and nowhere else
    """

    delivery: bytes
    ack: bytes

    def connect(self, token: str | None) -> bytes:
        return b"40"

    def join(self, room: str, name: str, since: Cursor | None) -> bytes:
        raise NotImplementedError

    def say(self, room: str, number: int) -> bytes:
        raise NotImplementedError

    def entered(self, answer: Any) -> Entry:
        raise NotImplementedError


class Ours(Wire):
    delivery = b'["message:posted"'
    ack = b'"duplicate":'

    def __init__(self) -> None:
        self._run = secrets.token_hex(8)

    def connect(self, token: str | None) -> bytes:
        return b"40" + _json({"v": 1} | ({"token": token} if token else {}))

    def join(self, room: str, name: str, since: Cursor | None) -> bytes:
        asked = {"room": room, "name": name} | ({"since": since} if since else {})
        return b"420" + _json(["room:join", asked])

    def say(self, room: str, number: int) -> bytes:
        message = {"room": room, "client_id": f"{self._run}{number:016x}", "body": body(number)}
        return b"42%d" % (number + 1) + _json(["message:send", message])

    def entered(self, answer: Any) -> Entry:
        if answer["ok"]:
            return Entry({"epoch": answer["epoch"], "seq": answer["head"]}, len(answer["messages"]))
        if answer["error"].get("retry_after_ms") is None:
            raise Refused(answer["error"]["detail"])
        return Entry(retry_after_ms=answer["error"]["retry_after_ms"])


class Plain(Wire):
    """bench/plain.py and bench/peers/node: the events of the tutorials."""

    delivery = b'["message",'
    ack = b'[{"ok":true}]'

    def join(self, room: str, name: str, since: Cursor | None) -> bytes:
        return b"420" + _json(["join", {"room": room, "name": name}])

    def say(self, room: str, number: int) -> bytes:
        return b"42%d" % (number + 1) + _json(["message", {"room": room, "body": body(number)}])

    def entered(self, answer: Any) -> Entry:
        return Entry()


def body(number: int) -> str:
    """A line as people write them, with its number between two signs that no name has."""
    return f"A line about as long as the ones that people write here #{number}#"


def number_in(delivery: bytes) -> int:
    return int(delivery.split(b"#", 2)[1])


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
