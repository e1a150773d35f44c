"""Forwarded headers count only when a proxy of ours wrote them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import SettingInvalid
from app.transport.addresses import Networks

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class TrustedProxies:
    """Believes the last hop's X-Forwarded-For, -Proto and -Host when it comes from one of `networks`."""

    def __init__(self, app: WSGIApplication, networks: str) -> None:
        self._direct = app
        self._behind_proxy = ProxyFix(app, x_for=1, x_proto=1, x_host=1)
        try:
            self._networks = Networks(networks)
        except ValueError as error:
            raise SettingInvalid(f"CHAT_TRUSTED_PROXIES: {error}.") from None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        is_ours = str(environ.get("REMOTE_ADDR", "")) in self._networks
        return (self._behind_proxy if is_ours else self._direct)(environ, start_response)
