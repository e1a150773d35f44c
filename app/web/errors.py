"""Error pages: what happened, its code, what to do next. JSON for those who asked for data."""

from __future__ import annotations

from typing import Final

from flask import Flask, make_response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app import protocol
from app.chat.refusals import Refusal, Unavailable
from app.web import log

STATUS_OF: Final = {"forbidden": 403, "name_taken": 409, "too_fast": 429, "room_locked": 403, "room_full": 409}

# status: (code, title, what to do)
SAID: Final = {
    400: ("payload_invalid", "That did not make sense", "Go back and try again."),
    403: ("forbidden", "Not allowed", "This form was sent from another site. Open the page here and try again."),
    404: ("not_found", "Nothing here", "Check the address, or find your room in the lobby."),
    405: ("method_invalid", "Not like this", "Open the page by its link instead."),
    409: ("conflict", "Somebody was faster", "Go back and choose something else."),
    413: ("body_too_long", "Too much at once", "Send less, or in parts."),
    429: ("too_fast", "Too fast", "Wait a moment and try again."),
    500: ("server_error", "Our mistake", "It is in the server's log. Try again in a moment."),
    503: ("unavailable", "Back in a moment", "The server cannot reach its messages right now. Try again shortly."),
}


def register(app: Flask) -> None:
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _bug)


def _refused(no: Refusal) -> Response:
    return _page(STATUS_OF.get(no.code, 400), no.code, no.detail, no.retry_after_ms)


def _unavailable(no: Unavailable) -> Response:
    return _page(503, no.code, SAID[503][2], no.retry_after_ms)


def _http(error: HTTPException) -> Response:
    status = error.code if error.code in SAID else 400
    if error.response is not None and error.code is not None and error.code < 400:
        return error.get_response()
    return _page(status, SAID[status][0], SAID[status][2])


def _bug(error: Exception) -> Response:
    log.bug(request.path, error)
    return _page(500, SAID[500][0], SAID[500][2])


def _page(status: int, code: str, detail: str, retry_after_ms: int | None = None) -> Response:
    answer: str | dict[str, object]
    if request.accept_mimetypes.accept_html and not request.path.endswith("/messages"):
        answer = render_template("error.html", status=status, code=code, title=SAID[status][1], detail=detail)
    else:
        answer = protocol.refused(code, detail, retry_after_ms)
    response = make_response(answer, status)
    if retry_after_ms is not None:
        response.headers["Retry-After"] = str(-(-retry_after_ms // 1000))
    return response
