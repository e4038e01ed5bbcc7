"""Each row of faults names tests that there are."""

import re
from pathlib import Path

import pytest

import fault_report

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("row", fault_report.rows(), ids=lambda row: row.number)
def test_a_row_names_tests_that_there_are(row: fault_report.Row) -> None:
    assert row.tests or row.missing
    for name in row.tests:
        file, _, test = name.partition("::")
        assert re.search(rf"^def {test}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE), name
