"""The tables. A change here needs a migration in `migrations/versions`; a test holds the two equal."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

# One word per database: what the epochs of rooms without a row are derived from.
seeds = Table("seeds", metadata, Column("seed", String(32), primary_key=True))

rooms = Table(
    "rooms",
    metadata,
    Column("slug", String(64), primary_key=True),
    Column("title", String(64), nullable=False),
    Column("epoch", String(32), nullable=False),
    Column("head", BigInteger, nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("is_locked", Boolean(create_constraint=False), nullable=False),
)

# What each room may be taken for; see `app.chat.rooms.looks_of`.
looks = Table(
    "looks",
    metadata,
    Column("look", String(64), primary_key=True),
    Column("room", String(64), ForeignKey("rooms.slug"), primary_key=True),
    sqlite_with_rowid=False,
)

# What was said and never changed since is found by its id: every page a commit touches is written twice.
IS_CHANGED = text("seq != id")

messages = Table(
    "messages",
    metadata,
    Column("room", String(64), ForeignKey("rooms.slug"), primary_key=True),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("author_id", String(32), nullable=False),
    Column("author_name", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("sent_at_ms", BigInteger, nullable=False),
    Column("client_id", String(32), nullable=False),
    # The random part first: many are looked up at once, and SQLite reads no index for a list of triples.
    UniqueConstraint("client_id", "author_id", "room", name="uq_messages_client_id"),
    Index("ix_messages_changed", "room", "seq", unique=True, sqlite_where=IS_CHANGED, postgresql_where=IS_CHANGED),
    # Rows lie in the order they are read: by room, then by number.
    sqlite_with_rowid=False,
)

# A token's secret is kept as a digest; `id` is the author of what it posts.
tokens = Table(
    "tokens",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("kind", String(8), nullable=False),
    Column("name", String(64), nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
)

# A room that a token is good for need not have a row yet. By room first: every join asks whose names are kept there.
token_rooms = Table(
    "token_rooms",
    metadata,
    Column("room", String(64), primary_key=True),
    Column("token", String(32), ForeignKey("tokens.id"), primary_key=True),
    Index("ix_token_rooms_token", "token"),
    sqlite_with_rowid=False,
)
