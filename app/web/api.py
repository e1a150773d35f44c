"""The HTTP API for scripts and bots. No cookie means anything here: a token does, or nothing."""

from __future__ import annotations

import secrets
from typing import Any, Final

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from app.chat.refusals import PayloadInvalid, TokenInvalid, Unavailable
from app.chat.service import Chat
from app.chat.tokens import Keyring, Kind, Token
from app.transport import streams
from app.transport.doorkeeper import TooMany
from app.web import events, lines, openapi, shapes, wire
from app.web.asking import BODY_BYTES, address, from_zero, json_body, parse, positive
from app.web.draining import Drain
from app.web.following import Followers
from app.web.headers import HEADERS
from app.web.limits import RateLimits
from app.web.relay import Relay

FULL_RETRY_MS: Final = 10_000


def blueprint(
    chat: Chat, keyring: Keyring, followers: Followers, relay: Relay, limits: RateLimits, drain: Drain
) -> Blueprint:
    api = Blueprint("api", __name__, url_prefix="/api/v1")

    @api.before_request
    def pay() -> None:
        limits.spend_page(address())

    def known(secret: str, kind: Kind) -> Token:
        """refuses TokenInvalid; TooFast who guesses on. Whoever has a token is not asked to wait for those."""
        try:
            return keyring.known(secret, kind)
        except TokenInvalid:
            limits.spend("guess", address(), address=address())
            raise

    def reader(slug: str) -> Token | None:
        """Whose token was sent, if one was. refuses TokenInvalid, Forbidden, RoomInvalid, RoomLocked, TooFast"""
        secret = bearer()
        token = known(secret, "bot") if secret is not None else None
        limits.spend("read", token.id if token else address(), address=address())
        if token:
            keyring.check_room(token, slug)
        else:
            chat.approach(slug, "")
        return token

    def post(token: Token, slug: str, body: str, client_id: str | None) -> shapes.Posted:
        limits.spend("message", token.id, address=address(), room=slug)
        with drain:
            message, facts = chat.post(slug, token.member, body, client_id or secrets.token_hex(16))
            relay.tell(facts)
            if not facts:
                relay.remind(slug)
        return shapes.Posted(wire.message(message, own=True), duplicate=not facts)

    @api.get("/openapi.json")
    def document() -> Response:
        return make_response(openapi.document())

    @api.get("/rooms/<slug>/messages")
    def messages(slug: str) -> Response:
        before, limit = (request.args.get(field, type=positive) for field in ("before", "limit"))
        after_seq = request.args.get("after_seq", type=from_zero)
        if before is not None and after_seq is not None:
            raise PayloadInvalid("Ask for what is before a message or after a change, not for both.")
        reader(slug)
        page = chat.history(slug, before, after_seq, limit)
        if request.accept_mimetypes.best_match(["application/json", "text/plain"]) == "text/plain":
            answer = make_response(lines.text(page.messages), {"Content-Type": "text/plain; charset=utf-8"})
        else:
            answer = make_response(wire.answer(wire.history_page(page, None)))
        answer.vary.add("Accept")
        return answer

    @api.get("/rooms/<slug>/events")
    def follow(slug: str) -> Response:
        token = reader(slug)
        last = request.headers.get("Last-Event-ID")
        place = events.place(last) if last else None
        if request.method == "HEAD":
            return Response(headers=events.HEADERS)
        with drain:
            page, is_void = followers.start_page(slug, place)
            # Last of what may wait: a room that is hosted and not listened to is let go. What was said since the page
            # is read by whoever begins to follow.
            relay.host(slug)
            try:
                stream = streams.take(request.environ, [*events.HEADERS, *HEADERS.items()])
            except streams.NoSocket:
                raise Unavailable("not our server") from None
            except TooMany:
                raise Unavailable("too many connections", FULL_RETRY_MS) from None
            followers.follow(stream, page, place, token.id if token else None, is_void=is_void)
        return Response()

    @api.post("/rooms/<slug>/messages")
    def say(slug: str) -> dict[str, Any]:
        token = known(bearer() or "", "bot")
        keyring.check_room(token, slug)
        said = parse(json_body(), shapes.Post)
        return wire.answer(post(token, slug, said.body, said.client_id))

    @api.post("/hooks/<secret>")
    def hook(secret: str) -> dict[str, Any]:
        token = known(secret, "webhook")
        said = parse(hook_body(), shapes.Hook)
        return wire.answer(post(token, token.rooms[0], said.text, None))

    return api


def bearer() -> str | None:
    """The token in the Authorization header; None without one. refuses TokenInvalid for another kind of header"""
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer":
        raise TokenInvalid()
    return secret.strip()


def hook_body() -> bytes:
    """JSON as it is, or the field `payload` of a form. refuses as `json_body`"""
    if request.mimetype != "application/x-www-form-urlencoded":
        return json_body()
    request.max_content_length = request.max_form_memory_size = BODY_BYTES
    if "payload" not in request.form:
        raise PayloadInvalid("The form has no field payload. Or send JSON, and say so: Content-Type: application/json.")
    return request.form["payload"].encode("utf-8", "replace")
