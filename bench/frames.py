"""WebSocket frames by hand: what a client writes, and what it reads taken apart.

source  RFC 6455, section 5
"""

from __future__ import annotations

import os
import struct

TEXT, CLOSE = 0x1, 0x8
_MASK = os.urandom(4)
_WHOLE_MASK = int.from_bytes(_MASK * 20_000, "little")


def text(payload: bytes) -> bytes:
    """A masked text frame. One mask for the whole run: the server cannot tell, and it costs us less."""
    size = len(payload)
    if size <= 125:
        head = struct.pack("!BB", 0x80 | TEXT, 0x80 | size)
    else:
        head = struct.pack("!BBH", 0x80 | TEXT, 0x80 | 126, size)
    mask = _WHOLE_MASK & ((1 << 8 * size) - 1)
    return head + _MASK + (int.from_bytes(payload, "little") ^ mask).to_bytes(size, "little")


class Splitter:
    """Bytes from a server in, whole frames out, however the bytes were cut. A server masks nothing."""

    __slots__ = ("rest",)

    def __init__(self) -> None:
        self.rest = b""

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """[(opcode, payload)]"""
        buffer = self.rest + data if self.rest else data
        frames: list[tuple[int, bytes]] = []
        at, end = 0, len(buffer)
        while end - at >= 2:
            start, size = at + 2, buffer[at + 1] & 0x7F
            if size >= 126:
                wide = 2 if size == 126 else 8
                start += wide
                if start > end:
                    break
                size = int.from_bytes(buffer[start - wide : start], "big")
            if start + size > end:
                break
            frames.append((buffer[at] & 0x0F, buffer[start : start + size]))
            at = start + size
        self.rest = buffer[at:]
        return frames
