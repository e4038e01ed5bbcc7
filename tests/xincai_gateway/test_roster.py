"""Rosters as counties keep them: Excel workbooks, good ones and all the ways in which they are not."""

import datetime
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from xincai.errors import Problem, explain
from xincai.xforms import Form, read_form
from xincai_gateway.roster import read_roster

HEADS = ("主体类型", "代码", "姓名", "区划代码", "村", "平台已有", "hh_phone")
ROW = ("HH", "A1", "王测䶮", "410499101201", "柳河村", "9/re 3/tax", "13800000000")
FORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head>
<h:title>t</h:title><model><instance><data id="household" version="1"><hh_phone/><moved/></data></instance>
<bind nodeset="/data/hh_phone" type="string"/><bind nodeset="/data/moved" type="date"/></model></h:head>
<h:body>
<input ref="/data/hh_phone"><label>p</label></input><input ref="/data/moved"><label>m</label></input>
</h:body></h:html>"""


@pytest.fixture(scope="module")
def forms() -> dict[str, Form]:
    return {"household": read_form(FORM.encode(), {})}


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """Writes a workbook with one sheet 名单; `change` does to it what somebody did in Excel."""

    def write(*rows: tuple[object, ...], change: Callable[[Worksheet], None] = lambda _: None) -> Path:
        made = openpyxl.Workbook()
        sheet = made.active
        assert isinstance(sheet, Worksheet)
        sheet.title = "名单"
        for row in rows:
            sheet.append(row)
        change(sheet)
        path = tmp_path / "柳河.xlsx"
        made.save(path)
        return path

    return write


def read(path: Path, forms: dict[str, Form]) -> object:
    return read_roster(path, name="a1", title="柳河村", due="2026-12-31", forms=forms)


def test_a_workbook_is_read_as_it_was_meant(book: Callable[..., Path], forms: dict[str, Form]) -> None:
    """A title row above is no head; numbers, dates, blanks, a hidden and an empty sheet before."""

    def decorate(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        hidden = sheet.parent.create_sheet("码表", 0)
        hidden.append(("HH", "农户"))
        hidden.sheet_state = "hidden"
        sheet.parent.create_sheet("Sheet1", 1)
        sheet.parent.create_sheet("说明").append(("这张表不看",))
        sheet.column_dimensions["A"].width = 30

    path = book(
        (*HEADS, "moved", None),
        (*ROW, datetime.date(2025, 3, 1), None),
        (None,) * 9,
        ("HH", 20261, "李示例", 410499101201, " 柳河村 ", None, 13900000000, None, None),
        change=decorate,
    )
    assignment = read_roster(path, name="a1", title="柳河村", due="2026-12-31", forms=forms)
    first, second = assignment.visits
    assert (first.code, first.name, first.region, first.held) == (
        "A1",
        "王测䶮",
        "410499101201",
        ("9/re", "3/tax"),
    )
    assert first.given("household") == {"hh_phone": "13800000000", "moved": "2025-03-01"}
    assert (second.code, second.region, second.village) == ("20261", "410499101201", "柳河村")
    assert second.given("household") == {"hh_phone": "13900000000"}


def cell(place: str, value: object) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        sheet[place] = value

    return change


def error(sheet: Worksheet) -> None:
    sheet["C3"] = "#N/A"
    sheet["C3"].data_type = "e"


@pytest.mark.parametrize(
    ("change", "told", "next_step"),
    [
        (cell("A3", "户"), "名单（柳河.xlsx · 名单）第 3 行（共 1 行）：主体类型不对", "改正这些行"),
        (cell("B3", 41049919900101001), "第 3 行（共 1 行）：主体代码含有", "设为“文本”"),
        (cell("D3", "4.10499E+11"), "第 3 行（共 1 行）：区划代码不是十二位", "设为“文本”"),
        (cell("C3", None), "第 3 行（共 1 行）：主体名称空缺", "改正这些行"),
        (cell("B3", "A1"), "第 3 行（共 1 行）：主体代码重复", "改正这些行"),
        (cell("H1", "住址"), "名单（柳河.xlsx · 名单）里这些列不是任务表单的题项：住址", "题项名"),
        (cell("D1", "区划"), "名单（柳河.xlsx · 名单）缺少这些列：region", "补齐列名"),
        (cell("G1", "代码"), "柳河.xlsx 的 名单 表第 1 行：列名“代码”出现了两次", "改名"),
        (cell("C3", "=A1"), "柳河.xlsx 的 名单 表第 3 行：单元格 C3 是公式", "在 Excel 中打开并保存"),
        (error, "柳河.xlsx 的 名单 表第 3 行：单元格 C3 里是 Excel 的错误值", "改正这个单元格"),
    ],
)
def test_a_mistake_names_sheet_row_and_what_to_do(
    book: Callable[..., Path],
    forms: dict[str, Form],
    change: Callable[[Worksheet], None],
    told: str,
    next_step: str,
) -> None:
    second = ("HH", "A2", "李示例", "410499101201", "柳河村", "", "")
    with pytest.raises(Problem) as caught:
        read(book(HEADS, ROW, second, change=change), forms)
    explanation = explain(caught.value, "zh")
    assert told in explanation.what
    assert next_step in explanation.next
    english = explain(caught.value, "en")
    assert "柳河.xlsx" in english.what
    for said in (explanation.what, english.what):
        assert not any(name in said for name in ("王测䶮", "李示例")), "nothing of what the rows say"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "不是完整的 Excel"),
        (b"PK\x03\x04 cut off", "不是完整的 Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "旧格式（.xls）或加了密码"),
    ],
)
def test_what_is_no_workbook_is_told(tmp_path: Path, forms: dict[str, Form], data: bytes, told: str) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(data)
    with pytest.raises(Problem) as caught:
        read(path, forms)
    assert told in explain(caught.value, "zh").what


def test_a_workbook_that_was_cut_anywhere_is_refused(
    book: Callable[..., Path], forms: dict[str, Form]
) -> None:
    path = book(HEADS, ROW)
    whole = path.read_bytes()
    for length in range(0, len(whole), 97):
        path.write_bytes(whole[:length])
        with pytest.raises(Problem):
            read(path, forms)


def test_a_workbook_without_anything_lacks_its_columns(
    book: Callable[..., Path], forms: dict[str, Form]
) -> None:
    with pytest.raises(Problem, match="roster_columns"):
        read(book(), forms)


def test_a_thousand_rows_with_mistakes_tell_the_first_and_how_many(
    book: Callable[..., Path], forms: dict[str, Form]
) -> None:
    rows = [("HH", f"B{n}", "" if n % 2 else "某", "410499101201", "柳河村", "", "") for n in range(1000)]
    with pytest.raises(Problem) as caught:
        read(book(HEADS, *rows), forms)
    assert "第 3、5、7、9、11、13、15、17…" in explain(caught.value, "zh").what
    assert caught.value.facts["count"] == 500


@pytest.mark.parametrize("due", ["2026-02-31", "2026-13-01", "20261231", "", "2026-1-1"])
def test_a_day_that_there_is_not_is_refused(tmp_path: Path, due: str) -> None:
    with pytest.raises(Problem, match="roster_due"):
        read_roster(tmp_path / "none.csv", name="a1", title="柳河村", due=due, forms={})
