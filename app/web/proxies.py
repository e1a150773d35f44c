"""Forwarded headers count only when a proxy of ours wrote them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import SettingInvalid

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class TrustedProxies:
    """Believes the last hop's X-Forwarded-For, -Proto and -Host when it comes from one of `networks`."""

    def __init__(self, app: WSGIApplication, networks: str) -> None:
        self._direct = app
        self._behind_proxy = ProxyFix(app, x_for=1, x_proto=1, x_host=1)
        self._networks = [_network(each.strip()) for each in networks.split(",") if each.strip()]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        peer = ipaddress.ip_address(str(environ.get("REMOTE_ADDR", "0.0.0.0")).partition("%")[0])  # noqa: S104 - nobody
        # On a socket for both, an IPv4 peer is written as an IPv6 one.
        peer = getattr(peer, "ipv4_mapped", None) or peer
        is_ours = any(peer in network for network in self._networks)
        return (self._behind_proxy if is_ours else self._direct)(environ, start_response)


def _network(text: str) -> Any:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise SettingInvalid(f"CHAT_TRUSTED_PROXIES: {text!r} is not an address or a network.") from None
