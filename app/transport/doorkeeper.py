"""How many may be connected, in all and from one address. One too many is turned away at once."""

from __future__ import annotations

import resource
import socket
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import eventlet
from eventlet.greenthread import GreenThread

from app.transport.addresses import Networks, key_of

# Files that are not clients: the database, the log, what is served from disk.
SPARE_FILES: Final = 200
_REFUSAL: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 10\r\nContent-Length: 0\r\n\r\n"
)


class TooMany(Exception):
    """As many as may be are connected from this address."""


class Doorkeeper(eventlet.GreenPool):  # type: ignore[misc]
    """The pool that eventlet's server starts its greenlets in, so the one place every accepted socket passes.

    A proxy of ours stands for everybody behind it: it counts for all, not as an address. Whom it forwards for is known
    at the handshake, and counted there.
    """

    def __init__(self, most: int, most_per_address: int, proxies: Networks) -> None:
        self.most = min(most, _allowed_files() - SPARE_FILES)
        self._most_per_address = most_per_address
        self._proxies = proxies
        self._count = 0
        self._by_address: Counter[str] = Counter()
        # Never the limit itself: a full pool would stop accepting and leave everybody waiting.
        super().__init__(self.most + SPARE_FILES)

    def spawn(self, serve: Callable[..., Any], state: list[Any], *more: Any) -> GreenThread:
        """`state` is eventlet's for one connection: [address, socket, …]."""
        key = self._key_of(str(state[0][0]))
        if self._count >= self.most or self._is_full(key):
            return super().spawn(_turn_away, state[1])
        self._add(key)
        return super().spawn(self._serve, key, serve, state, *more)

    def take_over(self, peer: str, client: str) -> Callable[[], None]:
        """A connection outlives its greenlet: it counts until what is returned here is called.

        peer     who is connected
        client   for whom: another address only behind a proxy of ours
        refuses  TooMany
        """
        key = self._key_of(client)
        if peer in self._proxies and self._is_full(key):
            raise TooMany()
        self._add(key)
        return lambda: self._remove(key)

    def _serve(self, key: str | None, serve: Callable[..., Any], *arguments: Any) -> None:
        try:
            serve(*arguments)
        finally:
            self._remove(key)

    def _key_of(self, address: str) -> str | None:
        return None if address in self._proxies else key_of(address)

    def _is_full(self, key: str | None) -> bool:
        return key is not None and self._by_address[key] >= self._most_per_address

    def _add(self, key: str | None) -> None:
        self._count += 1
        if key is not None:
            self._by_address[key] += 1

    def _remove(self, key: str | None) -> None:
        self._count -= 1
        if key is not None:
            self._by_address[key] -= 1
            if not self._by_address[key]:
                del self._by_address[key]


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
