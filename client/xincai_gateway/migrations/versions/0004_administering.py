"""Offices and officers by name, log-ins that all workers know, a document for one device, deliveries anew."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Bring a database of the revision before to this one."""
    op.create_table(
        "sessions",
        sa.Column("token_sm3", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("csrf", sa.String(length=32), nullable=False),
        sa.Column("begun_at", sa.String(length=20), nullable=False),
        sa.Column("seen_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("token_sm3"),
    )
    op.create_table(
        "attempts",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("until", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "offices",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("contact", sa.String(length=100), nullable=False),
        sa.Column("noted_at", sa.String(length=20), nullable=False),
        sa.Column("closed_at", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("office"),
    )
    op.add_column("devices", sa.Column("officer", sa.String(length=40), nullable=True))
    op.add_column("published", sa.Column("device", sa.String(length=64), nullable=True))
    op.add_column("deliveries", sa.Column("follows", sa.String(length=64), nullable=True))
    op.add_column("deliveries", sa.Column("ordered_by", sa.String(length=40), nullable=True))
    op.add_column("deliveries", sa.Column("reason", sa.Text(), nullable=True))
    # versions of indexes are counted for each device from here on
    op.execute("DELETE FROM about WHERE name LIKE 'index %'")
