"""The pages: lobby, name, room. Everything that moves comes over the live connection."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, current_app, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app import protocol
from app.chat import rooms, scripts
from app.chat.members import Member
from app.chat.refusals import NameInvalid, NameTaken, NotInRoom, PayloadInvalid, Refusal, RoomInvalid, RoomLocked
from app.chat.service import Chat
from app.config import Settings
from app.web import log, shapes, sharing, wire
from app.web.asking import address, json_body, parse, positive
from app.web.identity import Identity
from app.web.limits import RateLimits
from app.web.relay import Relay

NAMES_SHOWN = 12


def blueprint(chat: Chat, relay: Relay, identity: Identity, limits: RateLimits, settings: Settings) -> Blueprint:
    pages = Blueprint("pages", __name__)

    def me() -> str:
        session.permanent = True
        return identity.of_browser(session)

    @pages.before_request
    def pay_for_page() -> None:
        limits.spend_page(address())

    def form_text(field: str, default: str | None = None) -> str:
        """refuses PayloadInvalid: only a form of somebody else's making lacks a field"""
        value = request.form.get(field, default)
        if value is None:
            raise PayloadInvalid(f"The form has no field {field}.")
        return value

    def name_page(slug: str | None, name: str, error: Refusal | None = None) -> str:
        room = chat.approach(slug, me()) if slug else None
        here = chat.members(slug) if slug else []
        return render_template(
            "name.html",
            room=room,
            alike=chat.look_alike(room) if room else None,
            known=session.get("name", ""),
            name=name,
            mixed_scripts=scripts.mixed(name),
            members=[member.name for member in here[:NAMES_SHOWN]],
            count=len(here),
            error=error,
            free_names=error.free if error else (),
        )

    def taken(slug: str, no: NameTaken) -> Response:
        return make_response(name_page(slug, "", no), 409)

    @pages.context_processor
    def limits_for_pages() -> dict[str, Any]:
        return {"limits": wire.limits(settings)}

    def lobby_page(asked: str = "", error: Refusal | None = None) -> str:
        known = session.get("name", "")
        return render_template("lobby.html", asked=asked if asked.isprintable() else "", error=error, known=known)

    @pages.get("/")
    def lobby() -> str:
        me()
        return lobby_page()

    @pages.post("/rooms")
    def open_room() -> Response:
        """On to the room."""
        limits.spend("open", address(), address=address())
        asked = form_text("room")
        try:
            slug = chat.open(asked)
        except RoomInvalid as no:
            if not request.accept_mimetypes.accept_html:
                raise
            return make_response(lobby_page(asked, no), 400)
        return redirect(url_for("pages.room", slug=slug), 303)

    @pages.post("/rooms/known")
    def known_room() -> Response:
        """For a page that has a room open already: what is to be known of another before it is joined."""
        limits.spend("open", address(), address=address())
        room = chat.room(chat.open(form_text("room")))
        return make_response({"ok": True, "room": protocol.plain(wire.room(room, chat.look_alike(room)))})

    @pages.post("/rooms/heads")
    def heads() -> Response:
        """How far the talk of some rooms is, {slug: number}: who knows how far they read knows what is new. Asked for
        in the body: addresses are written into logs on their way.
        """
        # Nobody is made a member by asking.
        reader = identity.of_browser(session) if identity.is_ours(session.get("token")) else ""
        limits.spend("read", reader or address(), address=address())
        found: dict[str, int] = {}
        for slug in parse(json_body(), shapes.Heads).rooms:
            with suppress(RoomInvalid, RoomLocked):
                found[slug] = chat.approach(slug, reader).head
        return make_response(found)

    @pages.get("/r/<slug>")
    def room(slug: str) -> Response | str:
        canonical = rooms.slug(slug)
        if canonical != slug:
            return redirect(url_for("pages.room", slug=canonical), 303)
        name: str = chat.name_here(slug, me()) or session.get("name", "")
        try:
            chat.check_entry(slug, me(), name)
        except NameInvalid:
            return redirect(url_for("pages.name", room=slug), 303)
        except NameTaken as no:
            return taken(slug, no)
        room = chat.room(slug)
        return render_template(
            "room.html",
            room=room,
            alike=chat.look_alike(room),
            me=Member(me(), name),
            share_origin=sharing.origin(settings),
        )

    @pages.get("/name")
    def name() -> str:
        me()
        return name_page(request.args.get("room") or None, session.get("name", ""))

    @pages.post("/name")
    def take_name() -> Response | str:
        slug, wanted = form_text("room", "") or None, form_text("name")
        if slug:
            rooms.require_slug(slug)
        if "with_cookie" in request.form and current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
            # Sent on, it would be asked for its name again, without end and without a word.
            return make_response(render_template("no_cookies.html", room=slug), 400)
        if not 0 < len(wanted.strip()) <= settings.name_chars:
            # The form's own limits make this impossible.
            chat.clean_name(wanted)
        try:
            name = chat.check_entry(slug, me(), wanted) if slug else chat.clean_name(wanted)
        except NameInvalid as no:
            return make_response(name_page(slug, "", no), 400)
        except NameTaken as no:
            assert slug
            return taken(slug, no)
        session["name"] = name
        if slug:
            rename_where_open(slug, name)
        return redirect(url_for("pages.room", slug=slug) if slug else url_for("pages.lobby"), 303)

    @pages.post("/forget")
    def forget() -> Response:
        """Somebody else sits at this browser now: the next name is another person's."""
        slug = form_text("room", "") or None
        if slug:
            rooms.require_slug(slug)
        session.clear()
        return redirect(url_for("pages.name", room=slug) if slug else url_for("pages.lobby"), 303)

    def rename_where_open(slug: str, name: str) -> None:
        """Another tab of this browser may be in the room: it is the same person, so it is the same name."""
        try:
            chat.check_here(slug, me())
        except NotInRoom:
            return
        limits.spend("rename", me(), address=address(), room=slug)
        member, facts = chat.rename(slug, me(), name)
        if facts:
            relay.tell(facts)
            log.event("rename", address(), room=slug, member=member.id, name=member.name)

    @pages.get("/r/<slug>/read")
    def read(slug: str) -> str:
        """The talk for a browser without JavaScript, page by page. Who may read is the same as for the data."""
        limits.spend("read", me(), address=address())
        before = request.args.get("before", type=positive)
        chat.approach(slug, me())
        page = chat.history(slug, before, None, None)
        return render_template("read.html", page=page, moment=moment)

    @pages.get("/r/<slug>/messages")
    def messages(slug: str) -> Response:
        limits.spend("read", me(), address=address())
        before = request.args.get("before", type=positive)
        limit = request.args.get("limit", type=positive)
        chat.approach(slug, me())
        page = chat.history(slug, before, None, limit)
        return make_response(wire.answer(wire.history_page(page, me())))

    return pages


def moment(ms: int) -> datetime:
    """In UTC: the server does not know where its reader is."""
    return datetime.fromtimestamp(ms / 1000, UTC)
