"""Tokens of programs, and the rooms each is good for."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "token_rooms",
        sa.Column("room", sa.String(64), primary_key=True),
        sa.Column("token", sa.String(32), sa.ForeignKey("tokens.id"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_token_rooms_token", "token_rooms", ["token"])
