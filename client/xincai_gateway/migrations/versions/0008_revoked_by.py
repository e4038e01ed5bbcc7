"""Who shut a device out."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Bring a database of the revision before to this one."""
    op.add_column("devices", sa.Column("revoked_by", sa.String(length=40), nullable=True))
