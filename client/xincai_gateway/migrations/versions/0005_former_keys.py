"""The public keys that devices had before: what they signed can still be verified."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Bring a database of the revision before to this one."""
    op.create_table(
        "former_keys",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("suite", sa.String(length=20), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("office", "key_id"),
    )
