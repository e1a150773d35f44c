"""What every answer carries, and what no form from another site gets past."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, request

from app.chat.refusals import Forbidden

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLICY: Final = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ]
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# No browser makes a document of these, and a room asks for fifty of them.
NO_DOCUMENTS: Final = ("text/javascript", "text/css")
OF_ALL: Final = {name: HEADERS[name] for name in ("X-Content-Type-Options", "Cross-Origin-Resource-Policy")}
NO_STORE: Final = {"Cache-Control": "no-store"}
API: Final = "/api/"
SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")


def register(app: Flask) -> None:
    """Around everything, a refused handshake too, which Flask never sees."""
    app.before_request(_refuse_foreign_pages)
    app.wsgi_app = _with_headers(app.wsgi_app)  # type: ignore[assignment, method-assign]


def _refuse_foreign_pages() -> None:
    """A browser says whose page it asks for: none but ours sends a form, or has anything of the HTTP API. refuses
    Forbidden
    """
    if request.method in SAFE_METHODS and not request.path.startswith(API):
        return
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "same-origin")
    is_ours = origin in (None, f"{request.scheme}://{request.host}")
    if not is_ours or site not in ("same-origin", "none"):
        what = "request" if request.path.startswith(API) else "form"
        raise Forbidden("foreign", f"This {what} was sent from another site. Open the page here and try again.")


def _with_headers(app: WSGIApplication) -> WSGIApplication:
    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            given = dict(headers)
            ours = OF_ALL if given.get("Content-Type", "").startswith(NO_DOCUMENTS) else HEADERS
            ours = ours if "Cache-Control" in given else ours | NO_STORE
            return start_response(status, [*headers, *ours.items()], *error)

        return app(environ, begin)

    return serve
