"""Static files: an address that changes with their content, so a browser keeps them for good and asks once.

A page that was opened before an update goes on asking under the version it came with. It gets the file as it is now, to
be kept by nobody: most of what is fetched on first use has not changed, and what has may fit.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from functools import cache
from pathlib import Path
from typing import Final

from flask import Blueprint, Flask, abort, request
from werkzeug.wrappers import Response

from app.web.lean import lean

YEAR_S: Final = 365 * 24 * 3600
# Pictures and fonts are packed already.
PACKED_WELL: Final = (".css", ".html", ".js", ".json", ".svg", ".txt", ".webmanifest")
LEAST_BYTES: Final = 256
VERSION_BYTES: Final = 6
VERSION: Final = re.compile(rf"[0-9a-f]{{{2 * VERSION_BYTES}}}")


def register(app: Flask, folder: Path) -> None:
    """`url_for('static', filename=…)` gives `/static/<version>/<filename>`, and relative imports stay in there."""
    current = version_of(folder)
    files = Blueprint("assets", __name__)

    @files.get("/static/<path:filename>")
    def file(filename: str) -> Response:
        version, _, rest = filename.partition("/")
        path = _found(folder, rest if VERSION.fullmatch(version) else filename)
        if path is None:
            abort(404)
        return _answer(path, is_final=version == current)

    app.register_blueprint(files)
    app.add_url_rule("/static/<version>/<path:filename>", "static", build_only=True, defaults={"version": current})


def version_of(folder: Path) -> str:
    """Another word whenever any file is another."""
    digest = hashlib.blake2s(digest_size=VERSION_BYTES)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _found(folder: Path, filename: str) -> Path | None:
    try:
        path = (folder / filename).resolve()
        return path if path.is_relative_to(folder) and path.is_file() else None
    except (OSError, ValueError):
        # A name that no file system takes: with NUL in it, or too long.
        return None


def _answer(path: Path, *, is_final: bool) -> Response:
    wants_packed = request.accept_encodings["gzip"] > 0 and path.suffix in PACKED_WELL
    body, is_packed, tag = _content(path, path.stat().st_mtime_ns, wants_packed)
    # A page says that it is UTF-8, and so is all that it asks for.
    response = Response(body, content_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream")
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    if is_final:
        response.headers["Cache-Control"] = f"max-age={YEAR_S}, immutable"
        return response
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(tag)
    return response.make_conditional(request.environ)


@cache
def _content(path: Path, _mtime_ns: int, wants_packed: bool) -> tuple[bytes, bool, str]:
    """A file's bytes as they travel, packed if that was asked for and helps, and a word for them. Read once: the files
    are few and small.
    """
    plain = lean(path, path.read_bytes())
    if wants_packed and len(plain) >= LEAST_BYTES:
        packed = gzip.compress(plain, 9, mtime=0)
        if len(packed) < len(plain):
            return packed, True, _word(packed)
    return plain, False, _word(plain)


def _word(content: bytes) -> str:
    return hashlib.blake2s(content, digest_size=VERSION_BYTES).hexdigest()
