"""The room that somebody means by its name. The server makes the address of it, as its lobby does."""

from __future__ import annotations

import http.client
import json
import re
from urllib.parse import unquote, urlencode, urlsplit

from clients.address import WrongAddress

_WITHIN_S = 3
_PLAIN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_ROOM = "/r/"


def room(server: str, typed: str) -> str:
    """Its address: `Tea Party!` is tea-party. While the server is away, near enough: it has the last word.

    refuses  WrongAddress, in the server's words
    """
    near = "-".join(typed.casefold().split())
    if not near or _PLAIN.match(near):
        return near
    try:
        return _asked(server, typed)
    except (OSError, http.client.HTTPException, ValueError):
        return near


def _asked(server: str, typed: str) -> str:
    parts = urlsplit(server)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    line = kind(parts.hostname or "", parts.port, timeout=_WITHIN_S)
    try:
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        line.request("POST", "/rooms", urlencode({"room": typed}, errors="replace"), headers)
        reply = line.getresponse()
        said, found = reply.read(), urlsplit(reply.headers.get("Location", "")).path
    finally:
        line.close()
    if reply.status == http.HTTPStatus.BAD_REQUEST:
        raise WrongAddress(str(json.loads(said)["error"]["detail"]))
    if not found.startswith(_ROOM):
        raise ValueError(found)
    return unquote(found.removeprefix(_ROOM))
