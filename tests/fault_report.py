"""Which fault is shown to be survived by which tests, how often, and what went wrong: `fault-report.md`.

The rows stand in `fault_rows.toml`. Tests tell their outcome as they run, campaigns theirs piece by piece;
both are kept in `.faults/`, so that the report shows the last run of each.
"""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
ROWS = Path(__file__).with_name("fault_rows.toml")
KEPT = ROOT / ".faults"
REPORT = ROOT / "fault-report.md"
_TESTS = KEPT / "tests.json"


@dataclass(frozen=True)
class Row:
    """A fault, the tests that show it survived (file::name), parts of campaigns, and what none shows.

    A campaign is a part of the vault's, or "part beginning": the pieces whose names begin so.
    """

    number: str
    fault: str
    tests: tuple[str, ...]
    campaigns: tuple[str, ...]
    missing: str


def rows() -> tuple[Row, ...]:
    told = tomllib.loads(ROWS.read_text("utf-8"))
    return tuple(
        Row(
            number,
            row["fault"],
            tuple(row.get("tests", ())),
            tuple(row.get("campaigns", ())),
            row.get("missing", ""),
        )
        for number, row in told.items()
    )


def keep(part: str, name: str, told: dict[str, Any]) -> None:
    """Write down a piece of a campaign that is done."""
    KEPT.mkdir(exist_ok=True)
    with (KEPT / f"{part}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"name": name, **told}, ensure_ascii=False) + "\n")


def done(part: str) -> dict[str, dict[str, Any]]:
    """The pieces of a campaign that are done; of one done twice the last."""
    path = KEPT / f"{part}.jsonl"
    if not path.exists():
        return {}
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.endswith("}")]
    return {line.pop("name"): line for line in lines}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Take what the tests of a row told, and write the report when there was one."""
    wanted = {test for row in rows() for test in row.tests}
    found: dict[str, dict[str, int]] = {}
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.getreports(outcome):
            name = getattr(report, "nodeid", "").partition("[")[0]
            if name in wanted:
                told = found.setdefault(name, {"runs": 0, "count": 0, "wrong": 0, "skipped": 0})
                count = dict(report.user_properties).get("count", 1)
                told["runs"] += 1
                told["count"] += int(str(count)) if outcome == "passed" else 0
                told["wrong"] += outcome in {"failed", "error"}
                told["skipped"] += outcome == "skipped"
    if found:
        KEPT.mkdir(exist_ok=True)
        _TESTS.write_text(json.dumps({**_tests(), **found}, indent=1), "utf-8")
        write()


def write() -> None:
    """Write the report of what was run so far."""
    REPORT.write_text("\n".join(_lines()) + "\n", "utf-8")


def _tests() -> dict[str, dict[str, int]]:
    return json.loads(_TESTS.read_text("utf-8")) if _TESTS.exists() else {}


def _lines() -> Iterator[str]:
    tests = _tests()
    yield "# Faults: row, test, count, violations"
    yield ""
    yield "Counts are of the last run of each test and campaign on this computer."
    yield ""
    yield "| row | fault | test or campaign | count | violations |"
    yield "|---|---|---|---|---|"
    for row in rows():
        for name in row.tests:
            told = tests.get(name)
            count, wrong = _told(told) if told else ("not run", "")
            yield f"| {row.number} | {row.fault} | {name} | {count} | {wrong} |"
        for campaign in row.campaigns:
            part, _, beginning = campaign.partition(" ")
            pieces = [piece for name, piece in done(part).items() if name.startswith(beginning)]
            count = str(sum(piece["tried"] for piece in pieces)) if pieces else "not run"
            wrong = str(sum(len(piece["wrong"]) for piece in pieces)) if pieces else ""
            yield f"| {row.number} | {row.fault} | campaign: {campaign} | {count} | {wrong} |"
        if row.missing:
            yield f"| {row.number} | {row.fault} | not shown: {row.missing} | | |"


def _told(told: dict[str, int]) -> tuple[str, str]:
    skipped = f" ({told['skipped']} skipped)" if told["skipped"] else ""
    return f"{told['count']}{skipped}", str(told["wrong"])
