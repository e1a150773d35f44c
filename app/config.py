"""Every setting: its name, default, unit and meaning. Read from `CHAT_*` in the environment or in a file `.env`."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args, get_type_hints

import msgspec
from dotenv import dotenv_values
from msgspec import Meta, Struct

PREFIX: Final = "CHAT_"
# Read by the tests, not by the program.
FOREIGN: Final = "CHAT_TEST_"
# What stands between a user and a host in a URL, or is given as an option, for whoever prints one. A password that
# nobody has encoded may hold any sign.
PASSWORD: Final = re.compile(r"(?<=:)(?!//)\S+(?=@)|(?<=[?&]password=)[^&\s]+")


class SettingInvalid(Exception):
    """One sentence that names the setting and says what is wrong with it."""


def _about(unit: str, meaning: str, **bounds: Any) -> Meta:
    return Meta(description=meaning, extra={"unit": unit}, **bounds)


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`CHAT_PORT` is `port`, and so on. All optional."""

    host: Annotated[
        str, _about("address", "Where to listen. 127.0.0.1 is this machine only, 0.0.0.0 every network.")
    ] = "127.0.0.1"
    port: Annotated[int, _about("TCP port", "Where to listen. 0 takes a free one.", ge=0, le=65535)] = 8000
    public_url: Annotated[
        str,
        _about("URL", "What others open, for links copied on this machine.", pattern="^(https?://[^/?#]+)?$"),
    ] = ""
    workers: Annotated[
        int, _about("processes", "How many serve. More than one needs PostgreSQL and Redis.", ge=1, le=64)
    ] = 1
    data: Annotated[str, _about("folder", "Where messages and the secret key are kept.")] = "instance"
    secret: Annotated[
        str,
        _about(
            "text",
            "What cookies and tokens are signed with. Empty: made once and kept in the data folder. Servers on several"
            " machines need the same, 32 characters or more.",
            pattern="^(.{32,})?$",
        ),
    ] = ""
    database_url: Annotated[
        str,
        _about(
            "URL", "A database instead of the SQLite file in the data folder: postgresql://user:password@host/name."
        ),
    ] = ""
    redis_url: Annotated[
        str,
        _about(
            "URL",
            "Redis or Valkey between several processes: who is here, what was spent, and a doorbell. A cluster too."
            " Empty: this process is alone.",
            pattern="^((redis|valkey)s?://|unix://|$)",
        ),
    ] = ""
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], _about("level", "How much is logged.")] = "INFO"
    log_format: Annotated[Literal["text", "json"], _about("format", "Lines for people, or one JSON object a line.")] = (
        "text"
    )
    is_https: Annotated[bool, _about("true/false", "The page is reached by https only: cookies are marked Secure.")] = (
        False
    )

    operator_name: Annotated[
        str, _about("name", "What whoever runs the server is called. Nobody else may be, nor look like it.")
    ] = "Operator"
    name_chars: Annotated[int, _about("characters", "The longest name of a person.", ge=1, le=64)] = 32
    room_chars: Annotated[int, _about("characters", "The longest name of a room.", ge=1, le=64)] = 64
    body_chars: Annotated[int, _about("characters", "The longest message.", ge=1, le=5000)] = 5000
    room_members: Annotated[int, _about("people", "How many fit in one room.", ge=1)] = 5000
    members_listed: Annotated[
        int,
        _about("people", "A bigger room is counted; its people are listed in pages of so many.", ge=1, le=1000),
    ] = 300
    history_page: Annotated[int, _about("messages", "A page of history, unless asked for otherwise.", ge=1, le=200)] = (
        50
    )
    resume_changes: Annotated[
        int,
        _about("changes", "Missed changes that are sent after a reconnect; beyond, the newest page.", ge=1, le=5000),
    ] = 1000

    leave_grace_s: Annotated[float, _about("seconds", "A connection that is back by then was never gone.", ge=0)] = 4.0
    name_lease_s: Annotated[float, _about("seconds", "How long a name waits for its owner after a drop.", ge=0)] = 120.0
    ping_interval_s: Annotated[int, _about("seconds", "How often a connection is asked for a sign of life.", ge=1)] = 7
    ping_timeout_s: Annotated[int, _about("seconds", "How long the answer may take.", ge=1)] = 5
    digest_interval_s: Annotated[
        float, _about("seconds", "Comings and goings of a room are told together, this often.", ge=0.01)
    ] = 0.15
    head_interval_s: Annotated[float, _about("seconds", "How often an active room's number is told.", ge=0.1)] = 3.0
    heartbeat_s: Annotated[
        float, _about("seconds", "How often who follows a room over plain HTTP gets a sign of life.", ge=0.1)
    ] = 15.0
    reconnect_min_s: Annotated[
        float, _about("seconds", "The shortest wait of a client before it tries again.", gt=0)
    ] = 0.5
    reconnect_max_s: Annotated[
        float, _about("seconds", "The longest wait of a client before it tries again.", gt=0)
    ] = 10.0

    connections: Annotated[int, _about("connections", "How many may be open at once.", ge=1)] = 20_000
    connections_per_address: Annotated[
        int, _about("connections", "How many may be open from one address (IPv6: one /64).", ge=1)
    ] = 5_000
    trusted_proxies: Annotated[
        str, _about("addresses", "Proxies (10.0.0.5, 10.1.0.0/16) whose X-Forwarded headers count. Nobody else's do.")
    ] = ""
    admit_per_s: Annotated[
        int,
        _about("per second", "Joins the server takes; who comes in a bigger crowd is told when to try again.", ge=1),
    ] = 200
    rooms_per_connection: Annotated[int, _about("rooms", "Rooms one connection may be in at once.", ge=1)] = 100

    messages_per_10s: Annotated[int, _about("per 10 s", "Messages one member may send.", ge=1)] = 200
    joins_per_10s: Annotated[int, _about("per 10 s", "Joins and leaves of one member.", ge=1)] = 60
    renames_per_10s: Annotated[int, _about("per 10 s", "Changes of name of one member.", ge=1)] = 10
    reads_per_10s: Annotated[int, _about("per 10 s", "Pages of history one member may ask for.", ge=1)] = 100
    typing_per_10s: Annotated[int, _about("per 10 s", "Times one member may say that they type.", ge=1)] = 20
    rooms_per_10s: Annotated[int, _about("per 10 s", "Rooms opened from one address, and codes drawn.", ge=1)] = 100

    guesses_per_10s: Annotated[int, _about("per 10 s", "Wrong tokens that may come from one address.", ge=1)] = 20
    operator_per_10s: Annotated[int, _about("per 10 s", "Requests of the operator, with the right token.", ge=1)] = 100

    connection_points_per_10s: Annotated[
        int, _about("points per 10 s", "What all that one connection does may cost.", ge=100)
    ] = 4_000
    address_points_per_10s: Annotated[
        int, _about("points per 10 s", "What all that comes from one address (IPv6: one /64) may cost.", ge=100)
    ] = 30_000
    room_points_per_10s: Annotated[
        int, _about("points per 10 s", "What all that is done in one room may cost.", ge=100)
    ] = 20_000
    message_cost: Annotated[
        int, _about("points", "What a message costs its connection, the address and the room.", ge=0, le=100)
    ] = 10
    join_cost: Annotated[int, _about("points", "What a join costs its connection and the address.", ge=0, le=100)] = 5
    leave_cost: Annotated[int, _about("points", "What a leave costs its connection alone.", ge=0, le=100)] = 2
    rename_cost: Annotated[
        int, _about("points", "What a new name costs its connection, the address and the room.", ge=0, le=100)
    ] = 5
    read_cost: Annotated[
        int, _about("points", "What a page of history costs its connection and the address.", ge=0, le=100)
    ] = 5
    typing_cost: Annotated[int, _about("points", "What a word that one types costs all three.", ge=0, le=100)] = 2
    open_cost: Annotated[
        int, _about("points", "What opening a room, or drawing a code, costs the address.", ge=0, le=100)
    ] = 5
    page_cost: Annotated[int, _about("points", "What any page costs the address.", ge=0, le=100)] = 2


def read(
    environment: Mapping[str, str | None] | None = None, overrides: Mapping[str, object] | None = None
) -> Settings:
    """Settings from `.env`, then the environment, then `overrides` (which win). refuses SettingInvalid"""
    found = {**dotenv_values(".env"), **os.environ} if environment is None else dict(environment)
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in found.items()
        if name.startswith(PREFIX) and not name.startswith(FOREIGN)
    }
    known = [field.name for field in msgspec.structs.fields(Settings)]
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f" Did you mean {env_name(near[0])}?" if near else ""
            raise SettingInvalid(f"{env_name(name)} is not a setting.{hint} `python -m app settings` lists them all.")
    return _checked({**given, **(overrides or {})})


def _checked(values: dict[str, Any]) -> Settings:
    try:
        return msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        name = str(error).partition(" - at `$.")[2].rstrip("`")
        given = without_password(repr(values.get(name)))
        raise SettingInvalid(f"{env_name(name)} is {given}; it takes {_taken(name)}.") from None


def _taken(name: str) -> str:
    """What a setting takes, for a person: its kind and its bounds."""
    hint = get_type_hints(Settings, include_extras=True)[name]
    kind, about = get_args(hint)[0], hint.__metadata__[0]
    if get_args(kind):
        return "one of " + ", ".join(get_args(kind))
    words = {int: "a whole number", float: "a number", bool: "true or false", str: "a " + about.extra["unit"]}[kind]
    least, above, most = about.ge, about.gt, about.le
    bounds = [
        f"from {least}" if least is not None else "",
        f"above {above}" if above is not None else "",
        f"to {most}" if most is not None else "",
    ]
    return " ".join([words, *filter(None, bounds)])


def env_name(field: str) -> str:
    return PREFIX + field.upper()


def without_password(url: str) -> str:
    return PASSWORD.sub("***", url)


def described(settings: Settings) -> Iterator[tuple[str, str, str, str, str]]:
    """(name, value now, default, unit, meaning) of every setting; no passwords."""
    defaults = Settings()
    for name, hint in get_type_hints(Settings, include_extras=True).items():
        about: Meta = hint.__metadata__[0]
        assert about.extra is not None
        assert about.description is not None
        now, default = (without_password(str(getattr(each, name))) for each in (settings, defaults))
        yield env_name(name), now, default, about.extra["unit"], about.description


def data_folder(settings: Settings) -> Path:
    return Path(settings.data).expanduser().resolve()
