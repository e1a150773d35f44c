"""The server process: a listener, eventlet's WSGI server on it, and an orderly stop."""

from __future__ import annotations

import errno
import os
import signal
import socket
from collections.abc import Callable
from typing import Any

import eventlet
import eventlet.wsgi
from eventlet import patcher
from eventlet.greenio import GreenSocket

from app.transport.doorkeeper import Doorkeeper
from app.transport.http import Protocol

BACKLOG = 1024
GIVEN_FD = 3
# Otherwise the kernel lets megabytes pile up for each client that does not read, before our own limit even begins.
UNSENT_BYTES = 128 * 1024
STOP_WITHIN_S = 9
# The last also when the terminal is closed; a service manager that sends it to reload starts us anew.
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def given() -> socket.socket | None:
    """The listening socket that a service manager holds for us, if it does. source: sd_listen_fds(3)

    fails  OSError when it is not one TCP socket
    """
    if os.environ.pop("LISTEN_PID", "") != str(os.getpid()):
        return None
    os.environ.pop("LISTEN_FDNAMES", None)
    if os.environ.pop("LISTEN_FDS", "") != "1":
        raise OSError(errno.EINVAL, "systemd holds more than one socket for us")
    found: socket.socket = GreenSocket(fileno=GIVEN_FD)
    if found.family not in (socket.AF_INET, socket.AF_INET6) or found.type != socket.SOCK_STREAM:
        raise OSError(errno.EINVAL, "systemd holds a socket for us that is not a TCP one")
    found.set_inheritable(False)
    return _listening(found)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. fails OSError when the address is taken or not ours"""
    return _listening(_bound(host, port))


def listen_beside(host: str, port: int) -> socket.socket:
    """One of several on an address: the kernel gives each of them its share. fails OSError as `listen`"""
    return _listening(bind_beside(host, port))


def bind_beside(host: str, port: int) -> socket.socket:
    """Keeps an address for others who listen `beside`, and is given no connection itself. fails OSError as `listen`"""
    return _bound(host, port, socket.SO_REUSEPORT)


def _bound(host: str, port: int, *options: int) -> socket.socket:
    found: socket.socket = GreenSocket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    for option in (socket.SO_REUSEADDR, *options):
        found.setsockopt(socket.SOL_SOCKET, option, 1)
    try:
        found.bind((host, port))
    except OSError:
        found.close()
        raise
    return found


def _listening(listener: socket.socket) -> socket.socket:
    # Accepted sockets inherit it; without it small frames wait 40 ms for each other.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UNSENT_BYTES)
    listener.listen(BACKLOG)
    return listener


def serve(
    app: Callable[..., Any], listener: socket.socket, doorkeeper: Doorkeeper, stopping: Callable[[], None]
) -> None:
    """Serve until one of STOPPING; then accept nobody, call `stopping`, return. A second signal ends it at once."""
    server = eventlet.spawn(
        eventlet.wsgi.server,
        listener,
        app,
        custom_pool=doorkeeper,
        # Otherwise a traceback goes to whoever caused it.
        debug=False,
        protocol=type("Guarded", (Protocol,), {"doorkeeper": doorkeeper}),
        log_output=False,
    )
    _wait_for_signal()
    listener.close()
    with eventlet.Timeout(STOP_WITHIN_S, False):
        stopping()
    server.kill()


def ask_to_stop() -> None:
    """As whoever manages this process would. Returns at once."""
    os.kill(os.getpid(), signal.SIGTERM)


def ask_all_to_stop() -> None:
    """The same for this process and those beside it: their supervisor is asked."""
    os.kill(os.getppid(), signal.SIGTERM)


def _wait_for_signal() -> None:
    """A greenlet started from a signal handler does not wake the hub; a byte in a pipe does."""
    unpatched = patcher.original("os")
    reader, writer = unpatched.pipe()
    # Whoever started us with nohup wants no end with the terminal.
    heeded = [number for number in STOPPING if signal.getsignal(number) is not signal.SIG_IGN]
    for number in heeded:
        signal.signal(number, lambda *_: unpatched.write(writer, b"!"))
    eventlet.hubs.trampoline(reader, read=True)
    for number in heeded:
        signal.signal(number, signal.SIG_DFL)
    unpatched.close(reader)
    unpatched.close(writer)
