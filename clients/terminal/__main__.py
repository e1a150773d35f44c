"""python -m clients.terminal [ADDRESS] [--room R] [--name N] [--plain]: asks for what is missing."""

from __future__ import annotations

import argparse
import sqlite3
import sys

WRONG_WORDS = 2


def main(words: list[str] | None = None) -> int:
    """The exit code: 0 well, 1 not sent or not connected, 2 wrong words."""
    parser = argparse.ArgumentParser(prog="python -m clients.terminal", description="Talk in a room from a terminal.")
    parser.add_argument("address", nargs="?", default="", help="of the server, or the link of a room")
    parser.add_argument("--room", default="", help="the room's name")
    parser.add_argument("--name", default="", help="what you are called there")
    parser.add_argument("--plain", action="store_true", help="lines from standard input out, lines to standard output")
    given = parser.parse_args(words)
    try:
        return _start(given)
    except ModuleNotFoundError as missing:
        more = ", or use --plain" if missing.name == "textual" else ""
        print(f"The terminal client needs {missing.name}: run `make clients`{more}.", file=sys.stderr)
        return WRONG_WORDS
    except (OSError, sqlite3.Error) as error:
        print(f"Your folder of the chatroom cannot be used: {error}. CHATROOM_FOLDER names another.", file=sys.stderr)
        return 1


def _start(given: argparse.Namespace) -> int:
    from clients import folders, memory
    from clients.address import WrongAddress
    from clients.connection import Client
    from clients.terminal import plain
    from clients.terminal.questions import Unanswered, place

    home = folders.home()
    try:
        wanted = place(memory.Answers(given.address, given.room, given.name), memory.read(home))
    except (WrongAddress, Unanswered) as no:
        print(no, file=sys.stderr)
        return WRONG_WORDS
    except (EOFError, KeyboardInterrupt):
        return WRONG_WORDS
    if given.plain:
        memory.keep(home, wanted)
        return plain.run(wanted, lambda tell: Client(wanted.address, tell, home))
    from clients.terminal.screen import Screen

    memory.keep(home, wanted)
    return Screen(wanted, home).run() or 0


if __name__ == "__main__":
    sys.exit(main())
