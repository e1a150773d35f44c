"""How many may be connected, in all and from one address. One too many is turned away at once."""

from __future__ import annotations

import ipaddress
import resource
import socket
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import eventlet
from eventlet.greenthread import GreenThread

# Files that are not clients: the database, the log, what is served from disk.
SPARE_FILES: Final = 200
_REFUSAL: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 10\r\nContent-Length: 0\r\n\r\n"
)


class Doorkeeper(eventlet.GreenPool):  # type: ignore[misc]
    """The pool that eventlet's server starts its greenlets in, so the one place every accepted socket passes."""

    def __init__(self, most: int, most_per_address: int) -> None:
        self.most = min(most, _allowed_files() - SPARE_FILES)
        self._most_per_address = most_per_address
        self._count = 0
        self._by_address: Counter[str] = Counter()
        # Never the limit itself: a full pool would stop accepting and leave everybody waiting.
        super().__init__(self.most + SPARE_FILES)

    def spawn(self, serve: Callable[..., Any], state: list[Any], *more: Any) -> GreenThread:
        """`state` is eventlet's for one connection: [address, socket, …]."""
        address = key_of(state[0])
        if self._count >= self.most or self._by_address[address] >= self._most_per_address:
            return super().spawn(_turn_away, state[1])
        self._add(address)
        return super().spawn(self._serve, address, serve, state, *more)

    def take_over(self, peer: tuple[Any, ...]) -> Callable[[], None]:
        """A connection outlives its greenlet: it counts until what is returned here is called."""
        address = key_of(peer)
        self._add(address)
        return lambda: self._remove(address)

    def _serve(self, address: str, serve: Callable[..., Any], *arguments: Any) -> None:
        try:
            serve(*arguments)
        finally:
            self._remove(address)

    def _add(self, address: str) -> None:
        self._count += 1
        self._by_address[address] += 1

    def _remove(self, address: str) -> None:
        self._count -= 1
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]


def key_of(peer: tuple[Any, ...]) -> str:
    """Whom an address counts for: IPv4 as it is, IPv6 by its /64, which is one household."""
    address = ipaddress.ip_address(str(peer[0]).partition("%")[0])
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def _turn_away(sock: socket.socket) -> None:
    try:
        sock.settimeout(1)
        sock.sendall(_REFUSAL)
    except OSError:
        pass


def _allowed_files() -> int:
    """How many files this process may open, after asking for as many as it may ask for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
