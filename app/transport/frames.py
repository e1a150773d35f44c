"""WebSocket frames, and only those we let through: masked, small, text, whole.

source  RFC 6455, section 5
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
CONTINUATION: Final = 0x0
FINAL, RESERVED, MASKED = 0x80, 0x70, 0x80
CONTROL_BYTES: Final = 125
FRAGMENTS: Final = 8
_TWO_BYTES, _EIGHT_BYTES = struct.Struct("!H"), struct.Struct("!Q")

# Close codes.
NORMAL, GOING_AWAY, PROTOCOL_ERROR, NOT_TEXT, NOT_UTF8, REFUSED, TOO_BIG = 1000, 1001, 1002, 1003, 1007, 1008, 1009


class FrameRefused(Exception):
    """The first frame that is not as it must be. `code` goes into the close frame."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


class FrameReader:
    """Bytes in, whole messages out. Holds at most one message of `limit` bytes and one frame header.

    A message is (opcode, payload): TEXT with str; CLOSE, PING and PONG with bytes.
    """

    __slots__ = ("_buffer", "_fragments", "_limit", "_message")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._buffer = b""
        self._message = b""
        self._fragments = 0

    def feed(self, data: bytes) -> Iterator[tuple[int, str | bytes]]:
        """Each message as soon as it is asked for: who ends the connection over one never unpacks the rest.

        refuses FrameRefused, at the header where possible: a length is believed before its bytes arrive
        """
        buffer = self._buffer + data if self._buffer else data
        at = 0
        while parsed := self._header(buffer, at):
            opcode, is_final, start, size = parsed
            end = start + 4 + size
            if len(buffer) < end:
                break
            whole = self._add(opcode, is_final, unmask(buffer[start + 4 : end], buffer[start : start + 4]))
            at = end
            if whole is not None:
                yield whole
        self._buffer = buffer[at:]

    def _header(self, buffer: bytes, at: int) -> tuple[int, bool, int, int] | None:
        """(opcode, final, where the mask starts, payload size) of the frame at `at`; None while it is not all here."""
        if len(buffer) < at + 2:
            return None
        first, second = buffer[at], buffer[at + 1]
        opcode, size, start = first & 0x0F, second & 0x7F, at + 2
        if first & RESERVED:
            raise FrameRefused(PROTOCOL_ERROR, "reserved bits")
        if not second & MASKED:
            raise FrameRefused(PROTOCOL_ERROR, "not masked")
        if opcode >= CLOSE:
            if opcode > PONG or size > CONTROL_BYTES or not first & FINAL:
                raise FrameRefused(PROTOCOL_ERROR, "control frame")
        elif opcode > BINARY:
            raise FrameRefused(PROTOCOL_ERROR, "opcode")
        if size > CONTROL_BYTES:
            length, floor = (_TWO_BYTES, CONTROL_BYTES) if size == 126 else (_EIGHT_BYTES, 0xFFFF)
            start += length.size
            if len(buffer) < start:
                return None
            (size,) = length.unpack_from(buffer, at + 2)
            if size <= floor:
                raise FrameRefused(PROTOCOL_ERROR, "length written long")
        self._check(opcode, size)
        return opcode, bool(first & FINAL), start, size

    def _check(self, opcode: int, size: int) -> None:
        if opcode >= CLOSE:
            return
        if opcode == BINARY:
            raise FrameRefused(NOT_TEXT, "binary")
        if (opcode == CONTINUATION) != (self._fragments > 0):
            raise FrameRefused(PROTOCOL_ERROR, "fragments out of order")
        if len(self._message) + size > self._limit or self._fragments >= FRAGMENTS:
            raise FrameRefused(TOO_BIG, "message too big")

    def _add(self, opcode: int, is_final: bool, payload: bytes) -> tuple[int, str | bytes] | None:
        if opcode >= CLOSE:
            return opcode, payload
        self._message += payload
        self._fragments += 1
        if not is_final:
            return None
        message, self._message, self._fragments = self._message, b"", 0
        try:
            return TEXT, message.decode()
        except UnicodeDecodeError:
            raise FrameRefused(NOT_UTF8, "not UTF-8") from None


def unmask(payload: bytes, mask: bytes) -> bytes:
    """XOR as one big number: sixty times faster than byte by byte."""
    size = len(payload)
    whole = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "little") ^ int.from_bytes(whole, "little")).to_bytes(size, "little")


_SHORT, _MEDIUM, _LONG = struct.Struct("!BB").pack, struct.Struct("!BBH").pack, struct.Struct("!BBQ").pack


def frame(opcode: int, payload: bytes) -> bytes:
    """A whole frame as a server sends it."""
    size = len(payload)
    if size <= CONTROL_BYTES:
        return _SHORT(FINAL | opcode, size) + payload
    if size <= 0xFFFF:
        return _MEDIUM(FINAL | opcode, 126, size) + payload
    return _LONG(FINAL | opcode, 127, size) + payload


def text(payload: str) -> bytes:
    return frame(TEXT, payload.encode())


def close(code: int) -> bytes:
    return frame(CLOSE, struct.pack("!H", code))


def close_answer(payload: bytes) -> int:
    """The close code to answer with: the client's own, where it is one a client may send."""
    if not payload:
        return NORMAL
    if len(payload) == 1:
        raise FrameRefused(PROTOCOL_ERROR, "close code")
    (code,) = struct.unpack_from("!H", payload)
    if not (3000 <= code <= 4999 or code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011)):
        raise FrameRefused(PROTOCOL_ERROR, "close code")
    try:
        payload[2:].decode()
    except UnicodeDecodeError:
        raise FrameRefused(NOT_UTF8, "not UTF-8") from None
    return int(code)
