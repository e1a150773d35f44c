"""The only file that knows every other: picks the backends, wires them, returns the application."""

from __future__ import annotations

import random
import secrets
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Protocol

from flask import Flask

from app import config, protocol
from app.bus.local import LocalBus
from app.chat import names
from app.chat.ports import Bus, Presence, SharedTitles
from app.chat.refusals import NameInvalid, Unavailable
from app.chat.service import Chat, Limits
from app.chat.tokens import Keyring
from app.config import SettingInvalid, Settings
from app.metrics import chatroom, prometheus
from app.metrics.prometheus import Metrics
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
    metrics,
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
from app.web.kicks import KickBook, Kicks
from app.web.limits import RateLimits
from app.web.proxies import TrustedProxies
from app.web.relay import Relay
from app.web.spending import Ledger, SharedSpending
from app.web.telling import Teller, every

ROOT = Path(__file__).resolve().parent.parent
FORM_BYTES = 16 * 1024
OPERATOR_TOKEN = "operator.token"  # noqa: S105 - a file's name
YEAR_S = 365 * 24 * 3600
# A stop is over within ten seconds: this long for what has begun, then this long for the last words.
FINISH_S = 5.0
FLUSH_S = 2.0
COPY_EVERY_S = 1.0


# Any spread will do; this one is not predictable either.
_SPREAD = random.SystemRandom()


class Upkeep(Protocol):
    """What keeps who is here: over a restart, or among other processes."""

    def start(self) -> None: ...

    def close(self) -> None: ...


class Among(NamedTuple):
    """What differs between one process and several; what only several need is None."""

    presence: Presence
    bus: Bus
    upkeep: Upkeep
    ledger: Ledger | None = None
    kicks: KickBook | None = None
    titles: SharedTitles | None = None


class House(NamedTuple):
    """The wired parts that whoever runs the server needs."""

    app: Flask
    live: Live
    followers: Followers
    store: SqlStore
    teller: Teller
    relay: Relay
    drain: Drain
    upkeep: Upkeep
    metrics: Metrics
    spending: SharedSpending | None
    settings: Settings

    def start(self) -> None:
        """What goes on by itself: digests, beacons, names kept for after a restart, and limits shared with others."""
        self.relay.start()
        self.teller.start()
        self.upkeep.start()
        every(COPY_EVERY_S, self.metrics.copy)
        if self.spending:
            self.spending.start()

    def stop(self) -> None:
        """Finish what has begun, tell everybody when to come back, each at another moment, and let go."""
        self.drain.begin()
        self.drain.wait(FINISH_S)
        self.followers.stop(self.comebacks)
        connections = self.live.connections()
        for connection, wait_ms in zip(connections, self.comebacks(len(connections)), strict=True):
            self.live.tell(connection, "server:stopping", protocol.ServerStopping(wait_ms))
        self.live.close(FLUSH_S)
        self.upkeep.close()
        self.store.close()
        # For those who go on, and sum up what we have counted.
        self.metrics.copy()

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


def wire(settings: Settings, stop: Callable[[], None] = runner.ask_to_stop) -> House:
    """`stop` ends the server in an orderly way; it returns at once. fails SettingInvalid, Unavailable"""
    folder = config.data_folder(settings)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = settings.secret.encode() or read_or_make_key(folder)
        operator_token = read_or_make_key(folder, OPERATOR_TOKEN)
    except OSError as error:
        raise SettingInvalid(f"The data folder {folder} cannot be used: {error.strerror}. Set CHAT_DATA.") from None
    native = NativeThreads()
    store = open_store(settings.database_url or sqlite_url(folder), native)
    presence, bus, upkeep, ledger, book, titles = (
        _among_others(settings, key) if settings.redis_url else _alone(settings, folder, native)
    )
    operator_name = _operator(settings)
    keyring = Keyring(store.tokens, names.reserved(operator_name), settings.name_chars)
    chat = Chat(store, presence, _limits(settings), operator_name, keyring.names_in, titles)

    app = _flask(settings, key)
    live = Live(app, settings.ping_interval_s, settings.ping_timeout_s)
    crowds = Crowds(settings.members_listed)
    retry_ms = (int(settings.reconnect_min_s * 1000), int(settings.reconnect_max_s * 1000))
    followers = Followers(chat, keyring, soon, begin, retry_ms)
    teller = Teller(chat, live, followers, crowds, settings)
    kicks = Kicks(chat, live, teller, time.monotonic, book)
    relay = Relay(chat, teller, kicks, bus, lambda work, after_s: soon(lambda: begin(work), after_s), settings)
    identity, limits = Identity(key), RateLimits(settings)
    spending = SharedSpending(limits.shareable, ledger, time.monotonic) if ledger else None
    admission, drain = Admission(settings.admit_per_s, time.monotonic), Drain()
    # Each from the start: what first appears as one is no increase to whoever watches.
    refusals = Counter(dict.fromkeys(protocol.CODES, 0))
    numbers = Metrics()
    chatroom.register(numbers, live, followers, store, relay, bus, drain, refusals)
    callers: sockets.Callers = {}
    check_operator = operator.checking(operator_token, limits)
    app.register_blueprint(pages.blueprint(chat, relay, identity, limits, settings))
    app.register_blueprint(sharing.blueprint(limits, settings))
    app.register_blueprint(health.blueprint(chat, bus, drain))
    app.register_blueprint(api.blueprint(chat, keyring, followers, relay, limits, drain))
    app.register_blueprint(operator.blueprint(chat, callers, followers, relay, crowds, drain, check_operator, stop))
    app.register_blueprint(metrics.blueprint(numbers.text, prometheus.CONTENT_TYPE, check_operator))
    assets.register(app, ROOT / "static")
    modules.register(app, ROOT / "static")
    errors.register(app, words.register(app, ROOT / "static" / "words"), refusals)
    theme.register(app)
    packing.register(app)
    headers.register(app)
    app.wsgi_app = TrustedProxies(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]
    sockets.open_door(chat, live, callers, relay, kicks, crowds, identity, limits, admission, drain, refusals, settings)
    return House(app, live, followers, store, teller, relay, drain, upkeep, numbers, spending, settings)


def _alone(settings: Settings, folder: Path, native: NativeThreads) -> Among:
    presence = MemoryPresence(time.monotonic, settings.leave_grace_s, settings.name_lease_s, settings.room_members)
    return Among(presence, LocalBus(), Leases(presence, folder / "names.json", native.run))


def _among_others(settings: Settings, key: bytes) -> Among:
    """fails SettingInvalid, Unavailable"""
    # Loaded only where it is used: it takes a tenth of a second, and one process alone needs none of it.
    from app.bus.redis import RedisBus
    from app.presence.redis import RedisPresence
    from app.redis.kicks import RedisKickBook
    from app.redis.ledger import RedisLedger
    from app.redis.link import RedisLink, TooOld
    from app.redis.titles import RedisTitles

    try:
        link = RedisLink(settings.redis_url)
        link.meet()
    except Unavailable as no:
        raise Unavailable(_no_redis(settings, no.__cause__)) from None
    except TooOld as no:
        if no.__context__:
            raise SettingInvalid(_no_redis(settings, no.__context__)) from None
        raise SettingInvalid("CHAT_REDIS_URL is an old Redis; it takes Redis 7 or newer, or Valkey.") from None
    # An option that Redis does not have is a TypeError. What was wrong is not said: it may be a piece of a password.
    except (ValueError, TypeError):
        raise SettingInvalid(
            "CHAT_REDIS_URL cannot be read; it takes a URL as redis://user:password@host:6379/0, with every special"
            " character of the password as %40 or the like."
        ) from None
    link.start()
    presence = RedisPresence(link, settings.leave_grace_s, settings.name_lease_s, settings.room_members)
    bus = RedisBus(link, key, secrets.token_hex(8))
    return Among(presence, bus, presence, RedisLedger(link), RedisKickBook(link), RedisTitles(link))


def _no_redis(settings: Settings, error: BaseException | None) -> str:
    """One sentence and a hint, with the error's own words."""
    words = " ".join(str(error or "it is away").split()).rstrip(".")
    where = config.without_password(settings.redis_url)
    return f"Redis 7 or Valkey cannot be used at {where}: {words}. Look at CHAT_REDIS_URL."


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
