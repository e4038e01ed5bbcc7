"""Lists as a person sees them on a terminal, and as a program reads them elsewhere."""

import json
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from gateways import OFFICE
from offices import opened
from xincai_gateway import offices
from xincai_gateway.listing import shown

NAME = "示例县柳河镇便民服务中心（农业农村综合服务站）𬭚"


def places(text: str) -> list[str]:
    """One entry for each place on a terminal: a wide character fills two."""
    return [
        half for letter in text for half in (letter, "")[: 1 + (unicodedata.east_asian_width(letter) in "WF")]
    ]


def test_columns_stand_under_one_another_whatever_is_written_in_them() -> None:
    rows = [
        {"office": "410499101", "name": NAME, "records": 7, "last": None},
        {"office": "410499102", "name": "Liuhe", "records": 12345, "last": "2026-11-22T16:04:05Z"},
        {"office": "410499103", "name": "e\u0301 全角ＡＢ", "records": 0, "last": None},
    ]
    head, rule, *lines, note = shown({"offices": rows}).rstrip("\n").split("\n")
    assert (head.split(), note) == (["采集单位", "名称", "件数", "最近送达"], "共 3 行，时间为北京时间。")
    columns = [match.span() for match in re.finditer("-+", rule)]
    assert len(columns) == 4
    for row, line in zip(rows, lines, strict=True):
        seen = places(line.replace("\u0301", ""))
        cells = ["".join(seen[start:end]) for start, end in columns]
        assert cells[0].strip() == row["office"]
        assert cells[1].rstrip()[:4] == str(row["name"]).replace("\u0301", "")[:4]
        assert cells[2] == str(row["records"]).rjust(columns[2][1] - columns[2][0])
        assert all(seen[end : end + 2] in (list("  "), [" "], []) for _, end in columns)
    assert lines[1].endswith("2026-11-23 00:04")


def test_nothing_that_others_wrote_moves_the_cursor() -> None:
    text = shown({"deliveries": [{"message": "\x1b[2J\x1b]0;title\x07红\r\n二", "office": "4"}]})
    assert all(letter.isprintable() or letter == "\n" for letter in text)
    assert len(text.splitlines()) == 4


def test_what_is_empty_says_so_and_empty_columns_are_left_out() -> None:
    assert shown({"offices": []}) == "（没有）\n"
    text = shown({"devices": [{"office": "410499101", "officer": None, "revoked_at": None}]})
    assert "停用时间" not in text
    assert "采集员" not in text


def test_figures_are_percentages_and_what_is_no_table_stays_as_it_is() -> None:
    figures = {"completeness": 0.98765, "accuracy": None}
    text = shown({"quality": [{"office": "4", "group": "", "records": 3, "figures": figures}]})
    assert "98.8%" in text
    assert "准确性" not in text
    assert json.loads(shown({"bytes": 3})) == {"bytes": 3}
    nested = {"held": [{"record": "r", "answers": [{"ref": "/a"}]}]}
    assert json.loads(shown(nested)) == nested


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of POSIX")
def test_a_person_sees_a_table_and_a_program_reads_a_line(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        offices.describe(office.gateway.database, OFFICE, NAME, "李示例 0375-0000000")
    command = [sys.executable, "-m", "xincai_gateway", "office", "list", "--practice"]
    command += ["--data", str(tmp_path / "data"), "--forms", str(tmp_path / "forms")]
    piped = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    (row,) = json.loads(piped)["offices"]
    assert (row["office"], row["name"], row["devices"]) == (OFFICE, NAME, 1)
    ours, theirs = os.openpty()
    with subprocess.Popen(command, stdout=theirs) as process:
        os.close(theirs)
        seen = b""
        while piece := read(ours):
            seen += piece
        assert process.wait(20) == 0
    os.close(ours)
    told = seen.decode()
    assert "采集单位" in told
    assert OFFICE in told
    assert "{" not in told


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # nobody writes to it any more
        return b""
