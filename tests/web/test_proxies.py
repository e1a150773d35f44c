import pytest

from app.config import SettingInvalid
from app.web.proxies import TrustedProxies

FORWARDED = {
    "HTTP_X_FORWARDED_FOR": "203.0.113.9",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "chat.example",
    "HTTP_HOST": "127.0.0.1:8000",
    "wsgi.url_scheme": "http",
}


def seen(networks, peer):
    """(address, scheme, host) as the application sees them."""
    found = {}
    TrustedProxies(lambda environ, _start: found.update(environ) or [], networks)(
        {**FORWARDED, "REMOTE_ADDR": peer}, lambda *_: None
    )
    return found["REMOTE_ADDR"], found["wsgi.url_scheme"], found["HTTP_HOST"]


@pytest.mark.parametrize("peer", ["10.0.0.5", "10.1.2.3", "::ffff:10.0.0.5", "fd00::1"])
def test_what_a_proxy_of_ours_forwards_is_believed(peer):
    assert seen("10.0.0.5, 10.1.0.0/16, fd00::/8", peer) == ("203.0.113.9", "https", "chat.example")


@pytest.mark.parametrize("networks", ["", "10.0.0.5"])
@pytest.mark.parametrize("peer", ["10.0.0.6", "127.0.0.1", "::1", "fe80::1%eth0"])
def test_nobody_else_says_who_they_are(networks, peer):
    assert seen(networks, peer) == (peer, "http", "127.0.0.1:8000")


def test_what_is_no_network_stops_the_start():
    with pytest.raises(SettingInvalid, match="CHAT_TRUSTED_PROXIES"):
        TrustedProxies(lambda *_: [], "proxy.example")
