r"""The words of a letter: read from `resources/letters/<kind>.<language>.md`, filled with fields.

A text file opens with `---`, `key: value` lines and `---`. Then each line is one paragraph:

    # subtitle          ## heading          ### subheading
    < flush left        > small print       anything else: body
    |: 20 30 20 30      column widths in hundredths; rows follow:
    | label | {field} |        |= head | head |        |* list | {no} | {label} |   (one row for each item)
    :sign words         a line to sign on; `:sign! words` takes the handwriting given
    :name {field}       :date {field}         :seal words
    ===                 what follows begins a page
    <<< records         what stands between is printed for each part of that name, with the part's own fields
    >>>                 and lists; parts may hold parts

A line may begin with conditions: `[field]` (not empty), `[!field]` (empty), `[field=value]` (the raw
answer; `[field=1,2]` either, `[!field=1]` any other). A placeholder is `{field}`, `{field:filter}`,
`{field|words when empty}` (one more placeholder may stand in those words); filters, of
which several may follow: date, money, capital, wan (units of 10,000 as such), percent, groups, digest, mask.
Within a cell, `\n` begins a line. Values are data: they enter after the text is
parsed, so nothing in a value is ever read as a sign of this language.
"""

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from xincai import paths
from xincai.letters import values
from xincai.letters.letter import Block, Language, PageBreak, Paragraph, Role, Signing, SignLine, Span, Table
from xincai.records import mask_code
from xincai.wire.digest import sm3

Fields = Mapping[str, str]

_CONDITION = re.compile(r"^\[(!?)([a-z][a-z0-9_.]*)(?:=([^\]]*))?\]\s*")
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)((?::[a-z]+)*)(?:\|((?:[^{}]|\{[^{}]*\})*))?\}")
_BEGIN, _END = "<<<", ">>>"
_REPEATED = frozenset({"|*", _BEGIN})
_ROLES: tuple[tuple[str, Role], ...] = (
    ("### ", "subheading"),
    ("## ", "heading"),
    ("# ", "subtitle"),
    ("> ", "note"),
    ("< ", "flush"),
)


@dataclass(frozen=True)
class Part:
    """One of the parts that a letter repeats itself for: its fields, its lists, and parts within it."""

    fields: Fields
    lists: Mapping[str, Sequence[Fields]] = field(default_factory=dict)
    parts: Mapping[str, Sequence["Part"]] = field(default_factory=dict)


@dataclass(frozen=True)
class Answers:
    """What fills a letter: `shown` as people read it, `raw` as the form keeps it, lists of items, and parts
    that are lettered one after another.
    """

    language: Language
    shown: Fields
    raw: Fields = field(default_factory=dict)
    lists: Mapping[str, Sequence[Fields]] = field(default_factory=dict)
    signature: bytes = b""
    parts: Mapping[str, Sequence[Part]] = field(default_factory=dict)

    def within(self, part: Part) -> "Answers":
        """The answers as they stand inside a part."""
        return replace(
            self,
            shown={**self.shown, **part.fields},
            raw={**self.raw, **part.fields},
            lists={**self.lists, **part.lists},
            parts={**self.parts, **part.parts},
        )


@dataclass(frozen=True)
class _Condition:
    """A field that must hold something (or one of `value`), or must not."""

    field: str
    negated: bool
    value: str | None

    def holds(self, answers: Answers) -> bool:
        found = answers.raw.get(self.field) or answers.shown.get(self.field, "")
        if not found and (answers.lists.get(self.field) or answers.parts.get(self.field)):
            found = "list"
        held = found in self.value.split(",") if self.value is not None else bool(found)
        return held != self.negated


@dataclass(frozen=True)
class _Line:
    """One line of the text: when it is printed, what it is, and its words."""

    conditions: tuple[_Condition, ...]
    kind: str
    text: str


@dataclass(frozen=True)
class LetterText:
    """A parsed text; `sm3` is the digest of its file, by which a letter tells its wording."""

    version: str
    title: str
    lines: tuple[_Line, ...]
    sm3: str

    @property
    def placeholders(self) -> frozenset[str]:
        """Every field the text names, in placeholders, conditions and lists."""
        named = {match for line in self.lines for match in re.findall(r"\{([a-z][a-z0-9_]*)", line.text)}
        lists = {line.text.split("|")[0].strip() for line in self.lines if line.kind in _REPEATED}
        return frozenset(named | lists | {each.field for line in self.lines for each in line.conditions})

    def fill(self, answers: Answers) -> tuple[Block, ...]:
        """The blocks of a letter."""
        return tuple(_filled(self.lines, answers))


@functools.cache
def letter_text(kind: str, language: Language) -> LetterText:
    """The text of a kind of letter in a language."""
    path = paths.resources() / "letters" / f"{kind}.{language}.md"
    return parse(path.read_text(encoding="utf-8"))


def parse(text: str) -> LetterText:
    """Read a text; a line that is none of the known kinds is a body paragraph."""
    _, head, body = text.split("---\n", 2)
    facts = dict(line.split(": ", 1) for line in head.strip().splitlines())
    lines = tuple(_line(line) for line in body.splitlines() if line.strip())
    return LetterText(facts["version"], facts["title"], lines, sm3(text.encode()))


def _line(text: str) -> _Line:
    conditions: list[_Condition] = []
    while match := _CONDITION.match(text):
        conditions.append(_Condition(match.group(2), bool(match.group(1)), match.group(3)))
        text = text[match.end() :]
    kind, words = _kind(text)
    return _Line(tuple(conditions), kind, words)


def _kind(text: str) -> tuple[str, str]:
    if text.startswith(":"):
        kind, _, words = text.partition(" ")
        return kind, words
    if text.startswith((_BEGIN, _END)):
        return text[:3], text[3:].strip()
    if text.startswith("|"):
        kind = text[:2] if text[1] in ":=*" else "|"
        return kind, text[len(kind) :].strip()
    for mark, role in _ROLES:
        if text.startswith(mark):
            return role, text[len(mark) :]
    return ("break", "") if text.strip() == "===" else ("body", text)


def _filled(lines: Sequence[_Line], answers: Answers) -> Iterator[Block]:
    """What is printed, with what is repeated written out."""
    printed: list[_Line] = []
    n = 0
    while n < len(lines):
        line = lines[n]
        holds = all(each.holds(answers) for each in line.conditions)
        n += 1
        if line.kind != _BEGIN:
            printed += [line] if holds else []
            continue
        yield from _blocks(printed, answers)
        printed = []
        end = _end(lines, n)
        for part in answers.parts.get(line.text, ()) if holds else ():
            yield from _filled(lines[n:end], answers.within(part))
        n = end + 1
    yield from _blocks(printed, answers)


def _end(lines: Sequence[_Line], start: int) -> int:
    """Where what is repeated ends."""
    depth = 1
    for n in range(start, len(lines)):
        depth += {_BEGIN: 1, _END: -1}.get(lines[n].kind, 0)
        if depth == 0:
            return n
    raise ValueError(f"nothing ends what begins before line {start}")


def _blocks(lines: Sequence[_Line], answers: Answers) -> Iterator[Block]:
    n = 0
    while n < len(lines):
        kind = lines[n].kind
        end = n + 1
        if kind[0] in "|:":
            while end < len(lines) and lines[end].kind[0] == kind[0] and lines[end].kind != "|:":
                end += 1
            yield _table(lines[n:end], answers) if kind[0] == "|" else _signing(lines[n:end], answers)
        elif kind == "break":
            yield PageBreak()
        else:
            role: Role = next((role for _, role in _ROLES if role == kind), "body")
            yield from (Paragraph(role, spans) for spans in _split(_spans(lines[n].text, answers)))
        n = end


def _split(spans: Sequence[Span]) -> Iterator[tuple[Span, ...]]:
    """One paragraph for each line of an answer of several lines."""
    paragraph: list[Span] = []
    for span in spans:
        first, *more = span.text.splitlines() or [""]
        paragraph.append(replace(span, text=first))
        for text in more:
            yield tuple(paragraph)
            paragraph = [replace(span, text=text)]
    yield tuple(paragraph)


def _table(lines: Sequence[_Line], answers: Answers) -> Table:
    columns = tuple(int(part) / 100 for part in lines[0].text.split())
    rows: list[tuple[tuple[Span, ...], ...]] = []
    for line in lines[1:]:
        if line.kind == "|*":
            name, _, cells = line.text.partition("|")
            for item in answers.lists.get(name.strip(), ()):
                inner = replace(answers, shown={**answers.shown, **item}, raw={})
                rows.append(_cells(cells, inner))
        else:
            rows.append(_cells(line.text, answers))
    return Table(columns, tuple(rows), heading=any(line.kind == "|=" for line in lines))


def _cells(text: str, answers: Answers) -> tuple[tuple[Span, ...], ...]:
    cells, depth = [""], 0
    for character in text.strip().removeprefix("|").removesuffix("|"):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if character == "|" and depth == 0:
            cells.append("")
        else:
            cells[-1] += character
    return tuple(_spans(cell.strip().replace("\\n", "\n"), answers) for cell in cells)


def _signing(lines: Sequence[_Line], answers: Answers) -> Signing:
    done = Signing((), (), "")
    for line in lines:
        spans = _spans(line.text, answers)
        match line.kind:
            case ":sign":
                done = replace(done, lines=(*done.lines, SignLine(spans, blank=True)))
            case ":sign!":
                done = replace(
                    done, lines=(*done.lines, SignLine(spans, blank=True, image=answers.signature))
                )
            case ":line":
                done = replace(done, lines=(*done.lines, SignLine(spans)))
            case ":name":
                done = replace(done, name=spans)
            case ":date":
                done = replace(done, date="".join(span.text for span in spans))
            case ":seal":
                done = replace(done, seal=line.text)
            case unknown:
                raise ValueError(f"unknown line {unknown}")
    return done


def _spans(text: str, answers: Answers) -> tuple[Span, ...]:
    spans: list[Span] = []
    place = 0
    for match in _PLACEHOLDER.finditer(text):
        if match.start() > place:
            spans.append(Span(text[place : match.start()]))
        value = _filtered(match.group(1), match.group(2), answers)
        spans += [Span(values.spelled(value), value=True)] if value else _spans(match.group(3) or "", answers)
        place = match.end()
    if place < len(text):
        spans.append(Span(text[place:]))
    return tuple(spans)


def _filtered(name: str, filtering: str, answers: Answers) -> str:
    shown = answers.shown.get(name, "")
    if not filtering or not shown:
        return shown
    filters: Mapping[str, Callable[[str], str]] = {
        "date": lambda text: values.lexical_date(text, answers.language),
        "money": values.thousands,
        "capital": values.capital,
        "wan": values.whole,
        "percent": "{}%".format,
        "groups": values.groups,
        "digest": values.digest,
        "mask": mask_code,
    }
    text = answers.raw.get(name, shown)
    for each in filtering[1:].split(":"):
        text = filters[each](text)
    return text
