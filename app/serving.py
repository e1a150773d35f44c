"""Serving: one process by itself, or several workers on one address under a supervisor."""

from __future__ import annotations

import gc
import logging
import os
import socket
import sys
from collections.abc import Callable

import msgspec

from app import config, factory, vendor, welcome
from app.config import SettingInvalid, Settings
from app.console import remote
from app.metrics import shared
from app.store import open_store
from app.supervisor import Supervisor
from app.transport import runner
from app.transport.addresses import Networks
from app.transport.doorkeeper import Doorkeeper
from app.web import log


def serve(settings: Settings) -> None:
    """Alone, until somebody ends it. fails SettingInvalid, Unavailable"""
    _begin_log(settings)
    listener = _on_address(settings, lambda host, port: runner.given() or runner.listen(host, port))
    settings = _named(settings, listener)
    _serve(settings, listener, lambda: _welcome(settings), runner.ask_to_stop)


def work(settings: Settings, ready_fd: int) -> None:
    """One of several, started by `supervise`; a byte on `ready_fd` when it serves. fails SettingInvalid, Unavailable"""

    def ready() -> None:
        os.write(ready_fd, b"!")
        os.close(ready_fd)

    _begin_log(settings)
    _serve(settings, _on_address(settings, runner.listen_beside), ready, runner.ask_all_to_stop)


def supervise(settings: Settings) -> int:
    """So many workers, until somebody ends them; the exit code. fails SettingInvalid, Unavailable"""
    if not settings.database_url.startswith("postgres"):
        raise SettingInvalid(
            "More than one worker needs PostgreSQL: one process alone can write a SQLite file as fast as many."
            " Set CHAT_DATABASE_URL, or CHAT_WORKERS to 1."
        )
    if not settings.redis_url:
        raise SettingInvalid("More than one worker needs Redis, to know who is in a room. Set CHAT_REDIS_URL.")
    # Held while we run: while a worker is away nobody else takes its place.
    settings = _named(settings, _on_address(settings, runner.bind_beside))
    # Once, before all of them would.
    open_store(settings.database_url).close()
    command = [sys.executable, "-m", "app", "--host", settings.host, "--port", str(settings.port), "work"]
    os.environ["CHAT_PUBLIC_URL"] = settings.public_url
    _begin_log(settings)
    with shared.folder():
        return Supervisor(command, settings.workers, _say(settings), shared.forget).run(lambda: _welcome(settings))


def _on_address(settings: Settings, take: Callable[[str, int], socket.socket]) -> socket.socket:
    try:
        vendor.ensure(factory.ROOT)
        return take(settings.host, settings.port)
    except vendor.VendorError as error:
        raise SettingInvalid(str(error)) from None
    except OSError as error:
        where = f"{settings.host} port {settings.port}"
        raise SettingInvalid(
            f"Cannot listen on {where}: {error.strerror}. Choose another with --host or --port."
        ) from None


def _named(settings: Settings, listener: socket.socket) -> Settings:
    """With the port that was taken, and the address that others open."""
    host, port = listener.getsockname()[:2]
    public_url = settings.public_url or welcome.public_url(host, port)
    return msgspec.structs.replace(settings, host=host, port=port, public_url=public_url)


def _welcome(settings: Settings) -> None:
    try:
        remote.note_address(config.data_folder(settings), settings.host, settings.port)
    except OSError as error:
        raise SettingInvalid(f"The data folder cannot be written: {error.strerror}. Set CHAT_DATA.") from None
    welcome.show(settings.host, settings.port, settings.public_url, _say(settings))


def _begin_log(settings: Settings) -> None:
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stdout)
    if settings.log_format == "json":
        logging.getLogger().handlers[0].setFormatter(log.JsonLines())
    log.logger.setLevel(settings.log_level)
    # Looked up for each line and never printed.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


def _say(settings: Settings) -> Callable[[str], None]:
    """How whoever started us is told what happens: as everything else is logged, where a program reads the log."""
    return print if settings.log_format == "text" else log.logger.info


def _serve(settings: Settings, listener: socket.socket, ready: Callable[[], None], stop: Callable[[], None]) -> None:
    house = factory.wire(settings, stop)
    house.start()
    # What stands now stands until the end: it need not be looked through for garbage each time, a tenth of every join.
    gc.collect()
    gc.freeze()
    ready()
    doorkeeper = Doorkeeper(settings.connections, settings.connections_per_address, Networks(settings.trusted_proxies))
    runner.serve(house.app, listener, doorkeeper, house.stop)
