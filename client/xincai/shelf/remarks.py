"""What is to be said of a form as it is written: mistakes, which stop it, and hints, which do not."""

from dataclasses import dataclass

from xincai.errors import Explanation, Language, Problem, explain
from xincai.shelf.sheets import Place


@dataclass(frozen=True)
class Remark:
    """One thing to be said.

    Attributes:
        problem: what, and what to write instead.
        place: the row it is about; None where it concerns the whole file.
        column: the column, where it is known.
        grave: whether it keeps the form from being used.
    """

    problem: Problem
    place: Place | None = None
    column: str = ""
    grave: bool = True

    def told(self, language: Language = "zh") -> Explanation:
        """In words, without the place, which `where` tells."""
        said = explain(self.problem, language)
        head, colon, rest = said.what.partition("：" if language == "zh" else ": ")
        if self.place is None or not colon or self.place.file not in head:
            return said
        word = rest.split(maxsplit=1)[0] if language == "en" and rest.strip() else "_"
        return Explanation(rest if "_" in word else rest[:1].upper() + rest[1:], said.next)

    @property
    def where(self) -> str:
        """`file:sheet:row:column` with Excel's name of the cell, as far as known; "" for the whole form."""
        if self.place is None:
            return ""
        row = str(self.place.row) if self.place.row else ""
        cell = self.place.cell(self.column)
        column = f"{self.column} ({cell})" if cell else self.column
        return ":".join(part for part in (self.place.file, self.place.sheet, row, column) if part)


def remark_of(problem: Problem, *, grave: bool = True) -> Remark:
    """The remark that a problem of the shelf is, with the place that its facts tell."""
    facts = problem.facts
    column = str(facts.get("column", "")).replace("—", "")
    if "file" not in facts or "row" not in facts:
        return Remark(problem, None, column, grave)
    place = Place(str(facts["file"]), str(facts.get("sheet", "")), int(facts["row"]))
    return Remark(problem, place, column, grave)
