"""HTTP as we let it in: a header in time, an address in ASCII, no Transfer-Encoding; and a socket to be taken over."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Final

import eventlet
from eventlet import wsgi

from app import protocol
from app.transport.doorkeeper import Doorkeeper

HEADER_WITHIN_S: Final = 10
ANSWER_WITHIN_S: Final = 60
_REFUSED: Final = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Protocol(wsgi.HttpProtocol):  # type: ignore[misc]
    """One TCP connection while it speaks HTTP."""

    # Most connections become WebSockets and never use these again.
    rbufsize = 4096
    wbufsize = 4096
    is_taken = False
    doorkeeper: Doorkeeper

    def handle_one_request(self) -> None:
        self._deadline = eventlet.Timeout(HEADER_WITHIN_S)
        try:
            super().handle_one_request()
        except (eventlet.Timeout, OSError):
            # Too slow, or gone before we could say that it makes no sense.
            self.close_connection = True
        finally:
            self._deadline.cancel()

    def handle_one_response(self) -> None:
        """The header is read; the body and the answer get their own time."""
        self._deadline.cancel()
        if self.environ.get("HTTP_TRANSFER_ENCODING") is not None or not self.path.isascii():
            self.send_error(400)
            return
        if self.environ.get("CONTENT_LENGTH", "0") != "0" or self.path.startswith(protocol.PATH):
            # Not to be used again, or we would wait for the rest of a body, or for a client that polls.
            self.close_connection = True
        self.environ["chat.take_socket"] = self._take_socket
        self._deadline = eventlet.Timeout(ANSWER_WITHIN_S)
        super().handle_one_response()

    def send_error(self, *_what: object) -> None:
        """Not HTTP. The library's own answer would be a page that quotes it and a line in the log, each time."""
        self.wfile.write(_REFUSED)
        self.wfile.flush()
        self.close_connection = True

    def _take_socket(self, client: str) -> tuple[socket.socket, Callable[[], None]]:
        """The bare socket, non-blocking and no longer this server's to close; and what to call once it is closed.

        client   the address it is for
        refuses  TooMany
        """
        release = self.doorkeeper.take_over(str(self.client_address[0]), client)
        bare = self.connection.fd
        self.is_taken = True
        self.conn_state[1] = _Nothing()
        # A green socket closes its descriptor when it is collected, so the descriptor moves to another one.
        taken: socket.socket = type(bare)(fileno=bare.detach())
        return taken, release

    def finish(self) -> None:
        if not self.is_taken:
            super().finish()


class _Nothing:
    """Stands where the taken socket stood: eventlet closes what it finds there."""

    def shutdown(self, _how: int) -> None: ...

    def close(self) -> None: ...
