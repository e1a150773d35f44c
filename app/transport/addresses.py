"""Internet addresses: whom one counts for, and which of them are proxies of ours."""

from __future__ import annotations

import ipaddress
from typing import Final

IPv4or6 = ipaddress.IPv4Address | ipaddress.IPv6Address
# A proxy may write anything at all where an address should be.
KEY_CHARS: Final = 64


def key_of(address: str) -> str:
    """Whom an address counts for: IPv4 as it is, IPv6 by its /64, which is one household. Text that is none: itself."""
    found = _read(address)
    if found is None:
        return address[:KEY_CHARS]
    return str(found) if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))


class Networks:
    """Addresses and networks, written with commas between them: 10.0.0.5, 10.1.0.0/16. refuses ValueError, naming one

    `address in networks` asks for one address.
    """

    def __init__(self, text: str) -> None:
        self._networks = [_network(each.strip()) for each in text.split(",") if each.strip()]

    def __contains__(self, address: str) -> bool:
        found = _read(address) if self._networks else None
        return found is not None and any(found in network for network in self._networks)


def _read(address: str) -> IPv4or6 | None:
    """Some proxies write a port behind the address; a link-local one has its link there."""
    text = address.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    # On a socket for both, an IPv4 peer is written as an IPv6 one.
    return getattr(found, "ipv4_mapped", None) or found


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"{text!r} is not an address or a network") from None
