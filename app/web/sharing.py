"""The link of a room as others open it, and its picture for a phone's camera."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Final
from urllib.parse import quote, urlsplit

import segno
from flask import Blueprint, request
from werkzeug.wrappers import Response

from app.chat import rooms
from app.chat.refusals import PayloadInvalid
from app.config import Settings
from app.web.asking import address
from app.web.limits import RateLimits

# A room's name of emoji behind the longest host name there is.
LINK_BYTES: Final = 1_100
# The standard asks for the best looking of eight. Any of them is read; to choose takes five times as long as to draw.
MASK: Final = 0


def blueprint(limits: RateLimits, settings: Settings) -> Blueprint:
    sharing = Blueprint("sharing", __name__)

    @sharing.get("/r/<slug>/code.svg")
    def code(slug: str) -> Response:
        limits.spend("draw", address(), address=address())
        rooms.require_slug(slug)
        link = f"{origin(settings) or request.host_url.rstrip('/')}/r/{quote(slug)}"
        if len(link) > LINK_BYTES:
            raise PayloadInvalid("No host has so long a name.")
        return Response(qr_code(link), mimetype="image/svg+xml")

    return sharing


def origin(settings: Settings) -> str:
    """Where others open this server, if the browser's own address would lead them to their own machine; else empty."""
    return settings.public_url if is_loopback(request.host) else ""


def is_loopback(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    return name == "localhost" or name == "::1" or name.startswith("127.")


@lru_cache(maxsize=256)
def qr_code(link: str) -> bytes:
    """An SVG in black on white, with the margin that a camera needs."""
    drawn = io.BytesIO()
    code = segno.make(link, micro=False, mask=MASK)
    code.save(drawn, kind="svg", light="#fff", xmldecl=False, omitsize=True, svgclass=None, lineclass=None)
    return drawn.getvalue()
