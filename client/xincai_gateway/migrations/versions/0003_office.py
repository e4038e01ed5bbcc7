"""What an office reads and does: quality, flags, rights, publishing, deliveries, accesses."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Bring a database of the revision before to this one."""
    op.create_table(
        "accesses",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("access", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("who", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("level", sa.String(length=4), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("office", "access"),
    )
    op.create_table(
        "administrators",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("passphrase", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "deliveries",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("delivery", sa.String(length=64), nullable=False),
        sa.Column("destination", sa.String(length=100), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.String(length=20), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.String(length=20), nullable=True),
        sa.Column("code", sa.String(length=8), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("office", "delivery"),
    )
    op.create_index("deliveries_open", "deliveries", ["destination", "status"], unique=False)
    op.create_table(
        "erasing",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("sm3", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("office", "sm3"),
    )
    op.create_table(
        "flags",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("flag", sa.String(length=64), nullable=False),
        sa.Column("signal", sa.String(length=20), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("form", sa.String(length=100), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reviewed_at", sa.String(length=20), nullable=True),
        sa.Column("reviewed_by", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("office", "flag"),
    )
    op.create_table(
        "objections",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("objection", sa.String(length=64), nullable=False),
        sa.Column("record", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.String(length=20), nullable=False),
        sa.Column("raised_by", sa.String(length=40), nullable=False),
        sa.Column("closed_at", sa.String(length=20), nullable=True),
        sa.Column("closed_by", sa.String(length=40), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("office", "objection"),
    )
    op.create_index("objections_to_records", "objections", ["office", "record"], unique=False)
    op.create_table(
        "published",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("document", sa.String(length=100), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("published_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("office", "kind", "document"),
    )
    op.create_table(
        "published_files",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("sm3", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("office", "sm3"),
    )
    op.create_table(
        "withdrawn",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("record", sa.String(length=64), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("form", sa.String(length=100), nullable=False),
        sa.Column("withdrawal", sa.String(length=64), nullable=False),
        sa.Column("withdrawn_at", sa.String(length=20), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("read_status", sa.String(length=10), nullable=False),
        sa.Column("read_at", sa.String(length=20), nullable=True),
        sa.Column("read_note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("office", "record", "version"),
    )
    op.create_table(
        "delivered",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("record", sa.String(length=64), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("destination", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("delivery", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["office", "delivery"],
            ["deliveries.office", "deliveries.delivery"],
        ),
        sa.PrimaryKeyConstraint("office", "record", "version", "destination", "action"),
    )
    op.create_index("delivered_in", "delivered", ["office", "delivery"], unique=False)
    op.create_table(
        "flagged",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("record", sa.String(length=64), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("flag", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["office", "flag"],
            ["flags.office", "flags.flag"],
        ),
        sa.PrimaryKeyConstraint("office", "record", "version", "flag"),
    )
    op.add_column("answers", sa.Column("kind", sa.String(length=20), nullable=True))
    op.add_column("outcomes", sa.Column("form", sa.String(length=100), nullable=True))
    op.add_column("records", sa.Column("region", sa.Text(), nullable=True))
    op.add_column("records", sa.Column("started_at", sa.String(length=20), nullable=True))
    op.add_column("records", sa.Column("ended_at", sa.String(length=20), nullable=True))
    op.create_index("records_by_code", "records", ["subject_code"], unique=False)
    # gateways that know no steps look here, and leave this database alone
    op.execute("UPDATE about SET value = '3' WHERE name = 'schema'")
