"""The HTTP API as a document for programs: OpenAPI 3.1. `docs/openapi.json` is its copy; a test holds both equal."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from msgspec import Struct

from app import protocol
from app.web import shapes

Shape = dict[str, Any]

TITLE: Final = "Chatroom"
NOTE: Final = (
    "Read, follow and write in rooms from scripts and bots. Every refusal is JSON,"
    " {ok: false, error: {code, detail, rule?, retry_after_ms?}}: programs read `code`, people read `detail`."
)
BOT: Final[list[Shape]] = [{"bot": []}]
# Whoever may open the room in a browser may read it; a locked room takes a token.
ANYBODY: Final[list[Shape]] = [{}, {"bot": []}]
OPERATOR: Final[list[Shape]] = [{"operator": []}]


class Error(Struct, frozen=True):
    code: str
    detail: str
    rule: str | msgspec.UnsetType = msgspec.UNSET
    retry_after_ms: int | msgspec.UnsetType = msgspec.UNSET


class Refusal(Struct, frozen=True):
    ok: bool
    error: Error


STRUCTS: Final[tuple[type[Struct], ...]] = (
    protocol.HistoryPage,
    protocol.MembersPage,
    Refusal,
    shapes.Post,
    shapes.Hook,
    shapes.Posted,
    shapes.Notice,
    shapes.Noticed,
    shapes.Kick,
    shapes.Kicked,
    shapes.Status,
    shapes.RoomStates,
    shapes.ConnectionStates,
    shapes.Stopping,
)
ABOUT: Final = {
    400: "The request makes no sense; `detail` says what does.",
    401: "The token is missing, unknown or taken back.",
    403: "Not for this token, a locked room, or a page of another site.",
    409: "This client_id was used for another text.",
    413: "More than fits.",
    429: "Too fast: wait `retry_after_ms`.",
    503: "The disk or the database is away, or the server stops: try again after `retry_after_ms`.",
}


def document() -> Shape:
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": str(protocol.VERSION), "description": NOTE},
        "servers": [{"url": "/api/v1"}],
        "paths": _paths(),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "bot": _bearer("Made by `python -m app token NAME --room ROOM`; good in the rooms it names."),
                "operator": _bearer("The content of `operator.token` in the server's data folder."),
            },
        },
    }


def _schemas() -> Shape:
    _, found = msgspec.json.schema_components(STRUCTS, ref_template="#/components/schemas/{name}")
    for name, schema in found.items():
        # Over HTTP it is the status that says whether all is well: only a refusal has it.
        if name != "Refusal":
            schema["properties"].pop("ok", None)
    return dict(sorted(found.items()))


def _paths() -> dict[str, Shape]:
    room = _parameter("room", "path", {"type": "string"}, "The room's address, as it stands after /r/.")
    before = _parameter("before", "query", {"type": "integer", "minimum": 1}, "Messages before this id.")
    after_seq = _parameter("after_seq", "query", {"type": "integer", "minimum": 0}, "Changes after this number.")
    limit = _parameter("limit", "query", {"type": "integer", "minimum": 1}, "At most so many; never more than 200.")
    last = _parameter(
        "Last-Event-ID", "header", {"type": "string"}, "The id of the last event you have; without it, from now on."
    )
    secret = _parameter("secret", "path", {"type": "string"}, "The webhook's own: its address is all it takes to post.")
    after = _parameter("after", "query", {"type": "string"}, "The last name of the page before.")
    page = _json("HistoryPage") | _text("text/plain", "One line for each message: number, time, author, text.")
    stream = _text(
        "text/event-stream", "Events room:head, room:reset, message:posted, message:changed, server:stopping"
    )
    form = {"application/x-www-form-urlencoded": _form("payload", "The same JSON.")}
    return {
        "/openapi.json": {"get": _operation("This document", {"application/json": {"schema": {}}}, [{}], (403, 429))},
        "/rooms/{room}/messages": {
            "parameters": [room],
            "get": _operation(
                "Read a page of a room: the newest, or before a message, or after a change",
                page,
                ANYBODY,
                (400, 401, 403, 429, 503),
                [before, after_seq, limit],
            ),
            "post": _operation("Say something", _json("Posted"), BOT, tuple(ABOUT), body=_json("Post")),
        },
        "/rooms/{room}/events": {
            "parameters": [room],
            "get": _operation(
                "Follow a room live (server-sent events)", stream, ANYBODY, (400, 401, 403, 429, 503), [last]
            ),
        },
        "/hooks/{secret}": {
            "parameters": [secret],
            "post": _operation(
                "Say something through a webhook",
                _json("Posted"),
                [{}],
                (400, 401, 403, 413, 429, 503),
                body=_json("Hook") | form,
            ),
        },
        "/operator/status": {"get": _operated("How the server is", "Status")},
        "/operator/rooms": {"get": _operated("Rooms with somebody in them, or followed", "RoomStates")},
        "/operator/rooms/{room}/members": {
            "parameters": [room],
            "get": _operated("Who is in a room", "MembersPage", [after]),
        },
        "/operator/rooms/{room}/kicks": {
            "parameters": [room],
            "post": _operated("Send somebody out of a room, for ten minutes", "Kicked", body=_json("Kick")),
        },
        "/operator/connections": {"get": _operated("Live connections", "ConnectionStates")},
        "/operator/notices": {
            "post": _operated("Speak as the operator, in a room or in all", "Noticed", body=_json("Notice"))
        },
        "/operator/drain": {
            "post": _operated("Finish what has begun, tell everybody to come back, and end", "Stopping")
        },
    }


def _operated(summary: str, answer: str, parameters: list[Shape] | None = None, body: Shape | None = None) -> Shape:
    return _operation(summary, _json(answer), OPERATOR, (400, 401, 403, 413, 429, 503), parameters, body)


def _operation(
    summary: str,
    content: Shape,
    security: list[Shape],
    refusals: tuple[int, ...],
    parameters: list[Shape] | None = None,
    body: Shape | None = None,
) -> Shape:
    answers: Shape = {"200": {"description": "As asked.", "content": content}}
    answers |= {str(status): {"description": ABOUT[status], "content": _json("Refusal")} for status in refusals}
    found: Shape = {"summary": summary, "security": security, "responses": answers}
    if parameters:
        found["parameters"] = parameters
    if body:
        found["requestBody"] = {"required": True, "content": body}
    return found


def _parameter(name: str, where: str, schema: Shape, meaning: str) -> Shape:
    return {"name": name, "in": where, "required": where == "path", "schema": schema, "description": meaning}


def _json(name: str) -> Shape:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


def _text(kind: str, meaning: str) -> Shape:
    return {kind: {"schema": {"type": "string", "description": meaning}}}


def _form(field: str, meaning: str) -> Shape:
    fields = {field: {"type": "string", "description": meaning}}
    return {"schema": {"type": "object", "required": [field], "properties": fields}}


def _bearer(meaning: str) -> Shape:
    return {"type": "http", "scheme": "bearer", "description": meaning}
