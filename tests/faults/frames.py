"""WebSocket frames in a stream of bytes from a server, so that a proxy can lose or repeat a whole one."""

from __future__ import annotations

HEAD_END = b"\r\n\r\n"


class Frames:
    """`feed` gives the complete pieces so far: the HTTP answer first, then frame by frame (a server masks none)."""

    def __init__(self) -> None:
        self._rest = b""
        self._is_open = False

    def feed(self, data: bytes) -> list[bytes]:
        self._rest += data
        pieces = []
        while size := self._size():
            pieces.append(self._rest[:size])
            self._rest = self._rest[size:]
        return pieces

    def _size(self) -> int:
        """The bytes of the next piece; 0 while it is not whole."""
        if not self._is_open:
            end = self._rest.find(HEAD_END)
            self._is_open = end >= 0
            return end + len(HEAD_END) if self._is_open else 0
        if len(self._rest) < 2:
            return 0
        length = self._rest[1] & 0x7F
        wide = {126: 2, 127: 8}.get(length, 0)
        if wide:
            if len(self._rest) < 2 + wide:
                return 0
            length = int.from_bytes(self._rest[2 : 2 + wide], "big")
        size = 2 + wide + length
        return size if len(self._rest) >= size else 0


def payload(frame: bytes) -> bytes:
    return frame[2 + {126: 2, 127: 8}.get(frame[1] & 0x7F, 0) :]


def kind(piece: bytes) -> str:
    """What a proxy may lose: the "acks" and "pushes" (of messages) among the text frames; empty for all else."""
    text = payload(piece) if piece[:1] == b"\x81" else b""
    if text.startswith(b"43"):
        return "acks"
    return "pushes" if text.startswith(b'42["message:posted"') else ""
