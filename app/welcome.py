"""What the server says when it is up: where to open it, and how to let others in."""

from __future__ import annotations

import io
import ipaddress
import socket
from collections.abc import Callable

import segno

# An address for documentation: connecting a UDP socket to it sends nothing and shows which of ours would be used.
ELSEWHERE = ("192.0.2.1", 9)


def show(host: str, port: int, public_url: str, say: Callable[[str], None]) -> None:
    everywhere = _is_everywhere(host)
    say(f"\nOpen {_url('127.0.0.1' if everywhere else host, port)}/")
    if public_url:
        say(f"Others on your network open {public_url}/\n")
        say(qr_code(f"{public_url}/"))
    elif everywhere:
        say("This machine has no network address that others could open.\n")
    else:
        say("To let others on your network in: python -m app --lan (or make run ARGS=--lan)\n")


def public_url(host: str, port: int) -> str:
    """Where others on the network open a server that listens everywhere; empty when it does not, or there is none."""
    address = own_address() if _is_everywhere(host) else None
    return _url(address, port) if address else ""


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
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
