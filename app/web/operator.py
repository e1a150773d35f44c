"""What whoever runs the server sees and does while it runs. With the token in the data folder, and nothing else."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, request

from app import protocol
from app.chat import rooms
from app.chat.refusals import TokenInvalid
from app.chat.service import Chat
from app.web import log, shapes, wire
from app.web.api import bearer
from app.web.asking import address, json_body, parse
from app.web.crowds import Crowds
from app.web.draining import Drain
from app.web.following import Followers
from app.web.limits import RateLimits
from app.web.relay import Relay
from app.web.sockets import Callers

SHOWN: Final = 200


def blueprint(
    chat: Chat,
    callers: Callers,
    followers: Followers,
    relay: Relay,
    crowds: Crowds,
    drain: Drain,
    check_operator: Callable[[], None],
    stop: Callable[[], None],
) -> Blueprint:
    """`check_operator` is `checking(…)`. `stop` ends the server in an orderly way; it returns at once."""
    operator = Blueprint("operator", __name__, url_prefix="/api/v1/operator")
    operator.before_request(check_operator)

    @operator.get("/status")
    def status() -> dict[str, Any]:
        here = chat.peopled()
        found = shapes.Status(len(callers), followers.count(), len(here), sum(here.values()), drain.has_begun)
        return wire.answer(found)

    @operator.get("/rooms")
    def rooms_now() -> dict[str, Any]:
        here = chat.peopled()
        slugs = sorted({*here, *followers.rooms()}, key=lambda slug: (-here.get(slug, 0), slug))
        return wire.answer(
            shapes.RoomStates([state(slug, here.get(slug, 0)) for slug in slugs[:SHOWN]], len(slugs) > SHOWN)
        )

    def state(slug: str, count: int) -> shapes.RoomState:
        room = chat.room(slug)
        return shapes.RoomState(slug, room.title, count, followers.count(slug), room.is_locked)

    @operator.get("/rooms/<slug>/members")
    def members(slug: str) -> dict[str, Any]:
        here = chat.members(rooms.require_slug(slug))
        page, more = crowds.page(here, request.args.get("after"))
        return wire.answer(protocol.MembersPage([wire.member(each) for each in page], len(here), more))

    @operator.get("/connections")
    def connections() -> dict[str, Any]:
        newest = list(callers.values())[: -SHOWN - 1 : -1]
        shown = [
            shapes.ConnectionState(each.address, each.member_id, chat.rooms_of(each.connection)) for each in newest
        ]
        return wire.answer(shapes.ConnectionStates(len(callers), shown, len(callers) > SHOWN))

    @operator.post("/notices")
    def notice() -> dict[str, Any]:
        said = parse(json_body(), shapes.Notice)
        client_id = said.client_id or secrets.token_hex(16)
        told = [said.room] if said.room is not None else sorted(chat.peopled())
        is_new = False
        with drain:
            for slug in told:
                message, facts = chat.announce(slug, said.body, client_id)
                relay.tell(facts)
                is_new |= message.id == 1
        log.event("notice", address(), rooms=len(told), room=said.room or "")
        return wire.answer(shapes.Noticed(told, is_new))

    @operator.post("/rooms/<slug>/kicks")
    def kick(slug: str) -> dict[str, Any]:
        # Somebody sent out here only would be back by another door.
        relay.check_reach()
        member, facts = chat.kick(slug, parse(json_body(), shapes.Kick).name)
        relay.tell(facts)
        log.event("kick", address(), room=slug, member=member.id, name=member.name)
        return wire.answer(shapes.Kicked(wire.member(member)))

    @operator.post("/drain")
    def end() -> dict[str, Any]:
        log.event("drain", address())
        stop()
        return wire.answer(shapes.Stopping(len(callers)))

    return operator


def checking(token: bytes, limits: RateLimits) -> Callable[[], None]:
    """What lets only requests with the operator's token pass. Those who guess wait for each other, and the operator for
    none of them.
    """
    expected = hashlib.sha256(token).digest()

    def check_operator() -> None:
        """refuses TokenInvalid, TooFast"""
        try:
            given = hashlib.sha256((bearer() or "").encode("utf-8", "replace")).digest()
            if not hmac.compare_digest(given, expected):
                raise TokenInvalid()
        except TokenInvalid:
            limits.spend("guess", address(), address=address())
            raise
        limits.spend("operate", "operator")

    return check_operator
