"""Forms that were taken in, for workers on every machine; who closed an office."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Bring a database of the revision before to this one."""
    op.add_column("offices", sa.Column("closed_by", sa.String(length=40), nullable=True))
    library = op.create_table(
        "library",
        sa.Column("form_sm3", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sm3", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("form_sm3", "name"),
    )
    rows = {(row["form_sm3"], row["name"]): row for row in _published(op.get_bind())}
    if rows:
        op.bulk_insert(library, list(rows.values()))


def _published(connection: sa.Connection) -> list[dict[str, object]]:
    """The files of the forms that are published now, but for their cards."""
    forms = connection.execute(sa.text("SELECT office, files FROM published WHERE kind = 'form'"))
    found: list[dict[str, object]] = []
    for office, files in forms.all():
        digests = {name: digest for name, digest, _ in _named(files)}
        for name, digest in digests.items():
            query = sa.text("SELECT data FROM published_files WHERE office = :office AND sm3 = :sm3")
            data = connection.execute(query, {"office": office, "sm3": digest}).scalar()
            if data is not None and name != "card.json" and "form.xml" in digests:
                bare = name.removeprefix("list/")
                found.append({"form_sm3": digests["form.xml"], "name": bare, "sm3": digest, "data": data})
    return found


def _named(files: str) -> list[list[str]]:
    """The files of a document; what is no such list names none."""
    try:
        return [file for file in json.loads(files) if isinstance(file, list)]
    except ValueError:
        return []
