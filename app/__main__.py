"""The command line: `python -m app` serves; `settings`, `lock ROOM`, `say ROOM TEXT` and so on do what they say."""

from __future__ import annotations

import warnings

# Eventlet says at every start that it is in maintenance mode; whoever runs the chat can do nothing about it.
warnings.filterwarnings("ignore", message="\\s*Eventlet is deprecated")

try:
    import eventlet
except ModuleNotFoundError:
    raise SystemExit(
        "This Python lacks what the chatroom needs. After `make run` it is .venv/bin/python that has it;"
        " for any other, `pip install -r requirements.txt`."
    ) from None

# Before anything else is imported: Flask and the rest must only ever see the patched library.
eventlet.monkey_patch()

import argparse  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from contextlib import contextmanager  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import TYPE_CHECKING  # noqa: E402

from app import config  # noqa: E402
from app.chat import names, rooms  # noqa: E402
from app.chat.refusals import Refusal, Unavailable  # noqa: E402
from app.chat.tokens import Keyring  # noqa: E402
from app.config import SettingInvalid, Settings  # noqa: E402
from app.console import keys, prompt  # noqa: E402
from app.console.remote import NotDone, Remote  # noqa: E402

if TYPE_CHECKING:
    from app.store import SqlStore

NOT_DONE = 1
WRONG_START = 2
A_FILE = "a SQLite file"
EVERY_NETWORK = "0.0.0.0"  # noqa: S104 - asked for with --lan


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        settings = config.read(overrides=_overrides(options))
        COMMANDS[options.command](settings, options)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads us has read enough, as `head` does; nor is there anybody to tell at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except NotDone as no:
        print(prompt.shown(str(no)), file=sys.stderr)
        return NOT_DONE
    except (SettingInvalid, Refusal, Unavailable) as no:
        print(no, file=sys.stderr)
        return WRONG_START
    return 0


def serve(settings: Settings, _options: argparse.Namespace) -> None:
    from app import serving

    if settings.workers > 1:
        raise SystemExit(serving.supervise(settings))
    serving.serve(settings)


def work(settings: Settings, options: argparse.Namespace) -> None:
    from app import serving

    serving.work(settings, options.ready_fd)


def show_settings(settings: Settings, _options: argparse.Namespace) -> None:
    for name, now, default, unit, meaning in config.described(settings):
        print(f"{name} = {now}\n    {meaning} In {unit}; {default or 'empty'} unless set.")


def set_lock(settings: Settings, options: argparse.Namespace) -> None:
    print(_lock(settings, options.room, options.command == "lock"))


def make_token(settings: Settings, options: argparse.Namespace) -> None:
    with _keyring(settings) as keyring:
        _print(keys.make(keyring, options.name, options.room, "webhook" if options.webhook else "bot"))


def list_tokens(settings: Settings, _options: argparse.Namespace) -> None:
    with _keyring(settings) as keyring:
        _print(keys.listed(keyring))


def revoke_token(settings: Settings, options: argparse.Namespace) -> None:
    with _keyring(settings) as keyring:
        _print(keys.revoke(keyring, options.id))


def say(settings: Settings, options: argparse.Namespace) -> None:
    running = Remote(config.data_folder(settings), options.address)
    print(prompt.say(running, options.room, " ".join(options.text)))


def console(settings: Settings, options: argparse.Namespace) -> None:
    running = Remote(config.data_folder(settings), options.address)
    running.get("/status")
    if not prompt.run(running, lambda room, closed: _lock(settings, room, closed)):
        raise SystemExit(NOT_DONE)


def migrate(settings: Settings, _options: argparse.Namespace) -> None:
    from app.store import upkeep

    print(upkeep.migrate(_database(settings)))


def backup(settings: Settings, options: argparse.Namespace) -> None:
    from app.store import upkeep

    with _told() as progress:
        done = upkeep.backup(_database(settings), Path(options.file), progress)
    print(done)


def restore(settings: Settings, options: argparse.Namespace) -> None:
    from app.store import upkeep

    _require_stopped(settings)
    with _told() as progress:
        done = upkeep.restore(_database(settings), Path(options.file), replace=options.replace, progress=progress)
    print(done)


def import_sqlite(settings: Settings, options: argparse.Namespace) -> None:
    from app.store import upkeep

    if not settings.database_url:
        raise NotDone("Set CHAT_DATABASE_URL to the database that shall have what is in the file.")
    _require_stopped(settings)
    with _told() as progress:
        done = upkeep.import_sqlite(settings.database_url, Path(options.file), progress)
    print(done)


COMMANDS: dict[str | None, Callable[[Settings, argparse.Namespace], None]] = {
    None: serve,
    "work": work,
    "settings": show_settings,
    "lock": set_lock,
    "unlock": set_lock,
    "token": make_token,
    "tokens": list_tokens,
    "revoke": revoke_token,
    "say": say,
    "console": console,
    "migrate": migrate,
    "backup": backup,
    "restore": restore,
    "import-sqlite": import_sqlite,
}


def _lock(settings: Settings, room: str, locked: bool) -> str:
    """Works beside a running server, and without one: the room's row says whether it is closed to newcomers."""
    slug = rooms.slug(room)
    with _store(settings) as store:
        is_empty = store.room(slug).head == 0
        store.set_locked(slug, rooms.title_of(slug), locked)
    note = " Nobody has written there yet: is that the room you mean?" if is_empty else ""
    return f"/r/{slug} is {'closed to newcomers' if locked else 'open'}.{note}"


@contextmanager
def _store(settings: Settings) -> Iterator[SqlStore]:
    from app.store import open_store

    store = open_store(_database(settings))
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _keyring(settings: Settings) -> Iterator[Keyring]:
    with _store(settings) as store:
        yield Keyring(store.tokens, names.reserved(settings.operator_name), settings.name_chars)


def _require_stopped(settings: Settings) -> None:
    """refuses NotDone while the server of this data folder answers: it keeps in mind what would be replaced"""
    try:
        address = Remote(config.data_folder(settings)).address
        Remote(config.data_folder(settings)).get("/status")
    except NotDone:
        return
    raise NotDone(f"The server at {address} is running. Stop it first.")


@contextmanager
def _told() -> Iterator[Callable[[int, int], None]]:
    """A line on a person's screen that says how far a copy has come. refuses NotDone"""
    from app.store.copying import NotCopied

    def progress(done: int, count: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{done:,} of {count:,} messages", end="\n" if done == count else "", file=sys.stderr, flush=True)

    try:
        yield progress
    except NotCopied as no:
        raise NotDone(str(no)) from None


def _database(settings: Settings) -> str:
    from app.store import sqlite_url

    return settings.database_url or sqlite_url(config.data_folder(settings))


def _print(lines: list[str]) -> None:
    for line in lines:
        print(line)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app", description="A chatroom: open a link and talk.")
    parser.add_argument("--host", help="where to listen; 127.0.0.1 unless set")
    parser.add_argument("--port", help="where to listen; 8000 unless set")
    parser.add_argument("--lan", action="store_true", help="let others on this network in")
    parser.add_argument("--workers", help="how many processes serve; 1 unless set")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    # What the supervisor starts; nobody else needs it.
    commands.add_parser("work").add_argument("--ready-fd", type=int, required=True)
    commands.add_parser("settings", help="list every setting with its value, unit and meaning")
    for verb, meaning in (("lock", "close a room to newcomers"), ("unlock", "let newcomers in again")):
        commands.add_parser(verb, help=meaning).add_argument("room", help="its name, or its address after /r/")
    token = commands.add_parser("token", help="make a token for a bot, or the address of a webhook")
    token.add_argument("name", help="what it is called in its rooms")
    token.add_argument("--room", action="append", required=True, help="where it may post; may be given again")
    token.add_argument("--webhook", action="store_true", help="an address that posts into one room")
    commands.add_parser("tokens", help="list the tokens there are")
    commands.add_parser("revoke", help="take a token back").add_argument("id", help="as `tokens` lists it")
    speak = commands.add_parser("say", help="speak in a room as the operator")
    speak.add_argument("room", help="its name, or its address after /r/")
    speak.add_argument("text", nargs="+", help="what to say")
    for command in (speak, commands.add_parser("console", help="see and steer the running server")):
        command.add_argument("--address", help="where the server is, if it is not where its data folder says")
    commands.add_parser("migrate", help="bring the database up to date; servers may run meanwhile")
    commands.add_parser("backup", help="copy the database; the server may run meanwhile").add_argument(
        "file", help=A_FILE
    )
    putting_back = commands.add_parser("restore", help="put a backup into the database; the server must not run")
    putting_back.add_argument("file", help=A_FILE)
    putting_back.add_argument("--replace", action="store_true", help="lose what the database holds")
    moving = commands.add_parser("import-sqlite", help="move from a SQLite file to the database of CHAT_DATABASE_URL")
    moving.add_argument("file", help="chat.sqlite3 in a data folder, or a backup")
    return parser


def _overrides(options: argparse.Namespace) -> dict[str, object]:
    given = {"host": EVERY_NETWORK if options.lan else options.host, "port": options.port, "workers": options.workers}
    return {name: value for name, value in given.items() if value is not None}


if __name__ == "__main__":
    sys.exit(main())
