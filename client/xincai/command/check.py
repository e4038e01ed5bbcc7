"""`xincai form check FILE...`: everything that is wrong or doubtful in forms, each with its place.

One line for each remark, as compilers write them: `file:sheet:row:column: error: what. What to write
instead.` Ends with 1 when any form has an error. `--json` prints one JSON line a form; `--into` also writes
the form, made ready, into a folder (for the program, which looks at a form of others in a process apart).
"""

import json
import locale
import sys
from dataclasses import asdict
from pathlib import Path

from xincai.command.form import Options
from xincai.errors import Language
from xincai.shelf import apart
from xincai.shelf.reading import Inspection, inspect
from xincai.shelf.remarks import Remark

_WORDS = {
    "zh": {"error": "错误", "warning": "提醒", "good": "没有问题", "used": "可以使用"},
    "en": {"error": "error", "warning": "warning", "good": "nothing wrong", "used": "can be used"},
}


class CheckOptions(Options):
    """What is to be checked, and how it is told."""

    files: list[Path]
    json: bool
    lang: Language | None
    into: Path | None


def main(options: Options) -> int:
    """Check the forms; 1 when one of them has an error."""
    asked = CheckOptions(**vars(options))
    language = asked.lang or _own_language()
    good = True
    for file in asked.files:
        found = inspect(file)
        good = good and found.source is not None
        if asked.into is not None and found.source is not None:
            apart.write(found.source, asked.into)
        sys.stdout.write(_line(file, found) if asked.json else _words(file, found, language))
        sys.stdout.flush()
    return 0 if good else 1


def _own_language() -> Language:
    """The language of this computer, as far as we speak it: Chinese unless it says English."""
    name = locale.getlocale()[0] or ""
    return "en" if name.lower().startswith("en") else "zh"


def _words(file: Path, found: Inspection, language: Language) -> str:
    said = _WORDS[language]
    lines = []
    for remark in found.remarks:
        told = remark.told(language)
        weight = said["error" if remark.grave else "warning"]
        lines.append(f"{remark.where or file.name}: {weight}: {told.what} {told.next}")
    if found.source is not None:
        card = found.source.card
        title = f"{card.title[language]} ({card.form_id}{f' {card.version}' if card.version else ''})"
        lines.append(f"{file.name}: {said['used' if found.remarks else 'good']}: {title}")
    return "".join(f"{line}\n" for line in lines)


def _line(file: Path, found: Inspection) -> str:
    card = None if found.source is None else asdict(found.source.card)
    told = {
        "file": str(file),
        "ok": found.source is not None,
        "form": card,
        "remarks": [_remark(remark) for remark in found.remarks],
    }
    return json.dumps(told, ensure_ascii=False) + "\n"


def _remark(remark: Remark) -> dict[str, object]:
    zh, en = remark.told("zh"), remark.told("en")
    place = remark.place
    return {
        "weight": "error" if remark.grave else "warning",
        "code": remark.problem.code,
        "facts": dict(remark.problem.facts),
        "file": place.file if place else "",
        "sheet": place.sheet if place else "",
        "row": place.row if place else 0,
        "column": remark.column,
        "cell": place.cell(remark.column) if place else "",
        "zh": {"what": zh.what, "next": zh.next},
        "en": {"what": en.what, "next": en.next},
    }
