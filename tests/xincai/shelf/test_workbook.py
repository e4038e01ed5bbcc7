"""What a person typed into Excel, as they meant it; and workbooks that mean harm."""

import resource
import zipfile
from io import BytesIO

import openpyxl
import pytest

from xincai import clock
from xincai.errors import Problem, explain
from xincai.shelf import workbook as books
from xincai.shelf.convert import SHEETS
from xincai.shelf.workbook import read_xlsx

from .excel import row, workbook

HEAD = row(1, "type", "name", "label")


def cells(inner: str, **parts: str) -> dict[str, str]:
    """The cells of the one row below the head."""
    sheet = read_xlsx(workbook({"survey": f'{HEAD}<row r="2">{inner}</row>'}, **parts), "a.xlsx", SHEETS)
    return dict(sheet["survey"].rows[0].cells)


def trouble(data: bytes) -> Problem:
    with pytest.raises(Problem) as caught:
        read_xlsx(data, "a.xlsx", SHEETS)
    for language in ("zh", "en"):
        assert explain(caught.value, language).next
    return caught.value


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("<c r='B2'><v>1</v></c>", "1"),
        ("<c r='B2'><v>1.0</v></c>", "1"),
        ("<c r='B2'><v>0.30000000000000004</v></c>", "0.3"),
        ("<c r='B2'><v>410499000000</v></c>", "410499000000"),
        ("<c r='B2'><v>1.5E-3</v></c>", "0.0015"),
        ("<c r='B2' t='b'><v>1</v></c>", "TRUE"),
        ("<c r='B2' t='b'><v>0</v></c>", "FALSE"),
        ("<c r='B2' t='str'><f>A1</f><v>sum</v></c>", "sum"),
        ("<c r='B2' t='s'><v>0</v></c>", "王测 䶮"),
        ("<c r='B2' t='s'><v>1</v></c>", "rich text"),
        ("<c r='B2' s='1'><v>46348</v></c>", "2026-11-22"),
        ("<c r='B2' s='1'><v>46348.75</v></c>", "2026-11-22T18:00:00"),
        ("<c r='B2' s='2'><v>0.75</v></c>", "18:00:00"),
        ("<c r='B2' s='3'><v>3.5</v></c>", "3.5"),
    ],
)
def test_a_cell_is_read_as_it_is_meant(cell: str, meant: str) -> None:
    strings = "<si><t>王测\xa0䶮 </t></si><si><r><t>rich </t></r><r><t>text</t></r><rPh><t>no</t></rPh></si>"
    styles = (
        "<numFmts><numFmt numFmtId='164' formatCode='hh:mm'/><numFmt numFmtId='165' "
        "formatCode='0.0&quot;days&quot;'/></numFmts><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/>"
        "<xf numFmtId='164'/><xf numFmtId='165'/></cellXfs>"
    )
    assert cells(cell, strings=strings, styles=styles)["name"] == meant


def test_a_mac_of_old_counts_days_from_1904() -> None:
    styles = "<cellXfs><xf numFmtId='14'/></cellXfs>"
    found = cells("<c r='B2' s='0'><v>0</v></c>", styles=styles, workbookPr="<workbookPr date1904='1'/>")
    assert found["name"] == "00:00:00"
    found = cells("<c r='B2' s='0'><v>44886</v></c>", styles=styles, workbookPr="<workbookPr date1904='1'/>")
    assert found["name"] == "2026-11-22"


def test_a_row_knows_its_number_and_the_letters_of_its_columns() -> None:
    data = workbook(
        {"Survey": f"{row(3, '', 'type', 'name')}{row(9, '', 'text', 'a')}", "Notes": row(1, "x")}
    )
    sheets = read_xlsx(data, "a.xlsx", SHEETS)
    place = sheets["survey"].rows[0].place
    assert set(sheets) == {"survey"}
    assert (place.row, place.cell("name"), place.cell("other")) == (9, "C9", "")


def test_a_lone_sheet_of_another_name_is_the_survey() -> None:
    sheets = read_xlsx(workbook({"Sheet1": HEAD + row(2, "text", "a", "A")}), "a.xlsx", SHEETS)
    assert sheets["survey"].rows[0]["name"] == "a"


def test_a_lone_sheet_is_the_survey_in_a_workbook_as_excel_writes_it() -> None:
    book, stream = openpyxl.Workbook(), BytesIO()
    book.active.append(("type", "name", "label"))
    book.active.append(("text", "a", "A"))
    book.save(stream)
    assert read_xlsx(stream.getvalue(), "a.xlsx", SHEETS)["survey"].rows[0]["name"] == "a"


def test_a_million_blank_rows_and_sixteen_thousand_blank_columns_cost_nothing() -> None:
    wide = "".join(f'<c r="{books._after("ZZ")}2" s="1"/>' for _ in range(16_000))
    blank = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(4, 1_000_000))
    rows = f'{HEAD}<row r="2">{wide}</row>{row(3, "text", "a", "A")}{blank}'
    data = workbook({"survey": rows})
    begun = clock.monotonic()
    sheet = read_xlsx(data, "a.xlsx", SHEETS)["survey"]
    assert clock.monotonic() - begun < 4
    assert [each["name"] for each in sheet.rows] == ["a"]


# --- harm


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "MOST_UNPACKED", 5_000_000)
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book:
        for n in range(6):
            book.writestr(f"xl/worksheets/sheet{n}.xml", bytes(1_000_000))
    assert trouble(stream.getvalue()).code == "shelf.workbook_too_large"


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(workbook({"survey": HEAD + row(2, "text", "a", " " * 2_000_000 + "x")}))
    book = zipfile.ZipFile(BytesIO(data))
    size = book.getinfo("xl/worksheets/sheet1.xml").file_size.to_bytes(4, "little")
    lied = bytes(data).replace(size, (100).to_bytes(4, "little"))
    assert trouble(lied).code == "shelf.not_xlsx"


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "MOST_CELLS", 20)
    rows = "".join(row(n, "text", f"a{n}", "A") for n in range(2, 20))
    assert trouble(workbook({"survey": HEAD + rows})).code == "shelf.workbook_too_large"


def test_a_row_without_end_takes_no_memory() -> None:
    endless = "<c r='ZZ2'/>" * 500_000
    data = workbook({"survey": f'{HEAD}<row r="2">{endless}</row>{row(3, "text", "a", "A")}'})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(read_xlsx(data, "a.xlsx", SHEETS)["survey"].rows) == 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000


def test_entities_are_refused() -> None:
    prolog = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    data = workbook({"survey": HEAD + row(2, "text", "a", "&b;")}, prolog=prolog)
    assert trouble(data).code == "shelf.not_xlsx"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "shelf.not_xlsx"),
        (b"PK\x03\x04 cut short", "shelf.not_xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "shelf.old_excel"),
        (workbook({"survey": "<row><c r='A1' t='s'><v>7</v></c></row>"}), "shelf.not_xlsx"),
        (
            workbook({"survey": HEAD + "<row r='2'><c r='A2' t='e'><v>#REF!</v></c></row>"}),
            "shelf.cell_error",
        ),
        (workbook({"survey": HEAD + "<row r='2'><c r='A2'><f>1+1</f></c></row>"}), "shelf.not_calculated"),
        (workbook({"survey": row(1, "type", "name", "name")}), "shelf.column_twice"),
    ],
)
def test_what_is_no_form_is_told(data: bytes, code: str) -> None:
    assert trouble(data).code == code


def test_an_error_in_a_cell_is_told_with_its_cell() -> None:
    data = workbook({"survey": HEAD + "<row r='7'><c r='B7' t='e'><v>#NAME?</v></c></row>"})
    facts = trouble(data).facts
    assert (facts["sheet"], facts["row"], facts["cell"], facts["found"]) == ("survey", 7, "B7", "#NAME?")
