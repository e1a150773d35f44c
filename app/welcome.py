"""What the server says when it is up: where to open it, and how to let others in."""

from __future__ import annotations

import io
import ipaddress
import socket
from collections.abc import Callable

import segno

# An address for documentation: connecting a UDP socket to it sends nothing and shows which of ours would be used.
ELSEWHERE = ("192.0.2.1", 9)


def show(host: str, port: int, say: Callable[[str], None]) -> None:
    if not _is_everywhere(host):
        say(f"\nOpen {_url(host, port)}")
        say("To let others on your network in: python -m app --lan (or make run ARGS=--lan)\n")
        return
    say(f"\nOpen {_url('127.0.0.1', port)}")
    address = own_address()
    if address is None:
        say("This machine has no network address that others could open.\n")
        return
    say(f"Others on your network open {_url(address, port)}\n")
    say(qr_code(_url(address, port)))


def own_address() -> str | None:
    """The address others on the network reach this machine at; None without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
        except OSError:
            return None
        address: str = probe.getsockname()[0]
    return None if ipaddress.ip_address(address).is_loopback else address


def qr_code(text: str) -> str:
    """A code for a phone's camera, drawn with the terminal's own blocks."""
    drawn = io.StringIO()
    segno.make(text, micro=False).terminal(out=drawn, compact=True)
    return drawn.getvalue()


def _is_everywhere(host: str) -> bool:
    return host in ("", "0.0.0.0", "::")  # noqa: S104 - only compared


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
