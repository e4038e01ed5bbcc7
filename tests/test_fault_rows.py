"""Every fault has its row, and each row names tests that there are."""

import re
from pathlib import Path

import pytest

import fault_report

ROOT = Path(__file__).parents[1]
FAULTS = {"S": 27, "T": 3, "N": 18, "P": 7, "C": 11, "K": 12}
"""How many faults there are of storage, time, network, platform, contents, people and keys."""
PARTS = {"kills", "power", "journals", "flips", "rollback", "desk", "canaries"}


def test_no_fault_is_without_a_row() -> None:
    expected = [f"{room}{number}" for room, count in FAULTS.items() for number in range(1, count + 1)]
    assert [row.number for row in fault_report.rows()] == expected


@pytest.mark.parametrize("row", fault_report.rows(), ids=lambda row: row.number)
def test_a_row_names_tests_that_there_are(row: fault_report.Row) -> None:
    assert row.tests or row.missing
    assert {campaign.partition(" ")[0] for campaign in row.campaigns} <= PARTS
    for name in row.tests:
        file, _, test = name.partition("::")
        assert re.search(rf"^def {test}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE), name


def test_every_library_is_locked_by_its_digest() -> None:
    """What is installed is what was looked at, whatever somebody puts in its place later."""
    text = (ROOT / "build" / "requirements.txt").read_text("utf-8")
    wanted = [part.strip() for part in re.split(r"\n(?=[A-Za-z0-9])", text) if not part.startswith("#")]
    assert len(wanted) > 20
    for each in wanted:
        assert re.match(r"[\w.\-\[\]]+==\S+ .*--hash=sha256:[0-9a-f]{64}", each, re.DOTALL), each[:60]
    assert "--require-hashes" in (ROOT / "build" / "setup.py").read_text("utf-8")
