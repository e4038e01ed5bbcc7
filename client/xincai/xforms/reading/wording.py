"""The words of a form: the itext table with its languages, labels with outputs, messages.

A text that a language lacks (or holds as "-", pyxform's mark for it) is taken from the default language.
"""

import re
from collections.abc import Mapping

from lxml import etree

from xincai.xforms.form import Control, Itemset, Pieces, Wording
from xincai.xforms.reading.document import local
from xincai.xforms.xpath.syntax import Call, Expr, Path, Text, parse

Texts = Mapping[str, Mapping[str, Mapping[str, Pieces]]]
Said = Mapping[str, list[Expr]]
_OUTPUT = "output"
_PLAIN_ITEXT = re.compile(r"""(?:jr:)?itext\(\s*(?:'(.*)'|"(.*)")\s*\)""", re.DOTALL)  # an id may hold quotes


def read_itext(model: etree._Element) -> tuple[Texts, tuple[str, ...], str]:
    """All translations, their names in order, and the default one."""
    texts: dict[str, dict[str, dict[str, Pieces]]] = {}
    default = ""
    for table in model:
        if local(table) != "itext":
            continue
        for translation in table:
            language = translation.get("lang") or ""
            texts[language] = {text.get("id") or "": _forms(text) for text in translation}
            if translation.get("default") is not None:
                default = language
    languages = tuple(texts)
    return texts, languages, default or (languages[0] if languages else "")


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
    if text.strip().startswith(("jr:itext(", "itext(")):
        return _by_reference(text.strip())
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
            value = child.get("value") or child.get("ref") or ""
            found.append(parse(value) if value.strip() else Text(""))
        else:
            found.extend(read_pieces(child))
        found.append(child.tail or "")
    return _merge(found)


def expressions(control: Control, texts: Texts) -> Expr | None:
    """All that the control's own words read, as one expression; None when they are constant."""
    found: list[Expr] = []
    for words in (control.label, control.hint, *[option.label for option in control.items]):
        if words is None:
            continue
        if words.expr is not None:
            found.append(words.expr)
        found.extend(piece for piece in words.pieces if not isinstance(piece, str))
        if words.itext:
            found.extend(outputs(texts, words.itext))
    return Call("concat", tuple(found)) if found else None


def offering(itemset: Itemset, said: Said) -> Expr:
    """All that a list of choices reads, as one expression: its rows, and of each its value and words."""
    rows = itemset.nodes.args[0] if isinstance(itemset.nodes, Call) and itemset.nodes.args else itemset.nodes
    if not isinstance(rows, Path):
        return itemset.nodes
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
        return Call("concat", (itemset.nodes, *cells))
    return Call("concat", (itemset.nodes, *spoken(rows, said)))


def by_list(texts: Texts) -> Said:
    """Outputs within the words of choices, by list: converters give these words the ids `list-number`."""
    said: dict[str, list[Expr]] = {}
    for table in texts.values():
        for itext, forms in table.items():
            for pieces in forms.values():
                if len(pieces) > 1 or (pieces and not isinstance(pieces[0], str)):
                    name = itext.rpartition("-")[0].removeprefix("static_instance-")
                    said.setdefault(name, []).extend(one for one in pieces if not isinstance(one, str))
    return said


def spoken(rows: Path, said: Said) -> list[Expr]:
    """Outputs within the words of a list's choices."""
    if not isinstance(rows.start, Call) or not rows.start.args or not isinstance(rows.start.args[0], Text):
        return []
    return said.get(rows.start.args[0].value, [])


def _by_reference(ref: str) -> Wording:
    plain = _PLAIN_ITEXT.fullmatch(ref.strip())
    if plain is not None:
        return Wording(itext=plain[1] or plain[2])
    expr = parse(ref)
    if isinstance(expr, Call) and expr.name in ("jr:itext", "itext") and len(expr.args) == 1:
        argument = expr.args[0]
        if isinstance(argument, Text):
            return Wording(itext=argument.value)
        return Wording(expr=expr)
    return Wording(expr=expr)


def _forms(text: etree._Element) -> dict[str, Pieces]:
    return {value.get("form") or "": read_pieces(value) for value in text if local(value) == "value"}


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
