"""What is asked of Redis: commands, and our scripts beside it, which are sent in full to a server that lacks them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from redis.exceptions import NoScriptError

from app.redis.link import RedisLink, Words

FOLDER: Final = Path(__file__).with_name("lua")
OF_A_ROOM: Final = ("enter", "rename", "leave", "drop", "host", "release", "sweep")
OF_THE_INDEX: Final = ("note", "due", "settle", "renew")


def _texts() -> dict[str, str]:
    """Each script by name, with what it begins with."""

    def read(name: str) -> str:
        return (FOLDER / f"{name}.lua").read_text(encoding="utf-8")

    room, index = read("room"), read("index")
    return {name: room + read(name) for name in OF_A_ROOM} | {name: index + read(name) for name in OF_THE_INDEX}


TEXTS: Final = _texts()
SHAS: Final = {name: hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest() for name, text in TEXTS.items()}
BY_SHA: Final = {SHAS[name]: text for name, text in TEXTS.items()}


def of_room(name: str, room: str, process: str, host: str, *arguments: str | bytes | int) -> Words:
    """A script of the room, said by this process as `host`."""
    keys = [room_key(room, part) for part in ("seats", "owners", "hosts", "due", "room")]
    return ("EVALSHA", SHAS[name], len(keys), *keys, channel(room), process, host, *arguments)


def of_index(name: str, *arguments: str | bytes | int) -> Words:
    return ("EVALSHA", SHAS[name], 2, ROOMS, PROCESSES, *arguments)


def run(link: RedisLink, asked: Sequence[Words]) -> list[Any]:
    """Each answer, in order. What is asked of one room, or of the index, is done in order. fails Unavailable"""
    answers = link.send(asked)
    unknown = [at for at, answer in enumerate(answers) if isinstance(answer, NoScriptError)]
    if unknown:
        in_full: list[Words] = [("EVAL", BY_SHA[str(asked[at][1])], *asked[at][2:]) for at in unknown]
        for at, answer in zip(unknown, link.send(in_full), strict=True):
            answers[at] = answer
    return answers


def run_in_turn(link: RedisLink, asked: Sequence[Words]) -> list[Any]:
    """The same, and all of it is done in order, whichever servers of a cluster have it."""
    return [answer for turn in link.turns(asked) for answer in run(link, turn)]


# Keys in one pair of braces live on one server of a cluster, as a script's keys must.

ROOMS: Final = "chat:{index}:rooms"
PROCESSES: Final = "chat:{index}:processes"
# In the place of the time until which a process lives: see lua/index.lua.
ENDED: Final = 0
# Everybody listens here, so that they know whether they hear.
EVERYBODY: Final = "chat:{index}:everybody"


def room_key(room: str, part: str) -> str:
    return f"chat:{{{room}}}:{part}"


def rooms_of(life: str) -> str:
    return f"{PROCESSES}:{life}"


def channel(room: str) -> str:
    return room_key(room, "people")


def room_of(channel: str) -> str:
    return channel.removeprefix("chat:{").removesuffix("}:people")
