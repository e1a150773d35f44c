"""Error pages: what happened, its code, what to do next. JSON for those who asked for data."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from flask import Flask, make_response, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import BadHost, HTTPException
from werkzeug.wrappers import Response

from app import protocol
from app.chat.refusals import Refusal, Unavailable
from app.web import log
from app.web.words import Words

STATUS_OF: Final = {
    "token_invalid": 401,
    "forbidden": 403,
    "room_locked": 403,
    "name_taken": 409,
    "room_full": 409,
    "client_id_conflict": 409,
    "body_too_long": 413,
    "too_fast": 429,
}

# What went wrong for everybody alike, by status. The words are `error.<status>` and `error.<status>.do`.
CODE_OF: Final = {
    400: "payload_invalid",
    401: "token_invalid",
    403: "forbidden",
    404: "not_found",
    405: "method_invalid",
    409: "conflict",
    413: "body_too_long",
    429: "too_fast",
    500: "server_error",
    503: "unavailable",
}


def register(app: Flask, words: Words, refusals: Counter[str]) -> None:
    """How often each code was said is counted in `refusals`."""

    def refused(no: Refusal) -> Response:
        return say(STATUS_OF.get(no.code, 400), no.code, words.reason(no), no.detail, no.retry_after_ms, no.rule)

    def unavailable(no: Unavailable) -> Response:
        if is_for_programs():
            return say(503, no.code, Markup(), no.detail, no.retry_after_ms)
        return usual(503, no.retry_after_ms)

    def http(error: HTTPException) -> Response:
        if error.response is not None and error.code is not None and error.code < 400:
            return error.get_response()
        return usual(error.code if error.code in CODE_OF else 400)

    def no_host(_: BadHost) -> Response:
        """Without a host no address can be written, and a page is full of them."""
        detail = "The Host of the request cannot be one."
        return make_response(protocol.refused(CODE_OF[400], detail), 400)

    def bug(error: Exception) -> Response:
        # The rule and not the path: an address may hold a secret.
        log.bug(request.url_rule.rule if request.url_rule else "nowhere", error)
        return usual(500)

    def usual(status: int, retry_after_ms: int | None = None) -> Response:
        what_to_do = words.phrase(f"error.{status}.do")
        return say(status, CODE_OF[status], what_to_do, what_to_do.unescape(), retry_after_ms)

    def say(status: int, code: str, *more: Any) -> Response:
        refusals[code] += 1
        return answer(status, code, *more)

    app.register_error_handler(Refusal, refused)
    app.register_error_handler(Unavailable, unavailable)
    app.register_error_handler(BadHost, no_host)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(Exception, bug)


def is_for_programs() -> bool:
    """Whatever a browser says that it accepts: these addresses give data."""
    return request.path.startswith("/api/") or request.path.endswith(("/messages", "/metrics"))


def answer(status: int, code: str, why: Markup, detail: str, retry_after_ms: int | None, rule: str = "") -> Response:
    """`why` for a person's page, `detail` for a program's data."""
    said: str | dict[str, object]
    if request.accept_mimetypes.accept_html and not is_for_programs():
        said = render_template("error.html", status=status, code=code, why=why)
    else:
        said = protocol.refused(code, detail, retry_after_ms, rule)
    response = make_response(said, status)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if retry_after_ms is not None:
        response.headers["Retry-After"] = str(-(-retry_after_ms // 1000))
    return response
