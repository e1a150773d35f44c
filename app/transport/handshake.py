"""Who may open a live connection: a WebSocket of version 13 with a valid key, from this very page or from no page.

source  RFC 6455, section 4.2
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any, Final
from urllib.parse import parse_qs

_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
KEY_BYTES: Final = 16


class HandshakeRefused(Exception):
    """`status` is the HTTP status line's number and words."""

    def __init__(self, why: str, status: str = "400 Bad Request") -> None:
        super().__init__(why)
        self.status = status


def accept(environ: dict[str, Any]) -> bytes:
    """The server's half of the handshake, to be written as it is. No extension is ever agreed to.

    refuses  HandshakeRefused: 400 for what is not our handshake, 403 for a page of another site
    """
    query = parse_qs(environ.get("QUERY_STRING", ""))
    if environ["REQUEST_METHOD"] != "GET" or query.get("transport") != ["websocket"] or "sid" in query:
        raise HandshakeRefused("Only WebSocket is spoken here.")
    if query.get("EIO") != ["4"]:
        raise HandshakeRefused("Only Engine.IO 4 is spoken here.")
    if environ.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in environ:
        raise HandshakeRefused("A handshake has no body.")
    if "upgrade" not in _words(environ, "HTTP_CONNECTION") or _words(environ, "HTTP_UPGRADE") != ["websocket"]:
        raise HandshakeRefused("This is not a WebSocket handshake.")
    if environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13":
        raise HandshakeRefused("Only WebSocket version 13 is spoken here.")
    key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "")
    if not _is_key(key):
        raise HandshakeRefused("The WebSocket key is not valid.")
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None and origin not in _own_origins(environ):
        raise HandshakeRefused("This page belongs to another site.", "403 Forbidden")
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + _answer(key) + b"\r\n\r\n"
    )


def _own_origins(environ: dict[str, Any]) -> tuple[str, ...]:
    """The page's own address, exactly. Behind a proxy that speaks https the scheme is the proxy's to say."""
    return (f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}",)


def _words(environ: dict[str, Any], name: str) -> list[str]:
    return [word.strip().lower() for word in environ.get(name, "").split(",")]


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == KEY_BYTES
    except (binascii.Error, ValueError):
        return False


def _answer(key: str) -> bytes:
    return base64.b64encode(hashlib.sha1(key.encode() + _GUID).digest())  # noqa: S324 - the protocol's own choice
