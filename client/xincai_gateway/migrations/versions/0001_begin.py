"""Enrolment, batches with their receipts, and accepted records."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Bring a database of the revision before to this one."""
    op.create_table(
        "about",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "batches",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("manifest_sm3", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=True),
        sa.Column("chain", sa.String(length=8), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.Column("created", sa.String(length=20), nullable=False),
        sa.Column("clock_state", sa.String(length=12), nullable=False),
        sa.Column("received_at", sa.String(length=20), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("manifest", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("office", "manifest_sm3"),
        sa.UniqueConstraint("office", "device", "position"),
    )
    op.create_table(
        "devices",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("suite", sa.String(length=20), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("token_sm3", sa.String(length=64), nullable=False),
        sa.Column("enrolled_at", sa.String(length=20), nullable=False),
        sa.Column("revoked_at", sa.String(length=20), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("manifest_sm3", sa.String(length=64), nullable=True),
        sa.Column("batches", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("office", "device"),
        sa.UniqueConstraint("office", "key_id"),
    )
    op.create_table(
        "enrolment_codes",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("code_sm3", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.String(length=20), nullable=False),
        sa.Column("used_at", sa.String(length=20), nullable=True),
        sa.Column("device", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("office", "code_sm3"),
    )
    op.create_table(
        "register",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("imported_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "outcomes",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("manifest_sm3", sa.String(length=64), nullable=False),
        sa.Column("record", sa.String(length=64), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("fixable", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office", "manifest_sm3"],
            ["batches.office", "batches.manifest_sm3"],
        ),
        sa.PrimaryKeyConstraint("office", "manifest_sm3", "record", "version"),
    )
    op.create_table(
        "receipts",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("manifest_sm3", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=1), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office", "manifest_sm3"],
            ["batches.office", "batches.manifest_sm3"],
        ),
        sa.PrimaryKeyConstraint("office", "manifest_sm3", "kind"),
    )
    op.create_table(
        "records",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("record", sa.String(length=64), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("manifest_sm3", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=100), nullable=False),
        sa.Column("form_version", sa.String(length=100), nullable=False),
        sa.Column("form_sm3", sa.String(length=64), nullable=False),
        sa.Column("subject_kind", sa.String(length=10), nullable=False),
        sa.Column("subject_code", sa.Text(), nullable=False),
        sa.Column("subject_name", sa.Text(), nullable=False),
        sa.Column("content_sm3", sa.String(length=64), nullable=False),
        sa.Column("submission_sm3", sa.String(length=64), nullable=False),
        sa.Column("submission_sha256", sa.String(length=64), nullable=False),
        sa.Column("submission_size", sa.BigInteger(), nullable=False),
        sa.Column("authorisation", sa.String(length=200), nullable=True),
        sa.Column("accepted_at", sa.String(length=20), nullable=False),
        sa.Column("read_status", sa.String(length=10), nullable=False),
        sa.Column("read_at", sa.String(length=20), nullable=True),
        sa.Column("read_note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["office", "manifest_sm3"],
            ["batches.office", "batches.manifest_sm3"],
        ),
        sa.PrimaryKeyConstraint("office", "record", "version"),
    )
    op.create_index("records_of_subject", "records", ["office", "subject_code"], unique=False)
    op.create_index("records_to_read", "records", ["office", "read_status"], unique=False)
    op.create_table(
        "answers",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("record", sa.String(length=64), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office", "record", "version"],
            ["records.office", "records.record", "records.version"],
        ),
        sa.PrimaryKeyConstraint("office", "record", "version", "ref"),
    )
    op.create_table(
        "attachments",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("record", sa.String(length=64), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sm3", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office", "record", "version"],
            ["records.office", "records.record", "records.version"],
        ),
        sa.PrimaryKeyConstraint("office", "record", "version", "name"),
    )
    op.execute("INSERT INTO about (name, value) VALUES ('schema', '1')")
