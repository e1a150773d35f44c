"""What is asked of Redis: commands, and our scripts beside it, which are sent in full to a server that lacks them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import redis

FOLDER: Final = Path(__file__).with_name("lua")
OF_A_ROOM: Final = ("enter", "rename", "leave", "drop", "host", "release", "sweep")
OF_THE_INDEX: Final = ("note", "due", "settle", "renew")

Words = tuple[str | bytes | int | float, ...]
Client = redis.Redis | redis.RedisCluster


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


def run(client: Client, asked: Sequence[Words]) -> list[Any]:
    """Each answer, in order, over one way there and back. What is asked of one room, or of the index, is done in order.

    fails as Redis does
    """
    answers = _pipe(client, asked)
    unknown = [at for at, answer in enumerate(answers) if isinstance(answer, redis.exceptions.NoScriptError)]
    if unknown:
        in_full = [("EVAL", BY_SHA[str(asked[at][1])], *asked[at][2:]) for at in unknown]
        for at, answer in zip(unknown, _pipe(client, in_full), strict=True):
            answers[at] = answer
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    return answers


def run_in_turn(client: Client, asked: Sequence[Words]) -> list[Any]:
    """The same, and all of it is done in order, whichever servers of a cluster have it."""
    if not isinstance(client, redis.RedisCluster):
        return run(client, asked)
    turns = [list(turn) for _, turn in groupby(asked, lambda words: client.determine_slot(*words))]
    return [answer for turn in turns for answer in run(client, turn)]


def _pipe(client: Client, asked: Sequence[Words]) -> list[Any]:
    with client.pipeline(transaction=False) as pipeline:
        for words in asked:
            pipeline.execute_command(*words)
        return pipeline.execute(raise_on_error=False)


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
