"""The tables are documented, column by column, and the platform can read as the page says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateways import OFFICE
from offices import opened, person
from xincai_gateway import schema

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "client" / "xincai_gateway" / "README.md"


def test_the_page_is_current() -> None:
    told = subprocess.run(
        [sys.executable, ROOT / "build" / "tables.py", "--check"], check=False, capture_output=True, text=True
    )
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize("table", schema.metadata.tables.values(), ids=str)
def test_every_table_and_column_has_a_meaning(table: sa.Table) -> None:
    assert table.comment
    assert [column.name for column in table.columns if not column.comment] == []


def test_the_platform_reads_as_the_page_says(tmp_path: Path, db_url: str) -> None:
    block = re.search(r"```sql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert block
    unread, answers, read = (sa.text(part) for part in block[1].split(";") if part.strip())
    with opened(tmp_path, db_url) as office:
        office.deliver(person(1), person(2))
        assert person(1)["code"].startswith(OFFICE[:6])

        def work(connection: sa.Connection) -> tuple[int, int]:
            rows = connection.execute(unread).mappings().all()
            key = {"record": rows[0]["record"], "version": rows[0]["version"]}
            given = connection.execute(answers, key).all()
            connection.execute(read, {**key, "now": "2026-11-22T03:04:05Z"})
            assert len(connection.execute(unread).all()) == 1
            return len(rows), len(given)

        count, given = office.gateway.database.write(work)
        assert count == 2
        assert given == 10
