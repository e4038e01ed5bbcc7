"""Fills any form as a person would: everything it asks, or only what it must have.

What to answer stands in `examples/<form>.toml`, and for questions of shared blocks in `examples/blocks.toml`:

    [reg_capital]
    good = ["200", "0"]         # each passes; row n of a repeat takes the n-th
    bad = ["-1", "{above}"]     # each is caught; {above} is what the row above holds
    when = {reg_status = "1"}   # answered first, where the question is not asked otherwise
    rows = 3                    # of a repeat: how many rows a full filling has (2 unless told)

What the named rules (`forms/rules.json`) let pass and catch stands once, in `examples/rules.toml`.
Words in braces come from `synthetic`: {uscc} {resident} {phone} {card} {parcel} {contractor} {name} {point}
{trace} {shape} {year} {subject}; {501} is a text of 501 characters. A question without an example is
answered by its type, a select by its choices.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from synthetic import Synthetic
from xincai import clock
from xincai.shelf.sources import Rule
from xincai.xforms import Entry, Form, Session

EXAMPLES = Path(__file__).parent / "examples"
BY_TYPE = {"date": "2025-06-30", "time": "09:30:00", "dateTime": "2025-06-30T09:30:00.000+08:00", "int": "3",
    "decimal": "12.5", "binary": "{question}.png", "geopoint": "{point}", "geotrace": "{trace}",
    "geoshape": "{shape}", "string": "演练内容"}  # fmt: skip
MOST_ROUNDS = 60
KIND_HEADS = {"ENT": "91", "SOLE": "92", "COOP": "93", "COLL": "N2", "FARM": "91", "HH": "92"}
KIND_NAMES = {
    "ENT": "测试县禾田测试农产品有限公司", "SOLE": "测试县柳河测记粮油店",
    "COOP": "测试县柳河测试种植专业合作社",
    "COLL": "测试县柳河村股份经济合作社", "FARM": "测试县柳河测一家庭农场", "HH": "王测䶮",
}  # fmt: skip


@dataclass(frozen=True)
class Example:
    """What may be answered to one question, and what may not."""

    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    when: Mapping[str, str] = field(default_factory=dict)
    rows: int = 2


def examples(form: Form, rules: Mapping[str, Rule]) -> dict[str, Example]:
    """The examples of a form by the question's name: of its own, of shared blocks, of named rules."""
    own = {**_read("blocks"), **_read(form.form_id)}
    by_rule = [(_pattern(name, rules), example) for name, example in _read("rules").items()]
    for place in form.places.values():
        constraint = next((rule.text for rule in place.rules if rule.property == "constraint"), "")
        mine = own.get(place.name, Example())
        found = next(
            (example for pattern, example in by_rule if constraint and pattern.search(constraint)), None
        )
        if found is not None:
            own[place.name] = Example(mine.good or found.good, mine.bad or found.bad, mine.when, mine.rows)
    return own


def shared() -> set[str]:
    """Names of questions of shared blocks, not all of which every form can come to."""
    return set(_read("blocks"))


def _read(name: str) -> dict[str, Example]:
    file = EXAMPLES / f"{name}.toml"
    tables: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return {
        question: Example(
            tuple(table.get("good", ())),
            tuple(table.get("bad", ())),
            table.get("when", {}),
            table.get("rows", 2),
        )
        for question, table in tables.items()
    }


def _pattern(name: str, rules: Mapping[str, Rule]) -> re.Pattern[str]:
    """A rule as it stands in a built form, whatever its parameters."""
    text = rules[name].xpath
    while "@R_" in text:
        text = re.sub(r"@(R_\w+)", lambda inner: rules[inner[1]].xpath, text)
    text = re.escape(text)
    for parameter in rules[name].parameters:
        text = re.sub(rf"\b{parameter}\b", r".+?", text)
    return re.compile(text)


class Filler:
    """Fills one session for one kind of subject."""

    def __init__(self, session: Session, known: Mapping[str, Example], kind: str, seed: int = 7) -> None:
        self.session = session
        self.known = known
        self.kind = kind
        self.source = Synthetic(seed)
        self.tried: set[str] = set()
        self.chosen: dict[str, str] = {}

    def fill(self, *, full: bool, **chosen: str) -> None:
        """Answer until nothing more is asked; `chosen` answers go before the examples."""
        self.chosen = {"subject_kind": self.kind, **chosen}
        for _ in range(MOST_ROUNDS):
            if not self.round(full=full):
                return
        raise AssertionError("the form never comes to an end")

    def round(self, *, full: bool) -> bool:
        """Answer what is open now; whether anything was."""
        moved = False
        for entry in list(walk(self.session)):
            if entry.kind == "repeat":
                moved |= full and self.grow(entry)
            elif self.open(entry, full=full):
                self.tried.add(entry.ref)
                self.session.answer(entry.ref, self.answer(entry))
                moved = True
        return moved

    def grow(self, repeat: Entry) -> bool:
        """Add a row to a repeat that has too few."""
        wanted = self.known.get(repeat.name, Example()).rows
        if not repeat.relevant or not repeat.can_add or repeat.count >= wanted:
            return False
        self.session.add_repeat(repeat.ref)
        return True

    def open(self, entry: Entry, *, full: bool) -> bool:
        """Whether a question is to be answered now."""
        now = self.session.entry(entry.ref)
        if not now.relevant or now.readonly or now.control == "note" or entry.ref in self.tried:
            return False
        chosen = entry.name in self.chosen and now.value != self.chosen[entry.name]
        return chosen or (not now.value and (full or now.required))

    def answer(self, entry: Entry) -> str:
        """What to answer to a question."""
        if entry.name in self.chosen:
            return self.chosen[entry.name]
        row = int((re.findall(r"\[(\d+)\]", entry.ref) or ["1"])[-1]) - 1
        good = self.known.get(entry.name, Example()).good
        if good:
            return self.word(good[row % len(good)], entry)
        if entry.control in ("select1", "select", "rank"):
            choices = self.session.choices(entry.ref)
            assert choices, f"{entry.ref} has no choices"
            return choices[row % len(choices)].value
        if entry.control == "trigger":
            return "OK"
        return self.word(BY_TYPE[entry.type], entry)

    def word(self, text: str, entry: Entry) -> str:
        """A text with its words in braces put in."""
        return re.sub(r"\{(\w+)\}", lambda match: self.made(match[1], entry), text)

    def made(self, word: str, entry: Entry) -> str:
        source = self.source
        if word.isdigit():
            return "长" * int(word)
        if word in ("point", "trace"):
            ends = [source.point() for _ in range(1 if word == "point" else 3)]
            return "; ".join(f"{a:.7f} {b:.7f} 96.0 8.0" for a, b in ends)
        if word == "above":
            head, row, tail = re.findall(r"^(.*)\[(\d+)\](.*?)$", entry.ref)[0]
            return self.session.entry(f"{head}[{int(row) - 1}]{tail}").value
        made = {
            "uscc": lambda: source.uscc(KIND_HEADS[self.kind]),
            "shape": lambda: source.field(12.5),
            "year": lambda: str(clock.now().year),
            "subject": lambda: KIND_NAMES[self.kind],
            "question": lambda: entry.name,
        }
        return made[word]() if word in made else str(getattr(source, word)())


def walk(session: Session, ref: str | None = None) -> Iterator[Entry]:
    """Every question and repeat that is asked now, in the form's order."""
    for entry in session.children(ref):
        if not entry.relevant:
            continue
        if entry.kind in ("question", "repeat"):
            yield entry
        if entry.kind != "question":
            yield from walk(session, entry.ref)
