"""`python -m app console`: a prompt for whoever runs the server, or lines from a pipe."""

from __future__ import annotations

import cmd
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

from app.chat import rooms
from app.chat.refusals import Refusal, Unavailable
from app.console.remote import NotDone, Remote

# The words that are followed by a room.
OF_A_ROOM: Final = ("members", "say", "kick", "lock", "unlock")


class Prompt(cmd.Cmd):
    """set_lock(room, closed)  closes a room or opens it, and says in a sentence that it did

    `failed` when any line was not done.
    """

    prompt = "chat> "
    doc_header = "What you can say (help WORD for more):"

    def __init__(self, remote: Remote, set_lock: Callable[[str, bool], str], *, is_person: bool) -> None:
        super().__init__()
        self._remote = remote
        self._set_lock = set_lock
        self.use_rawinput = is_person
        if is_person:
            self.intro = f"The chatroom at {remote.address}. help lists what you can say, quit ends."
        else:
            self.prompt = ""
        self.failed = False

    def do_status(self, _rest: str) -> None:
        """status: how many are connected, and where"""
        now = self._remote.get("/status")
        stopping = " The server is stopping." if now["is_stopping"] else ""
        self._say(
            f"Connections: {now['connections']}. People: {now['people']}, in {_rooms(now['rooms'])}."
            f" Followers over plain HTTP: {now['followers']}.{stopping}"
        )

    def do_rooms(self, _rest: str) -> None:
        """rooms: those with somebody in them, the fullest first"""
        found = self._remote.get("/rooms")
        for room in found["rooms"]:
            notes = [f"{room['count']} here"]
            notes += [f"{room['followers']} following"] if room["followers"] else []
            notes += ["closed to newcomers"] if room["is_locked"] else []
            self._say(f"{room['slug']}  {', '.join(notes)}")
        self._say("And more." if found["more"] else "Nobody is here." if not found["rooms"] else "")

    def do_members(self, rest: str) -> None:
        """members ROOM: who is in it"""
        slug = _room(rest)
        for member in _pages(lambda query: self._remote.get(f"/rooms/{slug}/members", **query)):
            self._say(f"{member['name']}  {member['id']}{'  mixes alphabets' if member.get('mixed') else ''}")

    def do_connections(self, _rest: str) -> None:
        """connections: the newest first, with address, member and rooms"""
        found = self._remote.get("/connections")
        for each in found["connections"]:
            self._say(f"{each['address']}  {each['member_id']}  {' '.join(each['rooms'])}".rstrip())
        self._say(f"In all: {found['count']}.")

    def do_say(self, rest: str) -> None:
        """say ROOM TEXT: speak as the operator in one room"""
        room, _, text = rest.partition(" ")
        self._say(say(self._remote, room, text))

    def do_all(self, rest: str) -> None:
        """all TEXT: speak as the operator in every room with somebody in it"""
        told = self._remote.post("/notices", body=rest)["rooms"]
        self._say(f"Said in {_rooms(len(told))}." if told else "Nobody is in any room: it was said nowhere.")

    def do_kick(self, rest: str) -> None:
        """kick ROOM NAME: send somebody out of a room, and keep them out for ten minutes"""
        room, _, name = rest.partition(" ")
        gone = self._remote.post(f"/rooms/{_room(room)}/kicks", name=name.strip())["member"]
        self._say(f"{gone['name']} is sent out of /r/{_room(room)}. A closed room (lock) keeps everybody else out.")

    def do_lock(self, rest: str) -> None:
        """lock ROOM: close it to newcomers; whoever is inside stays"""
        self._say(self._set_lock(rest, True))

    def do_unlock(self, rest: str) -> None:
        """unlock ROOM: let newcomers in again"""
        self._say(self._set_lock(rest, False))

    def do_drain(self, _rest: str) -> bool:
        """drain: finish what has begun, tell everybody to come back, and end the server"""
        told = self._remote.post("/drain")["connections"]
        self._say(f"The server is stopping. Connections that are told to come back: {told}.")
        return True

    def do_quit(self, _rest: str) -> bool:
        """quit: leave the prompt; the server goes on"""
        return True

    def do_EOF(self, _rest: str) -> bool:  # noqa: N802 - the library's name for the end of input
        if self.use_rawinput:
            self._say(" ")
        return True

    # what the library asks of a prompt

    def onecmd(self, line: str) -> bool:
        try:
            return bool(super().onecmd(line))
        except (NotDone, Refusal, Unavailable) as no:
            self._fail(str(no))
            return False

    def emptyline(self) -> bool:
        return False

    def default(self, line: str) -> None:
        self._fail(f"There is no word {shown(line.split()[0])} here. help lists what you can say.")

    def get_names(self) -> list[str]:
        return [name for name in dir(self) if name != "do_EOF"]

    def completedefault(self, text: str, line: str, _begin: int, _end: int) -> list[str]:
        """The rooms that have somebody in them, for whoever presses Tab."""
        if line.split()[0] not in OF_A_ROOM or len(line.split()) > (2 if text else 1):
            return []
        with suppress(NotDone):
            found = self._remote.get("/rooms")["rooms"]
            return [f"{room['slug']} " for room in found if str(room["slug"]).startswith(text)]
        return []

    def completenames(self, text: str, *_line: Any) -> list[str]:
        return [f"{word} " for word in super().completenames(text)]

    def _say(self, text: str) -> None:
        if text:
            self.stdout.write(shown(text).rstrip() + "\n")
            self.stdout.flush()

    def _fail(self, text: str) -> None:
        self.failed = True
        sys.stderr.write(shown(text) + "\n")
        sys.stderr.flush()


def run(remote: Remote, set_lock: Callable[[str, bool], str]) -> bool:
    """The prompt until its end; whether all was done."""
    prompt = Prompt(remote, set_lock, is_person=sys.stdin.isatty())
    with suppress(ImportError):
        import readline

        # A room's address may hold a hyphen, which would end the word that Tab completes.
        readline.set_completer_delims(" ")
    try:
        prompt.cmdloop()
    except KeyboardInterrupt:
        sys.stdout.write("\n")
    return not prompt.failed


def say(remote: Remote, room: str, text: str) -> str:
    """Speak as the operator; a sentence that says it was done. fails NotDone"""
    slug = _room(room)
    told = remote.post("/notices", room=slug, body=text)
    note = " Nobody had written there yet: is that the room you mean?" if told["is_new"] else ""
    return f"Said in /r/{slug}.{note}"


def shown(text: str) -> str:
    """What strangers chose cannot steer the terminal."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


def _rooms(count: int) -> str:
    return f"{count} {'room' if count == 1 else 'rooms'}"


def _room(text: str) -> str:
    """refuses NotDone"""
    if not text.strip():
        raise NotDone("Say which room: its name, or its address after /r/.")
    return rooms.slug(text.strip())


def _pages(ask: Callable[[dict[str, str]], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    query: dict[str, str] = {}
    while True:
        page = ask(query)
        yield from page["members"]
        if not page["more"]:
            return
        query = {"after": page["members"][-1]["name"]}
