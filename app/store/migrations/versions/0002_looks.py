"""What rooms look like, so that one that may be taken for another is found."""

import sqlalchemy as sa
from alembic import op

from app.chat import rooms

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    looks = op.create_table(
        "looks",
        sa.Column("look", sa.String(64), primary_key=True),
        sa.Column("room", sa.String(64), sa.ForeignKey("rooms.slug"), primary_key=True),
        sqlite_with_rowid=False,
    )
    known = op.get_bind().execute(sa.text("SELECT slug, title FROM rooms")).all()
    found = [{"look": look, "room": slug} for slug, title in known for look in rooms.looks_of(slug, title)]
    op.bulk_insert(looks, found)
