"""The words of a form: the itext table with its languages, labels with outputs, messages.

A text that a language lacks (or holds as "-", pyxform's mark for it) is taken from the default language.
"""

import functools
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lxml import etree

from xincai.xforms.form import Control, Itemset, Pieces, Wording
from xincai.xforms.reading.document import local
from xincai.xforms.xpath.syntax import MOST_PARSED, Call, Expr, Path, Text, parse

Texts = Mapping[str, Mapping[str, Mapping[str, Pieces]]]
Said = Mapping[str, list[Expr]]
_OUTPUT = "output"
_PLAIN_ITEXT = re.compile(r"""(?:jr:)?itext\(\s*(?:'(.*)'|"(.*)")\s*\)""", re.DOTALL)  # an id may hold quotes


class Itext(NamedTuple):
    """The itext table: all translations, their names in order, the default one, and what texts read.

    `said` are the outputs within a text, by its id, over all languages.
    """

    texts: Texts
    languages: tuple[str, ...]
    default: str
    said: Said


def read_itext(model: etree._Element) -> Itext:
    """The itext table of a form."""
    texts: dict[str, Translation] = {}
    said: dict[str, list[Expr]] = {}
    default = ""
    for translation in [one for table in model.iterchildren("{*}itext") for one in table]:
        language = translation.get("lang") or ""
        texts[language] = Translation(translation)
        for output in translation.iter("{*}output"):
            text = next(output.iterancestors("{*}text"), translation)
            said.setdefault(text.get("id") or "", []).append(_output(output))
        if translation.get("default") is not None:
            default = language
    languages = tuple(texts)
    return Itext(texts, languages, default or (languages[0] if languages else ""), said)


class Translation(Mapping[str, Mapping[str, Pieces]]):
    """The texts of a language by id and form (long, short, image …), read when someone looks into them."""

    def __init__(self, element: etree._Element) -> None:
        self.element: etree._Element | None = element

    @functools.cached_property
    def table(self) -> dict[str, dict[str, Pieces]]:
        found: dict[str, dict[str, Pieces]] = {}
        element, self.element = self.element, None
        for value in () if element is None else element.iter("{*}value"):
            text = value.getparent().get("id") or ""
            found.setdefault(text, {})[value.get("form") or ""] = read_pieces(value)
        return found

    def __getitem__(self, text: str) -> Mapping[str, Pieces]:
        return self.table[text]

    def __iter__(self) -> Iterator[str]:
        return iter(self.table)

    def __len__(self) -> int:
        return len(self.table)


def _output(element: etree._Element) -> Expr:
    value = element.get("value") or element.get("ref") or ""
    return parse(value) if value.strip() else Text("")


def read_wording(element: etree._Element | None) -> Wording | None:
    """A `<label>` or `<hint>`."""
    if element is None:
        return None
    ref = (element.get("ref") or "").strip()
    if not ref:
        return Wording(pieces=read_pieces(element))
    return _by_reference(ref)


def message(text: str | None) -> Wording | None:
    """A constraint or required message: words, or `jr:itext('id')`."""
    if not text:
        return None
    words = text.strip()
    if words.startswith(("jr:itext(", "itext(")):
        return _by_reference(words)
    return Wording(pieces=(text,))


def read_pieces(element: etree._Element) -> Pieces:
    """Mixed content: words and outputs; other inline markup keeps its words."""
    if not len(element):
        text = (element.text or "").rstrip()
        text = text.lstrip() if text[:1] in "\r\n" else text
        return (text,) if text else ()
    found: list[str | Expr] = [element.text or ""]
    for child in element:
        if local(child) == _OUTPUT:
            found.append(_output(child))
        else:
            found.extend(read_pieces(child))
        found.append(child.tail or "")
    return _merge(found)


def expressions(control: Control, said: Said) -> list[Expr]:
    """All that the control's own words read; nothing when they are constant."""
    found: list[Expr] = []
    for words in (control.label, control.hint, *[option.label for option in control.items]):
        if words is None:
            continue
        if words.itext:
            found += said.get(words.itext, ())
        elif words.expr is not None:
            found.append(words.expr)
        else:
            found += [piece for piece in words.pieces if not isinstance(piece, str)]
    return found


def offering(itemset: Itemset, said: Said) -> list[Expr]:
    """All that a list of choices reads: its rows, and of each its value and words."""
    rows = itemset.nodes.args[0] if isinstance(itemset.nodes, Call) and itemset.nodes.args else itemset.nodes
    if not isinstance(rows, Path):
        return [itemset.nodes]
    if isinstance(rows.start, str):
        columns = [
            column.args[0] if isinstance(column, Call) and column.args else column
            for column in (itemset.value, itemset.label)
        ]
        cells: list[Expr] = [
            rows._replace(steps=rows.steps + column.steps)
            for column in columns
            if isinstance(column, Path) and column.start == "."
        ]
        return [itemset.nodes, *cells]
    return [itemset.nodes, *spoken(rows, said)]


def by_list(said: Said) -> Said:
    """Outputs within the words of choices, by list: converters give these words the ids `list-number`."""
    found: dict[str, list[Expr]] = {}
    for itext, outputs in said.items():
        found.setdefault(itext.rpartition("-")[0].removeprefix("static_instance-"), []).extend(outputs)
    return found


def spoken(rows: Path, said: Said) -> list[Expr]:
    """Outputs within the words of a list's choices."""
    if not isinstance(rows.start, Call) or not rows.start.args or not isinstance(rows.start.args[0], Text):
        return []
    return said.get(rows.start.args[0].value, [])


@functools.lru_cache(maxsize=MOST_PARSED)
def _by_reference(ref: str) -> Wording:
    """What a reference says; each distinct one is looked into once."""
    plain = _PLAIN_ITEXT.fullmatch(ref)
    if plain is not None:
        return Wording(itext=plain[1] or plain[2])
    expr = parse(ref)
    if isinstance(expr, Call) and expr.name in ("jr:itext", "itext") and len(expr.args) == 1:
        argument = expr.args[0]
        if isinstance(argument, Text):
            return Wording(itext=argument.value)
        return Wording(expr=expr)
    return Wording(expr=expr)


def _merge(parts: list[str | Expr]) -> Pieces:
    merged: list[str | Expr] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    if merged and isinstance(merged[0], str):
        merged[0] = merged[0].lstrip() if merged[0][:1] in "\r\n" else merged[0]
    if merged and isinstance(merged[-1], str):
        merged[-1] = merged[-1].rstrip()
    return tuple(part for part in merged if part != "")


def outputs(texts: Texts, itext: str) -> list[Expr]:
    """Expressions within one text, over all languages."""
    return [
        piece
        for table in texts.values()
        for pieces in table.get(itext, {}).values()
        for piece in pieces
        if not isinstance(piece, str)
    ]
