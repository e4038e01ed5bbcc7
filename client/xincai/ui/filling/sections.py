"""How a form falls into sections: each top-level group or repeat is one; so are loose questions in a row."""

from dataclasses import dataclass

from xincai.desk import Entry, Filling
from xincai.ui.filling import markup
from xincai.ui.filling.outline import Standing


@dataclass(frozen=True)
class Section:
    """A section: its reference (a group, a repeat, or the first loose question) and its top entries."""

    ref: str
    tops: tuple[str, ...]

    def holds(self, ref: str) -> bool:
        """Whether a reference stands in this section."""
        return any(ref == top or ref.startswith((f"{top}/", f"{top}[")) for top in self.tops)


def sections_of(filling: Filling) -> tuple[Section, ...]:
    """The sections of a form, in its order."""
    found: list[Section] = []
    loose: list[str] = []
    for entry in filling.children():
        if entry.kind == "question":
            loose.append(entry.ref)
            continue
        if loose:
            found.append(Section(loose[0], tuple(loose)))
            loose = []
        found.append(Section(entry.ref, (entry.ref,)))
    if loose:
        found.append(Section(loose[0], tuple(loose)))
    return tuple(found)


def relevant_of(filling: Filling, sections: tuple[Section, ...]) -> list[Section]:
    """The sections that are asked as things stand."""
    return [one for one in sections if any(filling.entry(ref).relevant for ref in one.tops)]


def first_unfinished(filling: Filling, sections: tuple[Section, ...]) -> Section:
    """Where a filling goes on: at the question the platform returned, else where there is something to do."""
    for section in sections:
        if filling.returned_ref and section.holds(filling.returned_ref):
            return section
    waiting = [finding.ref for finding in filling.findings()]
    for section in relevant_of(filling, sections):
        if any(section.holds(ref) for ref in waiting):
            return section
    return sections[0]


def entries_of(filling: Filling, section: Section) -> tuple[Entry, ...]:
    """What the section's column shows: a group's own entries, else its top entries themselves."""
    tops = tuple(filling.entry(ref) for ref in section.tops)
    if tops[0].kind != "group":
        return tops
    below = filling.children(section.ref)
    return below[1:] if below and is_table_title(below[0]) else below


def questions_of(filling: Filling, section: Section) -> tuple[Entry, ...]:
    """The relevant questions of a section."""
    found: list[Entry] = []
    for ref in section.tops:
        entry = filling.entry(ref)
        if entry.relevant:
            found.extend([entry] if entry.kind == "question" else filling.questions(ref))
    return tuple(found)


def title_of(filling: Filling, section: Section, otherwise: str) -> str:
    """The section's title in the form's language."""
    entry = filling.entry(section.ref)
    if entry.kind == "question":
        return otherwise
    below = filling.children(section.ref) if entry.kind == "group" else ()
    titled = below[0] if below and is_table_title(below[0]) else entry
    return heading_of(titled) or otherwise


def heading_of(entry: Entry) -> str:
    """What stands over a group; "" when the form gives it no words but its name."""
    if is_table_title(entry) or entry.label != entry.name:
        return markup.plain(entry.label).strip()
    return ""


def is_table_title(entry: Entry) -> bool:
    """Whether an entry is the note into which the form's converter puts the title of a table of choices."""
    return entry.name.startswith("generated_table_list_label_")


def standing_of(filling: Filling, section: Section, title: str, *, checked: bool) -> Standing:
    """How a section stands; missing answers are problems once the person asked for a check."""
    asked = questions_of(filling, section)
    required = [entry for entry in asked if entry.required and not entry.readonly]
    kinds = ("constraint", "choice", "required") if checked else ("constraint", "choice")
    return Standing(
        title=title,
        done=sum(bool(entry.value) for entry in required),
        required=len(required),
        problems=sum(entry.problem_kind in kinds for entry in asked),
        relevant=any(filling.entry(ref).relevant for ref in section.tops),
    )
