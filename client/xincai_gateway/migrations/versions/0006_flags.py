"""Records are found by the flag that they bear."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Bring a database of the revision before to this one."""
    op.create_index("flagged_by_flag", "flagged", ["office", "flag"])
