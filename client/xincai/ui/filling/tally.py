"""What the page tells of a filling as a whole: how sections stand, whom it is about, what is unusual."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from xincai.desk import Entry, Filling, Finding
from xincai.errors import Problem
from xincai.ui.filling.column import Column
from xincai.ui.filling.outline import Standing
from xincai.ui.filling.review import Summary
from xincai.ui.filling.sections import Section, questions_of, standing_of, title_of
from xincai.ui.filling.text import LISTED, mask
from xincai.ui.filling.told import tone_of

translate = QCoreApplication.translate


def standings(
    filling: Filling, sections: tuple[Section, ...], form: str, *, checked: bool
) -> dict[str, Standing]:
    """How every section stands, by its reference; `form` titles sections without a title."""
    return {
        one.ref: standing_of(filling, one, title_of(filling, one, form), checked=checked) for one in sections
    }


def subject_of(filling: Filling) -> str:
    """Name, code and kind of the subject, as far as they are known."""
    marked: dict[str, str] = {}
    for entry in filling.questions():
        kind = entry.attributes.get("subject", "")
        if kind in ("name", "code", "kind") and entry.value and kind not in marked:
            shown = filling.display(entry.ref)
            marked[kind] = mask(shown) if entry.attributes.get("level") in LISTED else shown
    return "\n".join(marked[kind] for kind in ("name", "code", "kind") if kind in marked)


def summary_of(filling: Filling, sections: list[Section], form: str) -> Summary:
    """The facts of the review."""
    facts: list[tuple[str, str]] = []
    unusual: list[Finding] = []
    unanswered = 0
    for section in sections:
        asked = questions_of(filling, section)
        open_ones = [e for e in asked if not e.readonly and e.control not in ("note", "trigger")]
        open_ones = [e for e in open_ones if "label" not in e.appearance.split()]  # a table's head
        answered = sum(bool(entry.value) for entry in open_ones)
        unanswered += sum(not entry.value and not entry.required for entry in open_ones)
        words = translate("FillingPage", "已答 {answered} 题，共 {count} 题")
        if open_ones:
            told = words.format(answered=answered, count=len(open_ones))
            facts.append((title_of(filling, section, form), told))
        unusual += [
            Finding(entry.ref, "warning", entry.label, "")
            for entry in asked
            if entry.control == "note" and tone_of(entry) == "warn"
        ]
    return Summary(subject_of(filling), tuple(facts), filling.findings(), tuple(unusual), unanswered)


def unread(filling: Filling, columns: Iterable[Column]) -> str:
    """The first question that holds what could not be taken in, or an outline that is none; "" when none."""
    return next(filter(None, (column.unread() for column in columns)), "") or next(
        (entry.ref for entry in filling.questions() if entry.type == "geoshape" and _is_none(filling, entry)),
        "",
    )


def _is_none(filling: Filling, outline: Entry) -> bool:
    """Whether an outline cannot be measured: its edges cross."""
    try:
        if outline.value:
            filling.area(outline.value)
    except Problem:
        return True
    return False
