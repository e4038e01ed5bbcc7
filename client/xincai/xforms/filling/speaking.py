"""A live tree that speaks: labels and hints with outputs, choices, languages.

Words fall back to the form's default language, then to any language that has them, then to the question's
name: never blank. Lists of choices are kept until something they read has changed.
"""

import datetime
import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from operator import attrgetter, itemgetter
from types import MappingProxyType
from typing import cast

from xincai.xforms import budget
from xincai.xforms.facts import Choice
from xincai.xforms.filling.model import Model
from xincai.xforms.filling.step import Step
from xincai.xforms.form import Control, Form, Itemset, Pieces, Wording
from xincai.xforms.tree import Definition, Item, Node, Place, shared_columns
from xincai.xforms.xpath.compiler import Compiler, Scope
from xincai.xforms.xpath.live import Code, Frame
from xincai.xforms.xpath.syntax import Call, Expr, Path
from xincai.xforms.xpath.tracks import track
from xincai.xforms.xpath.values import Value, plain_number, to_string

_MEDIA = ("image", "audio", "video", "big-image")
_NO_TEXT = "[itext:"
MOST_TABLES = 500
MOST_LISTED = 100
MOST_NESTED = 12  # texts within texts; deeper ones go in circles
_NO_MEDIA: Mapping[str, str] = MappingProxyType({})
_CELLS: Callable[[Item], Sequence[str]] = attrgetter("cells")
_choice: Callable[[Iterable[object]], Choice] = functools.partial(tuple.__new__, Choice)  # all fields given


class Filling(Model):
    """One filling's tree with its words."""

    def __init__(
        self,
        form: Form,
        now: Callable[[], datetime.datetime],
        properties: Mapping[str, str],
        language: str,
    ) -> None:
        super().__init__(form, now, properties)
        self.language = language
        self.nested = 0
        self.known: dict[Node, tuple[Choice, ...]] = {}
        self.tables: dict[int, tuple[tuple[Choice, ...], dict[str, str]]] = {}
        self.shared: dict[int, tuple[Choice, ...]] = {}
        self.listed: dict[tuple[int, int], tuple[list[Item], tuple[Choice, ...]]] = {}
        self.texts: dict[tuple[str, str, str], Pieces] = {}
        self.word_code: dict[tuple[int, Definition], Code] = {}

    @functools.cached_property
    def asking(self) -> Compiler:
        """For expressions that are no part of the form; what they cannot do is told."""
        return Compiler(self, strict=True)

    # words

    def say(self, wording: Wording | None, node: Node, form: str = "") -> str:
        """A label, hint or message in the current language, with outputs filled in."""
        if wording is None:
            return ""
        if wording.itext:
            return self.render(self.pieces(wording.itext, form), node)
        if form:
            return ""
        if wording.expr is not None:
            return self.joined((wording.expr,), node)
        return self.render(wording.pieces, node)

    def pieces(self, itext: str, form: str) -> Pieces:
        """A text in the current language, looked up once."""
        key = (self.language, itext, form)
        found = self.texts.get(key)
        if found is None:
            found = self.texts[key] = self.spoken_pieces(itext, form)
        return found

    def spoken_pieces(self, itext: str, form: str) -> Pieces:
        """A text in the current language, else in the default one, else in any."""
        texts = self.form.texts
        for language in (self.language, self.form.default_language, *texts):
            forms = texts.get(language, {}).get(itext)
            if forms is None:
                continue
            found = forms.get(form) or (forms.get("long") or forms.get("short") if not form else None)
            if found and found != ("-",):
                return found
        return ()

    def render(self, pieces: Pieces, node: Node) -> str:
        if len(pieces) == 1 and isinstance(pieces[0], str):
            return pieces[0]
        return self.joined(pieces, node).strip()

    def joined(self, pieces: Pieces, node: Node) -> str:
        """The pieces one after the other, outputs as they stand now."""
        if self.nested >= MOST_NESTED:
            return "".join([piece if isinstance(piece, str) else "…" for piece in pieces])
        said: list[str] = []
        self.nested += 1
        try:
            with self.meter as meter:
                for piece in pieces:
                    if isinstance(piece, str):
                        said.append(piece)
                        continue
                    meter.spend(budget.RULE)
                    said.append(_shown(self.output(piece, node.definition)(node)))
        finally:
            self.nested -= 1
        return "".join(said)

    def output(self, expr: Expr, place: Definition) -> Code:
        """The code of an output, compiled once per place."""
        key = (id(expr), place)
        code = self.word_code.get(key)
        if code is None:
            code = self.word_code[key] = self.compiler.value(expr, Scope(place, place))
        return code

    def itext(self, itext: str, context: object) -> str:
        """The function's result; a text that no language has is told as JavaRosa tells it."""
        node = context if isinstance(context, Node) else self.single[self.form.root]
        if not any(itext in table for table in self.form.texts.values()):
            return f"{_NO_TEXT}{itext}]"
        return self.render(self.pieces(itext, ""), node)

    def label(self, control: Control, node: Node) -> str:
        """The control's label; its name where the form has no words for it."""
        return self.say(control.label, node) or node.name.rpartition(":")[2]

    def bare_label(self, node: Node) -> str:
        """The label with an ellipsis for each output: fit for a message that must hold no answer."""
        control = node.definition.control
        words = control.label if control is not None else None
        pieces = () if words is None else self.pieces(words.itext, "") if words.itext else words.pieces
        said = "".join(piece if isinstance(piece, str) else "…" for piece in pieces).strip()
        return said or node.name

    def forget(self, nodes: set[Node]) -> None:
        super().forget(nodes)
        for node in nodes:
            self.known.pop(node, None)

    def media(self, wording: Wording | None) -> Mapping[str, str]:
        """Pictures and sounds that belong to a text, by form."""
        if wording is None or not wording.itext:
            return _NO_MEDIA
        found = {form: self.pieces(wording.itext, form) for form in _MEDIA}
        media = {form: pieces[0] for form, pieces in found.items() if pieces and isinstance(pieces[0], str)}
        return MappingProxyType(media) if media else _NO_MEDIA

    def hollow_changes(self, step: Step) -> frozenset[str]:
        """Repeats without instances whose relevance may have changed."""
        found: set[str] = set()
        for place, top in step.hollow:
            if place.parent is None:
                continue
            above = top if top is None or top.definition.depth <= place.parent.depth else top.parent
            for parent in self.nodes_of(place.parent, above):
                if not parent.kids[place.name]:
                    found.add(f"{parent.ref}/{place.name}")
        return frozenset(found)

    def refresh_items(self) -> None:
        """Choices written out in the form whose words may be stale."""
        for node in self.step.words:
            control = node.definition.control
            if control is not None and control.items and node in self.known:
                self.refresh(node)

    # choices

    def choices(self, node: Node) -> tuple[Choice, ...]:
        """The choices of a select as they stand now."""
        found = self.known.get(node)
        if found is None:
            control = node.definition.control
            if control is None:
                found = ()
            elif control.itemset is not None:
                with self.meter:
                    found = self.queried(control, control.itemset, node)
            else:
                found = tuple(
                    Choice(one.value, self.say(one.label, node) or one.value, self.media(one.label))
                    for one in control.items
                )
            self.known[node] = found
        return found

    def queried(self, control: Control, itemset: Itemset, node: Node) -> tuple[Choice, ...]:
        """Choices of an itemset; a list without a filter is made once for all."""
        if itemset.stable and id(control) in self.shared:
            return self.shared[id(control)]
        place = node.definition
        nodes = self.list_code(itemset, place)(node)
        self.meter.spend(budget.NODE * len(nodes))
        names = _cell_name(itemset.value), _cell_name(itemset.label)
        mapped = "map" in control.appearance.split()
        if names[0] and names[1] and not mapped and (not nodes or isinstance(nodes[0], Item)):
            plain = self.plain_choices(control, cast("list[Item]", nodes), names[0], names[1])
            if itemset.stable:
                self.shared[id(control)] = plain
            return plain
        value, label = self.column(itemset.value, itemset, place), self.column(itemset.label, itemset, place)
        illustrated = isinstance(itemset.label, Call)
        found: list[Choice] = []
        for one in nodes:
            text = value(one, node)
            media = self.item_media(itemset.label, one) if illustrated else _NO_MEDIA
            lies = _cell(one, "geometry") if mapped else ""
            found.append(Choice(text, label(one, node) or text, media, lies))
        if itemset.stable:
            self.shared[id(control)] = tuple(found)
        return tuple(found)

    def plain_choices(self, control: Control, rows: list[Item], value: str, label: str) -> tuple[Choice, ...]:
        """Choices of which value and label stand in the rows; made once for the same short list of rows."""
        if len(rows) > MOST_LISTED:
            return _plain_choices(rows, value, label)
        key = id(control), id(rows)
        found = self.listed.get(key)
        if found is None:
            if len(self.listed) > MOST_TABLES:
                self.listed.clear()
            found = self.listed[key] = (rows, _plain_choices(rows, value, label))
        return found[1]

    def item_media(self, label: Expr | None, item: Place) -> Mapping[str, str]:
        if isinstance(label, Call) and isinstance(item, Item) and len(label.args) == 1:
            argument = label.args[0]
            if isinstance(argument, Path) and len(argument.steps) == 1:
                return self.media(Wording(itext=item.cell(argument.steps[0].name)))
        return _NO_MEDIA

    def list_code(self, itemset: Itemset, place: Definition) -> Callable[[Place], list[Place]]:
        key = (id(itemset), place)
        code = self.word_code.get(key)
        if code is None:
            made = self.compiler.nodes(itemset.nodes, Scope(place, place))
            code = self.word_code[key] = cast("Code", made)
        return cast("Callable[[Place], list[Place]]", code)

    def column(self, expr: Expr | None, itemset: Itemset, place: Definition) -> Callable[[Place, Node], str]:
        """How to read a row's value or label."""
        if expr is None:
            return lambda row, node: ""  # noqa: ARG005 - no label
        name = _cell_name(expr)
        if name:
            return lambda row, node: _cell(row, name)  # noqa: ARG005 - rows only
        frame = Frame()
        source = (
            itemset.nodes.args[0] if isinstance(itemset.nodes, Call) and itemset.nodes.args else itemset.nodes
        )
        found = None
        if isinstance(source, Path):
            found = track(source, Scope(place, place).standing, self.form.root)
        here = found.targets[0] if found is not None and found.targets else None
        code = self.compiler.string(expr, Scope(here, place, frame))

        def run(row: Place, node: Node) -> str:
            frame.origin = node
            return code(row)

        return run

    def choice_label(self, node: Node, value: str) -> str:
        return self.labels(node).get(value, value)

    def labels(self, node: Node) -> dict[str, str]:
        """Labels by value of a select's choices; the first of a value wins."""
        choices = self.choices(node)
        found = self.tables.get(id(choices))
        if found is None:
            if len(self.tables) > MOST_TABLES:
                self.tables.clear()
            table = {choice.value: choice.label for choice in reversed(choices)}
            found = self.tables[id(choices)] = (choices, table)
        return found[1]

    def choices_stale(self, node: Node) -> None:
        """A filter's reading changed: drop answers that are no longer offered, and tell who has looked."""
        if self.loading:
            return
        self.refresh(node)
        if not node.relevant:
            node.stale = True
        if not node.text or not node.relevant:
            return
        control, offered = node.definition.control, self.labels(node)
        single = control is not None and control.control == "select1"  # its value may hold spaces
        values = [node.text] if single else node.text.split()
        kept = [value for value in values if value in offered]
        if len(kept) < len(values):
            self.put(node, " ".join(kept), " ".join(kept))

    def refresh(self, node: Node) -> None:
        before = self.known.pop(node, None)
        if before is not None:
            now = self.choices(node)
            if now is not before and now != before:
                self.step.choices.add(node)

    def offered(self, node: Node) -> bool:
        """Whether all values of a select are among its choices."""
        control = node.definition.control
        if control is None or control.control not in ("select1", "select", "rank") or not node.text:
            return True
        if "search(" in control.appearance or control.parameters.get("query"):
            return True
        values = [node.text] if control.control == "select1" else node.text.split()
        return self.labels(node).keys() >= set(values)


def _cell_name(expr: Expr | None) -> str:
    """The name of the child that an expression means, "" when it is anything else."""
    if isinstance(expr, Path) and expr.start == "." and len(expr.steps) == 1:
        return expr.steps[0].name if expr.steps[0].axis == "child" else ""
    return ""


def _plain_choices(rows: list[Item], value: str, label: str) -> tuple[Choice, ...]:
    """Choices of which value and label stand in the rows themselves; lists may be long."""
    columns = shared_columns(rows)
    if value in columns and label in columns:
        cells = list(map(_CELLS, rows))
        names, texts = [list(map(itemgetter(columns[name]), cells)) for name in (value, label)]
    else:
        names, texts = [[_cell(row, name) for row in rows] for name in (value, label)]
    if "" in texts:
        texts = [text or name for name, text in zip(names, texts, strict=True)]
    return tuple(map(_choice, zip(names, texts, repeat(_NO_MEDIA), repeat(""), strict=False)))


def _cell(row: Place, name: str) -> str:
    if isinstance(row, Item):
        return row.cell(name)
    kids = row.kids.get(name)
    return to_string(kids[0].seen) if kids else ""


def _shown(value: Value) -> str:
    """A value as a person reads it: numbers without exponents, nothing for a text that is not there."""
    if isinstance(value, float) and value == value and abs(value) < 1e300:  # noqa: PLR0124 - NaN
        return plain_number(value)
    said = to_string(value)
    return "" if said.startswith(_NO_TEXT) else said
