"""`xincai form export FORM --to X.xlsx` and `xincai form import X.xlsx --to X.md`.

Export writes a form of ours for people who edit in Excel: shared blocks, rules and lists written out, so
that it builds the same XForm anywhere, or kept as they are with `--keep`. Files that the form reads go into
`X-media/` beside it. Import writes an Excel or CSV form as Markdown, which shows what changed from one
version to the next.
"""

import sys
from pathlib import Path

from xincai import paths
from xincai.command.form import Options
from xincai.errors import Problem
from xincai.shelf.reading import expanded, read_any, read_sheets
from xincai.shelf.writing import write_markdown, write_xlsx


class SheetOptions(Options):
    """What is written where."""

    way: str
    form: Path
    to: Path
    keep: bool


def main(options: Options) -> int:
    """Write the form in its other clothes."""
    asked = SheetOptions(**vars(options))
    if asked.way == "export":
        _export(asked)
    else:
        _import(asked)
    sys.stdout.write(f"{asked.to}\n")
    return 0


def _export(asked: SheetOptions) -> None:
    if asked.to.suffix.lower() != ".xlsx":
        raise Problem("shelf.wrong_ending", file=asked.to.name, wanted=".xlsx")
    form = _found(asked.form)
    sheets = read_sheets(form) if asked.keep else expanded(form)
    asked.to.write_bytes(write_xlsx(sheets))
    files = read_any(form).files
    if files:
        folder = asked.to.with_name(f"{asked.to.stem}-media")
        folder.mkdir(exist_ok=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)


def _import(asked: SheetOptions) -> None:
    if asked.to.suffix.lower() != ".md":
        raise Problem("shelf.wrong_ending", file=asked.to.name, wanted=".md")
    sheets = read_sheets(asked.form)
    title = read_any(asked.form).card.title["zh"]
    asked.to.write_text(write_markdown(sheets, title), "utf-8")


def _found(form: Path) -> Path:
    """The file; a bare id is one of the forms that come with the program."""
    shipped = paths.forms() / f"{form}.md"
    return shipped if not form.exists() and form.name == str(form) and shipped.exists() else form
