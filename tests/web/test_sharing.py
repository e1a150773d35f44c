"""A room's link as a picture: the right link, drawn to be read, and cheap."""

import re
import time
from urllib.parse import quote

import pytest
import segno

from app.chat.refusals import TooFast
from app.config import Settings
from app.web.limits import RateLimits
from app.web.sharing import LINK_BYTES, MASK, qr_code
from tests.live import Server, Visitor, least

MARGIN = 4
WORST_MS = 100


def modules(svg):
    """The dark places of a code, as (column, row)."""
    assert re.fullmatch(r'<svg [^>]*><path fill="#fff" [^>]*/><path stroke="#000" d="[^"]+"/></svg>\s*', svg)
    x = y = 0
    dark = set()
    for verb, across, down in re.findall(r"([Mmh])(-?\d+)(?: (-?[\d.]+))?", svg.rpartition(' d="')[2]):
        if verb == "h":
            dark |= {(x + n, y) for n in range(int(across))}
            x += int(across)
        else:
            x, y = (x + int(across), y + int(float(down))) if verb == "m" else (int(across), int(float(down)))
    return {(column - MARGIN, row - MARGIN) for column, row in dark}


def code_of(link):
    rows = segno.make(link, micro=False, mask=MASK).matrix
    return {(column, row) for row, line in enumerate(rows) for column, is_dark in enumerate(line) if is_dark}


@pytest.mark.parametrize("slug", ["tea", "чай", "🍰"])
def test_the_code_is_that_of_the_link(house, slug):
    visitor = house.visitor()

    reply = visitor.get(f"/r/{quote(slug)}/code.svg")

    assert (reply.status, reply.headers["Content-Type"]) == (200, "image/svg+xml; charset=utf-8")
    assert modules(reply.text) == code_of(f"{visitor.origin}/r/{quote(slug)}")


def test_on_the_servers_own_machine_the_code_is_that_of_the_link_for_others(tmp_path):
    server = Server(tmp_path)
    server.start(CHAT_PUBLIC_URL="http://192.0.2.7:8000")
    try:
        reply = Visitor(server.port).get("/r/tea/code.svg")

        assert modules(reply.text) == code_of("http://192.0.2.7:8000/r/tea")
    finally:
        server.stop()


def test_what_is_no_room_or_no_host_has_no_code(house):
    assert house.visitor().get("/r/Tea/code.svg").status == 400
    assert house.visitor().asks("GET", "/r/tea/code.svg", headers={"Host": "h." * LINK_BYTES}).status == 400


def test_the_longest_link_is_drawn_soon():
    link = f"https://{'h' * 253}/r/{quote('🍰' * 64)}"
    assert len(link) <= LINK_BYTES

    def drawn_in_ms():
        qr_code.cache_clear()
        began = time.thread_time()
        qr_code(link)
        return 1000 * (time.thread_time() - began)

    assert least(WORST_MS, drawn_in_ms) <= WORST_MS


def test_codes_are_drawn_as_often_as_rooms_are_opened(clock):
    limits = RateLimits(Settings(rooms_per_10s=2), clock)
    limits.spend("open", "here", address="here")
    limits.spend("draw", "here", address="here")

    with pytest.raises(TooFast):
        limits.spend("draw", "here", address="here")
