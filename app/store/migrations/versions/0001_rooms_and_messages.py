"""Rooms and their messages."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    seeds = op.create_table("seeds", sa.Column("seed", sa.String(32), primary_key=True))
    op.bulk_insert(seeds, [{"seed": secrets.token_hex(16)}])
    op.create_table(
        "rooms",
        sa.Column("slug", sa.String(64), primary_key=True),
        sa.Column("title", sa.String(64), nullable=False),
        sa.Column("epoch", sa.String(32), nullable=False),
        sa.Column("head", sa.BigInteger, nullable=False),
        sa.Column("created_at_ms", sa.BigInteger, nullable=False),
        sa.Column("is_locked", sa.Boolean(create_constraint=False), nullable=False),
    )
    op.create_table(
        "messages",
        sa.Column("room", sa.String(64), sa.ForeignKey("rooms.slug"), primary_key=True),
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("author_id", sa.String(32), nullable=False),
        sa.Column("author_name", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("sent_at_ms", sa.BigInteger, nullable=False),
        sa.Column("client_id", sa.String(32), nullable=False),
        sa.UniqueConstraint("client_id", "author_id", "room", name="uq_messages_client_id"),
        sqlite_with_rowid=False,
    )
    is_changed = sa.text("seq != id")
    op.create_index(
        "ix_messages_changed",
        "messages",
        ["room", "seq"],
        unique=True,
        sqlite_where=is_changed,
        postgresql_where=is_changed,
    )
