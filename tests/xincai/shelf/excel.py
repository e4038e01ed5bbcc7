"""Workbooks made by hand, also such as no honest program would write."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def workbook(sheets: Mapping[str, str], **parts: str) -> bytes:
    """A workbook of sheets given as the XML of their rows; `parts` adds strings, styles or a prolog."""
    prolog = parts.get("prolog", "")
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book:
        named = "".join(
            f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1)
        )
        date = parts.get("workbookPr", "")
        book.writestr("xl/workbook.xml", f"<workbook {MAIN} {R}>{date}<sheets>{named}</sheets></workbook>")
        links = "".join(
            f'<Relationship Id="rId{n}" Type="x" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        book.writestr("xl/_rels/workbook.xml.rels", f"<Relationships {LINKS}>{links}</Relationships>")
        for n, rows in enumerate(sheets.values(), 1):
            page = f"{prolog}<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"
            book.writestr(f"xl/worksheets/sheet{n}.xml", page)
        if "strings" in parts:
            book.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{parts['strings']}</sst>")
        if "styles" in parts:
            book.writestr("xl/styles.xml", f"<styleSheet {MAIN}>{parts['styles']}</styleSheet>")
    return stream.getvalue()


def row(number: int, *cells: str) -> str:
    """A row of cells of plain words, from column A on."""
    written = "".join(
        f'<c r="{chr(65 + n)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>' if cell else ""
        for n, cell in enumerate(cells)
    )
    return f'<row r="{number}">{written}</row>'
