"""Whose records were returned; what stands in a body is found by it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Bring a database of the revision before to this one."""
    op.create_table(
        "returned",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("manifest_sm3", sa.String(length=64), nullable=False),
        sa.Column("record", sa.String(length=64), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("subject_code", sa.Text(), nullable=True),
        sa.Column("subject_name", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("returned_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("office", "manifest_sm3", "record", "version"),
    )
    op.create_index("returned_by_code", "returned", ["subject_code"], unique=False)
    # whose they are is read when somebody asks
    op.execute(
        "INSERT INTO returned (office, manifest_sm3, record, version, subject_name, region, returned_at) "
        "SELECT o.office, o.manifest_sm3, o.record, o.version, '', '', b.settled_at FROM outcomes o "
        "JOIN batches b ON b.office = o.office AND b.manifest_sm3 = o.manifest_sm3 "
        "WHERE o.status = 'rejected' AND b.settled_at IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM withdrawn w WHERE w.office = o.office AND w.record = o.record)"
    )
    op.drop_index("packed_by_pack", "packed")
    op.create_index("packed_by_body", "packed", ["office", "body"], unique=False)
    op.execute("UPDATE packed SET pack = '' WHERE pack <> body")
