"""The only file that knows every other: picks the backends, wires them, returns the application."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import NamedTuple

from flask import Flask

from app import config, protocol
from app.chat import names
from app.chat.refusals import NameInvalid
from app.chat.service import Chat, Limits
from app.chat.tokens import Keyring
from app.config import SettingInvalid, Settings
from app.presence.leases import Leases
from app.presence.memory import MemoryPresence
from app.store import SqlStore, open_store, sqlite_url
from app.transport import runner
from app.transport.hubs import begin, soon
from app.transport.live import Live
from app.transport.native import NativeThreads
from app.web import (
    api,
    assets,
    errors,
    headers,
    health,
    modules,
    operator,
    packing,
    pages,
    sharing,
    sockets,
    theme,
    words,
)
from app.web.admission import Admission
from app.web.crowds import Crowds
from app.web.draining import Drain
from app.web.following import Followers
from app.web.identity import Identity, read_or_make_key
from app.web.limits import RateLimits
from app.web.proxies import TrustedProxies
from app.web.telling import Teller

ROOT = Path(__file__).resolve().parent.parent
FORM_BYTES = 16 * 1024
OPERATOR_TOKEN = "operator.token"  # noqa: S105 - a file's name
YEAR_S = 365 * 24 * 3600
# A stop is over within ten seconds: this long for what has begun, then this long for the last words.
FINISH_S = 5.0
FLUSH_S = 2.0


# Any spread will do; this one is not predictable either.
_SPREAD = random.SystemRandom()


class House(NamedTuple):
    """The wired parts that whoever runs the server needs."""

    app: Flask
    live: Live
    followers: Followers
    store: SqlStore
    teller: Teller
    drain: Drain
    leases: Leases
    settings: Settings

    def start(self) -> None:
        """What goes on by itself: digests, beacons, and names kept for after a restart."""
        self.teller.start()
        self.leases.start()

    def stop(self) -> None:
        """Finish what has begun, tell everybody when to come back, each at another moment, and let go."""
        self.drain.begin()
        self.drain.wait(FINISH_S)
        self.followers.stop(self.comebacks)
        connections = self.live.connections()
        for connection, wait_ms in zip(connections, self.comebacks(len(connections)), strict=True):
            self.live.tell(connection, "server:stopping", protocol.ServerStopping(wait_ms))
        self.leases.save()
        self.live.close(FLUSH_S)
        self.store.close()

    def comebacks(self, count: int) -> list[int]:
        """A wait in ms for each of `count` clients, in no order, spread so that the next server can admit them."""
        first_s = self.settings.reconnect_min_s
        spread_s = max(self.settings.reconnect_max_s / 5, 1.2 * count / self.settings.admit_per_s)
        waits = [int(1000 * (first_s + spread_s * (slot + _SPREAD.random()) / count)) for slot in range(count)]
        _SPREAD.shuffle(waits)
        return waits


def build(settings: Settings | None = None) -> Flask:
    """The application, at work: its digests and beacons run. fails SettingInvalid, Unavailable"""
    house = wire(settings or config.read())
    house.start()
    return house.app


def wire(settings: Settings) -> House:
    folder = config.data_folder(settings)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key, operator_token = read_or_make_key(folder), read_or_make_key(folder, OPERATOR_TOKEN)
    except OSError as error:
        raise SettingInvalid(f"The data folder {folder} cannot be used: {error.strerror}. Set CHAT_DATA.") from None
    native = NativeThreads()
    store = open_store(settings.database_url or sqlite_url(folder), native)
    presence = MemoryPresence(time.monotonic, settings.leave_grace_s, settings.name_lease_s, settings.room_members)
    leases = Leases(presence, folder / "names.json", native.run)
    operator_name = _operator(settings)
    keyring = Keyring(store.tokens, names.reserved(operator_name), settings.name_chars)
    chat = Chat(store, presence, _limits(settings), operator_name, keyring.names_in)

    app = _flask(settings, key)
    live = Live(app, settings.ping_interval_s, settings.ping_timeout_s)
    crowds = Crowds(settings.members_listed)
    retry_ms = (int(settings.reconnect_min_s * 1000), int(settings.reconnect_max_s * 1000))
    followers = Followers(chat, keyring, soon, begin, retry_ms)
    teller = Teller(chat, live, followers, crowds, settings)
    identity, limits = Identity(key), RateLimits(settings)
    admission, drain = Admission(settings.admit_per_s, time.monotonic), Drain()
    callers: sockets.Callers = {}
    app.register_blueprint(pages.blueprint(chat, teller, identity, limits, settings))
    app.register_blueprint(sharing.blueprint(limits, settings))
    app.register_blueprint(health.blueprint(chat, drain))
    app.register_blueprint(api.blueprint(chat, keyring, followers, teller, limits, drain))
    app.register_blueprint(
        operator.blueprint(chat, callers, followers, teller, crowds, limits, drain, operator_token, runner.ask_to_stop)
    )
    assets.register(app, ROOT / "static")
    modules.register(app, ROOT / "static")
    errors.register(app, words.register(app, ROOT / "static" / "words"))
    theme.register(app)
    packing.register(app)
    headers.register(app)
    app.wsgi_app = TrustedProxies(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]
    sockets.open_door(chat, live, callers, teller, crowds, identity, limits, admission, drain, settings)
    return House(app, live, followers, store, teller, drain, leases, settings)


def _flask(settings: Settings, key: bytes) -> Flask:
    app = Flask(__name__, root_path=str(ROOT), static_folder=None)
    # It would answer //x with a redirect to whatever host the request names.
    app.url_map.merge_slashes = False
    app.config.update(
        SECRET_KEY=key,
        SESSION_COOKIE_NAME="chat",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=YEAR_S,
        MAX_CONTENT_LENGTH=FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        TEMPLATES_AUTO_RELOAD=False,
    )
    return app


def _limits(settings: Settings) -> Limits:
    return Limits(
        name_chars=settings.name_chars,
        body_chars=settings.body_chars,
        room_chars=settings.room_chars,
        history_page=settings.history_page,
        resume_changes=settings.resume_changes,
        rooms_per_connection=settings.rooms_per_connection,
    )


def _operator(settings: Settings) -> str:
    try:
        return names.clean(settings.operator_name)
    except NameInvalid as no:
        raise SettingInvalid(f"CHAT_OPERATOR_NAME is {settings.operator_name!r}. {no.detail}") from None
