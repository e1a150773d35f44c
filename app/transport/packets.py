"""What a client may say, one level up: Engine.IO and Socket.IO packets, and only the few kinds we know.

source  Engine.IO protocol 4, Socket.IO protocol 5
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, NoReturn

from app.transport.payloads import PayloadReader

PING: Final = "2"
_PONG, _CLOSE, _MESSAGE = "3", "1", "4"
_CONNECT, _DISCONNECT, _EVENT = "0", "1", "2"
_ACK_ID_MOST, _ACK_ID_DIGITS = 2**31, 10
DEPTH: Final = 8
RESERVED: Final = frozenset(
    {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"}
)


class PacketRefused(Exception):
    """Not a packet of ours. The connection ends."""


@dataclass(frozen=True, slots=True)
class Pong:
    """The sign of life we asked for."""


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The client leaves."""


@dataclass(frozen=True, slots=True)
class Connect:
    """The client wants in. `text` is the packet as Socket.IO's server reads it."""

    text: str


class Event(NamedTuple):
    """`arguments` is whatever JSON stood after the name: the door validates it, unless it is its model already.

    `ack_id` None: no answer is wanted.
    """

    name: str
    arguments: tuple[Any, ...]
    ack_id: int | None


Packet = Pong | Goodbye | Connect | Event
PONG, GOODBYE = Pong(), Goodbye()


def parse(text: str, events: Mapping[str, PayloadReader]) -> Packet:
    """refuses PacketRefused: binary, other namespaces, acks nobody asked for, reserved names, anything malformed.

    events  what is listened to, by name; another one is an Event still if it wants an answer
    """
    if text == _PONG:
        return PONG
    if text in (_CLOSE, _MESSAGE + _DISCONNECT):
        return GOODBYE
    kind, body = text[:2], text[2:]
    if kind == _MESSAGE + _EVENT:
        return _event(body, events)
    if kind == _MESSAGE + _CONNECT and (not body or isinstance(_strict(body), dict)):
        return Connect(text[1:])
    raise PacketRefused("kind")


def _event(body: str, events: Mapping[str, PayloadReader]) -> Event:
    digits, _, rest = body.partition("[")
    ack_id = None
    if digits:
        if len(digits) > _ACK_ID_DIGITS or not (digits.isascii() and digits.isdigit()):
            raise PacketRefused("event")
        if (ack_id := int(digits)) > _ACK_ID_MOST:
            raise PacketRefused("ack id")
    name, _, payload = rest.partition('",')
    if name[:1] == '"' and name[1:] in events and payload[-1:] == "]":
        read = events[name[1:]].read(payload[:-1])
        if read is not None:
            return Event(name[1:], (read,), ack_id)
    content = _strict("[" + rest)
    if not content or not isinstance(content[0], str) or content[0] in RESERVED:
        raise PacketRefused("event name")
    if content[0] not in events and ack_id is None:
        raise PacketRefused("unknown event")
    return Event(content[0], tuple(content[1:]), ack_id)


def _strict(text: str) -> Any:
    """JSON as it is meant: no NaN, no key twice, no number beyond measure, nothing nested without end."""
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError):
        raise PacketRefused("JSON") from None
    # A text may be full of brackets: only then the value itself is asked.
    if text.count("[") + text.count("{") > DEPTH and _nests_beyond(DEPTH, value):
        raise PacketRefused("depth")
    return value


def _nests_beyond(depth: int, value: Any) -> bool:
    level = [value]
    for _ in range(depth + 1):
        held = [each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list)]
        level = [inner for each in held for inner in each]
    return bool(level)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise PacketRefused("key twice")
    return found


def _refuse(name: str) -> NoReturn:
    raise PacketRefused(name)


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise PacketRefused("number")
    return value


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_finite)
