"""Write which question of which form asks for which field of the catalogue.

    python build/coverage.py [--check]

Reads `resources/catalogue/catalogue.csv` (17 categories with 37 items, and the further items) and the
forms, and writes `coverage.csv` beside it: one line for each field and question, or the reason why a field
is not asked (`not_asked.csv`). `--check` writes nothing and ends with 1 when the table is not current, a
field has neither question nor reason, or a reason is given for what is asked.
"""

import argparse
import csv
import io
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from xincai.shelf import FormSource, Sources, build
from xincai.xforms import Form, read_form
from xincai.xforms.tree import Definition

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "resources" / "catalogue"
COLUMNS = (
    "key", "category", "category_zh", "item_zh", "item_en", "field_zh", "field_en", "form", "question",
    "question_zh", "question_en", "hint_zh", "hint_en", "type", "unit", "format", "list", "level", "origin",
    "consent", "sharing", "authorisation", "responsible", "why_not",
)  # fmt: skip
NAMES = frozenset({
    "ent_name", "unit_name", "operator_name", "hh_name", "mar_name", "lic_party", "pun_party", "ins_subject",
    "sub_subject", "cmp_party", "lg_name", "ob_party", "rp_party", "wl_name", "farm_name", "cm_party",
    "jd_name",
})  # fmt: skip
OF_QUESTIONS = frozenset({"type", "unit", "level"})
CODES = frozenset({"uscc", "lic_uscc", "ob_code", "rp_code"})


class Question:
    """A question or calculation that carries a catalogue item."""

    def __init__(self, form: Form, place: Definition) -> None:
        control = place.control
        self.form = form
        self.place = place
        self.marks = place.bind.attributes if place.bind is not None else {}
        self.label = [_words(form, control.label, n) if control else "" for n in (0, 1)]
        self.hint = [_words(form, control.hint, n) if control else "" for n in (0, 1)]

    def cells(self) -> dict[str, str]:
        zh, en = self.label
        return {
            "form": self.form.form_id, "question": self.place.name, "question_zh": zh, "question_en": en,
            "hint_zh": self.hint[0], "hint_en": self.hint[1], "type": _type(self.place),
            "list": _list(self.place),
            **{mark: self.marks.get(mark, "") for mark in ("unit", "level", "origin", "consent")},
        }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    text, troubles = table(forms(ROOT / "forms"))
    file = CATALOGUE / "coverage.csv"
    if not options.check:
        file.write_text(text, encoding="utf-8")
    elif not file.exists() or file.read_text(encoding="utf-8") != text:
        troubles.append("resources/catalogue/coverage.csv is not current: run python build/coverage.py")
    for trouble in troubles:
        print(trouble, file=sys.stderr)
    return 1 if troubles else 0


def forms(folder: Path) -> list[FormSource]:
    """All forms, built from their sources."""
    sources = Sources.read(folder)
    return [
        build(
            file.read_text(encoding="utf-8"), blocks=sources.blocks, rules=sources.rules, lists=sources.lists,
            file=file.name,
        )
        for file in sorted(folder.glob("*.md"))
    ]  # fmt: skip


def table(built: list[FormSource]) -> tuple[str, list[str]]:
    """The table as CSV, and what is wrong with it."""
    asked: dict[str, list[Question]] = {}
    for source in built:
        form = read_form(source.xml, source.files)
        for key, question in questions(form):
            asked.setdefault(key, []).append(question)
    reasons = {row["key"]: row for row in rows(CATALOGUE / "not_asked.csv")}
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    troubles: list[str] = []
    known = rows(CATALOGUE / "catalogue.csv")
    for field in known:
        found = asked.get(field["key"]) or generic(field["key"], asked)
        common = {
            **{name: field[name] for name in COLUMNS if name in field and name not in OF_QUESTIONS},
            "field_zh": field["label_zh"], "field_en": field["label_en"], "format": field["rule"],
        }  # fmt: skip
        reason = reasons.pop(field["key"], None)
        if found and reason:
            troubles.append(f"{field['key']}: is asked, yet not_asked.csv gives a reason")
        if not found and reason is None and not _earlier(field["key"], troubles):
            troubles.append(
                f"{field['key']} {field['label_zh']}: no question asks for it, and no reason is given"
            )
        for question in found:
            writer.writerow({**common, **question.cells()})
        if reason is not None:
            reasons[field["key"]] = reason
            writer.writerow({**common, "why_not": reason["reason_zh"]})
    keys = {field["key"] for field in known}
    troubles += [f"{key}: not in the catalogue" for key in {*asked, *reasons} - keys]
    return out.getvalue(), troubles


def _earlier(key: str, troubles: list[str]) -> bool:
    return any(trouble.startswith(f"{key} ") for trouble in troubles)


def questions(form: Form) -> Iterator[tuple[str, Question]]:
    """The questions of a form by the catalogue field they ask for."""
    for place in form.places.values():
        question = Question(form, place)
        item = question.marks.get("item", "")
        if item:
            yield item, question


def generic(key: str, asked: Mapping[str, list[Question]]) -> list[Question]:
    """Name and code of the subject: asked once in a form, whichever items the form asks for."""
    category, _, field = key.partition("/")
    wanted = "name" if field in NAMES else "code" if field in CODES else ""
    if not wanted:
        return []
    holding = {
        q.form.form_id: q.form for item, qs in asked.items() if item.startswith(f"{category}/") for q in qs
    }
    return [
        Question(form, place)
        for form in holding.values()
        for place in form.places.values()
        if place.bind is not None
        and place.bind.attributes.get("subject") == wanted
        and place.name in ("subject_name", "uscc")
    ]


def rows(file: Path) -> list[dict[str, str]]:
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _words(form: Form, wording: object, which: int) -> str:
    """A label or hint in the form's first or second language, with … for what is filled in."""
    itext = getattr(wording, "itext", "")
    pieces = form.texts.get(form.languages[which], {}).get(itext, {}).get("", ()) if itext else ()
    text = "".join(piece if isinstance(piece, str) else "…" for piece in pieces)
    return "" if text == "-" else re.sub(r"\s+", " ", text).strip()


def _type(place: Definition) -> str:
    control = place.control
    if control is not None and control.control in ("select", "select1"):
        return {"select": "select_multiple", "select1": "select_one"}[control.control]
    return place.type


def _list(place: Definition) -> str:
    """The code list a select offers."""
    control = place.control
    nodes = control.itemset.nodes if control is not None and control.itemset is not None else None
    found = re.search(r"Text\(value='([^']+)'\)", repr(nodes)) if nodes is not None else None
    return found[1] if found else ""


if __name__ == "__main__":
    sys.exit(main())
