"""Pages, packed for a reader who can unpack: a page is mostly names of files, and three quarters of it is air."""

from __future__ import annotations

import gzip
from typing import Final

from flask import Flask, request
from werkzeug.wrappers import Response

# Beyond this the machine works longer than the line is spared.
LEVEL: Final = 5
LEAST_BYTES: Final = 1024


def register(app: Flask) -> None:
    """A page holds no secret, so that its packed length can give none away to whoever has words put into it."""

    @app.after_request
    def pack(response: Response) -> Response:
        if response.mimetype != "text/html":
            return response
        response.vary.add("Accept-Encoding")
        plain = response.get_data()
        if request.accept_encodings["gzip"] > 0 and len(plain) >= LEAST_BYTES:
            response.set_data(gzip.compress(plain, LEVEL, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
        return response
