"""Packs, and custody before judging: the batches of before were judged when they came."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Bring a database of the revision before to this one."""
    op.create_table(
        "packed",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("sm3", sa.String(length=64), nullable=False),
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("body", sa.String(length=64), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("office", "sm3"),
    )
    op.create_index("packed_by_pack", "packed", ["office", "pack"], unique=False)
    op.add_column("batches", sa.Column("settled_at", sa.String(length=20), nullable=True))
    op.execute("UPDATE batches SET settled_at = received_at")
