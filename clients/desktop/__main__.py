"""python -m clients.desktop [ADDRESS] [--room R] [--name N]: asks once, remembers, and opens the room."""

from __future__ import annotations

import argparse
import sqlite3
import sys

_INSTEAD = "Use python -m clients.terminal instead."


def main(words: list[str] | None = None) -> int:
    """The exit code: 0 well, 1 there can be no window, 2 wrong words."""
    parser = argparse.ArgumentParser(prog="python -m clients.desktop", description="Talk in a room from a window.")
    parser.add_argument("address", nargs="?", default="", help="of the server, or the link of a room")
    parser.add_argument("--room", default="", help="the room's name")
    parser.add_argument("--name", default="", help="what you are called there")
    given = parser.parse_args(words)
    try:
        import tkinter

        from clients import folders, memory
        from clients.address import WrongAddress
        from clients.desktop.entry import ask
        from clients.desktop.window import Window

        root = tkinter.Tk(className="chatroom")
    except ModuleNotFoundError as missing:
        is_tk = missing.name in ("tkinter", "_tkinter")
        mend = "install python3-tk, or use python -m clients.terminal" if is_tk else "run `make clients`"
        print(f"The desktop client needs {missing.name}: {mend}.", file=sys.stderr)
        return 1
    except tkinter.TclError:
        print(f"There is no display to open a window on. {_INSTEAD}", file=sys.stderr)
        return 1
    try:
        home = folders.home()
        wanted = ask(root, memory.Answers(given.address, given.room, given.name), memory.read(home))
        if wanted:
            memory.keep(home, wanted)
            Window(root, wanted, home).run()
    except WrongAddress as no:
        print(no, file=sys.stderr)
        return 2
    except (OSError, sqlite3.Error) as error:
        print(f"Your folder of the chatroom cannot be used: {error}. CHATROOM_FOLDER names another.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
