"""Workbooks of what is sent on hold all of it, whatever a cell or a sheet has room for."""

import json
from pathlib import Path

import openpyxl
import pytest

from offices import opened, person
from xincai_gateway.outgoing import deliver
from xincai_gateway.outgoing import folder as outgoing_folder
from xincai_gateway.outgoing.folder import Folder

LONG = [
    "长" * 40_000,
    "甲" * 32_767,
    "甲" * 32_768,
    "\U00030000" * 33_000,
    "甲" + "\U00030000" * 16_383,
    "=1+1" * 17_000,
]


def test_a_workbook_says_where_a_long_text_goes_on_and_loses_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with opened(tmp_path) as office:
        office.deliver(*(person(number, note=text) for number, text in enumerate(LONG)))
        deliver(office.gateway, Folder(out, office.gateway))
    (path,) = out.glob("*.json")
    document = json.loads(path.read_bytes())
    told = {
        each["record"]: next(line["value"] for line in each["answers"] if line["ref"] == "/data/note")
        for each in document["records"]
    }
    assert sorted(told.values()) == sorted(LONG)
    (path,) = out.glob("*.xlsx")
    book = openpyxl.load_workbook(path)
    head, *lines = book["continued"].iter_rows(values_only=True)
    assert head[:7] == ("sheet", "record", "version", "ref", "column", "part", "text")
    for line in book["answers"].iter_rows(values_only=True, min_row=2):
        record, _, ref, value = line[:4]
        parts = [value, *(each[6] for each in lines if each[:4] == ("answers", record, 1, ref))]
        assert line[8] == len(parts)
        if ref == "/data/note":
            assert "".join(map(str, parts)) == told[record]
            assert all(len(str(part).encode("utf-16-le")) <= 2 * 32_767 for part in parts)
            assert len(parts) == -(-len(told[record].encode("utf-16-le")) // (2 * 32_767))


def test_what_a_sheet_has_no_room_for_stands_in_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing_folder, "_ROWS", 4)
    out = tmp_path / "out"
    with opened(tmp_path) as office:
        office.deliver(*(person(number) for number in range(7)))
        deliver(office.gateway, Folder(out, office.gateway))
    (path,) = out.glob("*.xlsx")
    book = openpyxl.load_workbook(path)
    sheets = [book[name] for name in ("records", "records-2", "records-3")]
    assert [sheet.max_row for sheet in sheets] == [4, 4, 2]
    assert len({sheet.cell(1, 6).value for sheet in sheets}) == 1
    assert len({row[0] for sheet in sheets for row in sheet.iter_rows(values_only=True, min_row=2)}) == 7
