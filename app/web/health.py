"""For whoever watches the server: alive, and able to serve."""

from __future__ import annotations

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from app.chat.refusals import Unavailable
from app.chat.service import Chat
from app.web.draining import Drain


def blueprint(chat: Chat, drain: Drain) -> Blueprint:
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def alive() -> tuple[str, int, dict[str, str]]:
        return "ok\n", 200, {"Content-Type": "text/plain"}

    @health.get("/readyz")
    def ready() -> tuple[Response, int]:
        if drain.has_begun:
            return jsonify(ready=False, server="stopping"), 503
        try:
            chat.ping()
        except Unavailable:
            return jsonify(ready=False, database="away"), 503
        return jsonify(ready=True, database="ok"), 200

    return health
