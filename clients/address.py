"""What a person types to be let in: the address of a server, or the link of a room."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit


class WrongAddress(Exception):
    """One sentence: what is wrong with it and what to type instead."""


@dataclass(frozen=True, slots=True)
class Address:
    """`server` is scheme, host and port; `room` the slug, when the link of a room was given."""

    server: str
    room: str | None = None


def parse(typed: str) -> Address:
    """`chat.example.org`, `localhost:8000`, `https://chat.example.org/r/tea`.

    refuses  WrongAddress
    """
    text = typed.strip()
    if not text or any(char.isspace() or ord(char) < 32 for char in text):
        raise WrongAddress("An address looks like http://127.0.0.1:8000, without spaces.")
    try:
        parts = urlsplit(text if "://" in text else f"{_scheme(text)}://{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise WrongAddress(f"{text} is no address: it looks like http://127.0.0.1:8000.") from None
    if parts.scheme not in ("http", "https"):
        raise WrongAddress(f"{text} is no address of a chatroom: it begins with http:// or https://.")
    if not host or parts.username is not None:
        raise WrongAddress(f"{text} names no server: an address looks like http://127.0.0.1:8000.")
    shown = f"[{host}]" if ":" in host else host
    return Address(f"{parts.scheme}://{shown}{f':{port}' if port else ''}", _room(parts))


def _room(parts: SplitResult) -> str | None:
    path = unquote(parts.path).strip("/")
    if not path:
        return None
    folder, _, room = path.partition("/")
    if folder != "r" or not room or "/" in room:
        raise WrongAddress(f"There is no chatroom under /{path}: give the server's address, or a room's link.")
    return room


def _scheme(text: str) -> str:
    """A name of the internet is asked in private; a machine nearby, which rarely has a certificate, is not."""
    host = urlsplit(f"//{text}").hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        is_near = "." not in host or host.endswith((".local", ".lan", ".test")) or urlsplit(f"//{text}").port
        return "http" if is_near else "https"
    return "http"
