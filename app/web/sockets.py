"""The live door: what happens on each event of `app/protocol.py`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from app import protocol
from app.chat.refusals import PayloadInvalid, Refusal, Unavailable, UpgradeRequired
from app.chat.service import Chat
from app.config import Settings
from app.transport import live as transport
from app.transport.addresses import key_of
from app.transport.live import Live, Newcomer
from app.web import log, wire
from app.web.admission import Admission
from app.web.crowds import Crowds
from app.web.draining import Drain
from app.web.identity import Identity
from app.web.kicks import Kicks
from app.web.limits import RateLimits
from app.web.relay import Relay

P = TypeVar("P", bound=protocol.Payload)
Answer = msgspec.Struct | bytes
EVENT_OF = {model: event for event, model in protocol.CLIENT_EVENTS.items()}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who speaks, over which connection, from where. `token` is given to native clients; a browser has its cookie."""

    member_id: str
    connection: str
    address: str
    token: str | None


# By connection.
Callers = dict[str, Caller]


def open_door(
    chat: Chat,
    live: Live,
    callers: Callers,
    relay: Relay,
    kicks: Kicks,
    crowds: Crowds,
    identity: Identity,
    limits: RateLimits,
    admission: Admission,
    drain: Drain,
    refusals: Counter[str],
    settings: Settings,
) -> None:
    """Listen to every event of the wire, and refuse the rest. Whoever is connected stands in `callers`, and how often
    each code was said in `refusals`.
    """

    def on(model: type[P]) -> Callable[[Callable[[P, Caller], Answer]], None]:
        event = EVENT_OF[model]

        def listen(handler: Callable[[P, Caller], Answer]) -> None:
            def answer(connection: str, *arguments: Any) -> Any:
                try:
                    with drain:
                        return handler(parse(model, arguments), callers[connection])
                except Exception as error:  # noqa: BLE001 - a bug is told and contained
                    return counted(_refusal(event, error))

            live.on(event, model, answer)

        return listen

    def counted(refusal: dict[str, Any]) -> dict[str, Any]:
        refusals[refusal["error"]["code"]] += 1
        return refusal

    def decide(newcomer: Newcomer, auth: Any) -> None:
        try:
            hello = parse(protocol.Auth, (auth,))
            if hello.v != protocol.VERSION:
                raise UpgradeRequired(f"This server speaks version {protocol.VERSION}. Reload the page.")
        except Refusal as no:
            refusals[no.code] += 1
            raise transport.refused(no.code, no.detail) from None
        connection, address = newcomer.connection, key_of(newcomer.address)
        if "token" in newcomer.session:
            caller = Caller(identity.of_browser(newcomer.session), connection, address, None)
        else:
            token = hello.token if hello.token and identity.is_ours(hello.token) else identity.new_token()
            caller = Caller(identity.member_id(token), connection, address, token)
        callers[connection] = caller
        log.event("connect", address, connection=connection, member=caller.member_id, address=newcomer.address)

    def ready(connection: str) -> None:
        caller = callers[connection]
        live.tell(connection, "session:ready", wire.session_ready(caller.member_id, caller.token, settings))
        if relay.is_degraded:
            live.tell(connection, "server:changed", protocol.ServerChanged(True))

    def gone(connection: str, why: str, was_sent_away: bool) -> None:
        caller = callers.pop(connection, None)
        if caller:
            chat.drop(connection, at_once=was_sent_away)
            log.event("disconnect", caller.address, connection=connection, member=caller.member_id, why=why)

    def pay_in_room(verb: str, me: Caller, room: str) -> None:
        """refuses NotInRoom, TooFast"""
        # First of all: strangers must not use up what a room's members have.
        chat.check_here(room, me.member_id)
        limits.spend(verb, me.member_id, me.connection, me.address, room)

    @on(protocol.RoomJoin)
    def on_room_join(payload: protocol.RoomJoin, me: Caller) -> protocol.RoomJoined:
        limits.spend("join", me.member_id, me.connection, me.address)
        kicks.check(payload.room, me.member_id)
        admission.enter()
        member, facts = chat.join(payload.room, me.member_id, payload.name, me.connection)
        relay.host(payload.room)
        if me.connection not in callers:
            # It ended while the store was read: nobody would ever drop it again.
            chat.drop(me.connection)
            raise Unavailable("the connection ended")
        # Only now, decided: a refused guest must not hear the room. The snapshot comes after, so nothing falls between.
        live.subscribe(me.connection, payload.room)
        relay.tell(facts)
        if facts:
            log.event("join", me.address, room=payload.room, member=member.id, name=member.name)
        cursor = (payload.since.epoch, payload.since.seq) if payload.since else None
        # A page has warned already, and who comes back was warned.
        snapshot = chat.snapshot(payload.room, cursor, warns_of_alike=me.token is not None and not cursor)
        # From here to the answer nothing may wait, or what others do meanwhile would be told before it.
        is_crowd = crowds.has(payload.room, len(snapshot.members))
        return wire.room_joined(snapshot, member, is_crowd=is_crowd)

    @on(protocol.RoomLeave)
    def on_room_leave(payload: protocol.RoomLeave, me: Caller) -> protocol.RoomLeft:
        # The address does not pay: nobody is kept in a room by what others do.
        limits.spend("leave", me.member_id, me.connection)
        facts = chat.leave(payload.room, me.member_id, me.connection)
        live.unsubscribe(me.connection, payload.room)
        relay.tell(facts)
        for fact in facts:
            log.event("leave", me.address, room=fact.room, member=fact.member.id, name=fact.member.name, why="left")
        return protocol.RoomLeft()

    @on(protocol.NameChange)
    def on_name_change(payload: protocol.NameChange, me: Caller) -> protocol.NameChanged:
        pay_in_room("rename", me, payload.room)
        member, facts = chat.rename(payload.room, me.member_id, payload.name)
        relay.tell(facts)
        log.event("rename", me.address, room=payload.room, member=member.id, name=member.name)
        return protocol.NameChanged(wire.member(member))

    @on(protocol.MessageSend)
    def on_message_send(payload: protocol.MessageSend, me: Caller) -> bytes:
        pay_in_room("message", me, payload.room)
        message, facts = chat.say(payload.room, me.member_id, payload.body, payload.client_id)
        encoded = wire.encoded(message)
        if facts:
            relay.post(message, encoded)
        else:
            relay.remind(message.room)
        return wire.message_sent(encoded, duplicate=not facts)

    @on(protocol.HistoryFetch)
    def on_history_fetch(payload: protocol.HistoryFetch, me: Caller) -> protocol.HistoryPage:
        if sum(place is not None for place in (payload.before, payload.after, payload.after_seq)) > 1:
            raise PayloadInvalid("Ask for what is before a message, after a message or after a change: one of them.")
        # Over the live connection only those inside read a room.
        chat.check_here(payload.room, me.member_id)
        limits.spend("read", me.member_id, me.connection, me.address)
        page = chat.history(payload.room, payload.before, payload.after_seq, payload.limit, payload.after)
        return wire.history_page(page, me.member_id)

    @on(protocol.TypingStart)
    def on_typing_start(payload: protocol.TypingStart, me: Caller) -> protocol.TypingNoted:
        pay_in_room("typing", me, payload.room)
        relay.tell(chat.typing(payload.room, me.member_id))
        return protocol.TypingNoted()

    @on(protocol.MembersList)
    def on_members_list(payload: protocol.MembersList, me: Caller) -> protocol.MembersPage:
        chat.check_here(payload.room, me.member_id)
        limits.spend("read", me.member_id, me.connection, me.address)
        here = chat.members(payload.room)
        page, more = crowds.page(here, payload.after)
        return protocol.MembersPage([wire.member(each) for each in page], len(here), more)

    def on_unknown(event: str, connection: str, *arguments: Any) -> Any:
        return counted(protocol.refused("payload_invalid", "There is no such event."))

    live.on_connect(decide, ready)
    live.on_disconnect(gone)
    live.on_unknown(on_unknown)


def parse(model: type[P], arguments: tuple[Any, ...]) -> P:
    """The one JSON object of an event. refuses PayloadInvalid, naming the field"""
    if len(arguments) == 1 and isinstance(arguments[0], model):
        return arguments[0]
    if len(arguments) != 1 or not isinstance(arguments[0], dict):
        raise PayloadInvalid("An event carries one JSON object.")
    try:
        return msgspec.convert(arguments[0], model)
    except msgspec.ValidationError as error:
        raise PayloadInvalid(f"{error}.") from None
    except UnicodeEncodeError:
        # A field's name with a lone surrogate, which msgspec cannot even name.
        raise PayloadInvalid("Object contains an unknown field.") from None


def _refusal(event: str, error: Exception) -> dict[str, Any]:
    """Why not, as an ack."""
    if isinstance(error, Refusal):
        return protocol.refused(error.code, error.detail, error.retry_after_ms, error.rule, error.free)
    if isinstance(error, Unavailable):
        return protocol.refused(error.code, error.detail, error.retry_after_ms)
    log.bug(event, error)
    return protocol.refused("server_error", "The server made a mistake. It is in its log; try again.")
