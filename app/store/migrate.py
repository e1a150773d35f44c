"""Bring a database to the newest schema.

Migrations only add: a server that runs on an older schema goes on undisturbed, and may stay until it is restarted.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from app.chat.refusals import Unavailable
from app.store.engine import WRITE, opened

NEWEST = "0003"
FOLDER = Path(__file__).parent / "migrations"
# Any number will do, if nobody else who locks in this database uses it.
OURS = 0x63686174


def bring_up_to_date(url: str) -> str | None:
    """The schema there was before; None in an empty database. fails Unavailable"""
    with (
        opened(url, is_patient=True) as engine,
        engine.connect().execution_options(**WRITE) as connection,
        connection.begin(),
    ):
        return migrate(connection)


def migrate(connection: Connection, to: str = NEWEST) -> str | None:
    """Idempotent, in one transaction; the schema there was before. fails Unavailable"""
    before = version(connection)
    # Looks first: Alembic takes a good part of a second to load.
    if before != to:
        _upgrade(connection, to)
    return before


def version(connection: Connection) -> str | None:
    """The schema a database has; None for a new one. fails Unavailable when it is newer than any we know"""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    if found > NEWEST:
        raise Unavailable(
            f"The database was brought to schema {found} by a newer version of the chatroom, and this one knows"
            f" {NEWEST} at most. Start the newer version, or restore a backup from before."
        )
    return found


def _upgrade(connection: Connection, to: str) -> None:
    from alembic import command
    from alembic.config import Config

    if connection.dialect.name == "postgresql":
        # Of several that start at once, one works; the others find nothing left to do.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": OURS})
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
