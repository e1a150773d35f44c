"""For whoever watches the server: alive, and able to serve."""

from __future__ import annotations

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from app.chat.ports import Bus
from app.chat.refusals import Unavailable
from app.chat.service import Chat
from app.web.draining import Drain


def blueprint(chat: Chat, bus: Bus, drain: Drain) -> Blueprint:
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
        return jsonify(ready=True, database="ok", **among_others(bus)), 200

    return health


def among_others(bus: Bus) -> dict[str, str | bool]:
    """Whether the other processes are heard; nothing where there are none. Who hears nobody still serves: what the
    others say is read from the database, seconds later.
    """
    if not bus.is_shared:
        return {}
    return {"redis": "ok"} if bus.is_well else {"redis": "away", "degraded": True}
