"""A form as bytes, to be opened without reading its XForm again.

The bytes are the program's own: they are kept beside the form they were made from, by the program that made
them. Opened only when all of these hold: the same program version on the same interpreter with the same
classes, the same source (the caller's digest of XForm and files), and bytes that are whole. In any other case
`load_form` gives None, and the caller reads the XForm. What comes over a wire or on a stick is never a cache.

A value is plain (as `marshal` keeps it) or a tuple that begins with what it is.
"""

import functools
import gc
import marshal
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeAlias

import xincai
from xincai.xforms.form import Action, Bind, Control, Edge, Form, Itemset, Option, Rule, Wording
from xincai.xforms.tree import Definition, Item, Packed, Row, Seed
from xincai.xforms.xpath import syntax as xpath

_MAGIC = b"xincai form 1\n"
_OBJECTS: tuple[type, ...] = (Definition, Bind, Rule, Control, Action)
_TUPLES: tuple[type, ...] = (
    Edge, Wording, Option, Itemset, Seed, xpath.Num, xpath.Text, xpath.Call, xpath.Chain, xpath.Binary,
    xpath.Negate, xpath.Step, xpath.Path, xpath.Filter,
)  # fmt: skip
_INLINE = frozenset(_TUPLES[:4])
_PLAIN, _OBJECT, _KEPT, _TUPLE, _LIST, _DICT, _ITEM, _ROAD, _ROW, _SAID, _OPTIONS, _SEALED = range(-12, 0)
_SIMPLE = (int, float, bool, bytes, type(None))
_LEFT_OUT = frozenset({"indexes", "places"})
_Coded: TypeAlias = Any  # plain data, or a tuple that begins with its kind


def dump_form(form: Form, source: str = "") -> bytes:
    """The form as bytes; `source` is a digest of what it was read from."""
    writer = _Writer()
    state = [(name, writer.coded(getattr(form, name))) for name in _names(Form) if name != "texts"]
    state.append(("texts", (_DICT, {name: writer.sealed(table) for name, table in form.texts.items()})))
    records = writer.records()
    payload = marshal.dumps((writer.kept, records, state))
    return _MAGIC + _stamp(source) + _digest(payload) + payload


def load_form(data: bytes, source: str = "") -> Form | None:
    """The form that was kept, or None when this program, from this source, would make it otherwise."""
    stamp = _MAGIC + _stamp(source)
    body = len(stamp) + 32
    if data[: len(stamp)] != stamp or _digest(data[body:]) != data[len(stamp) : body]:
        return None
    collecting = gc.isenabled()
    gc.disable()
    try:
        payload = marshal.loads(memoryview(data)[body:])  # noqa: S302 - our own bytes, whole, as said above
        return _Opener(*payload).form()
    finally:
        if collecting:
            gc.enable()


def _stamp(source: str) -> bytes:
    shapes = [(one.__name__, *_names(one)) for one in (*_OBJECTS, *_TUPLES, Form, Item, Row)]
    said = (xincai.__version__, sys.implementation.cache_tag, marshal.version, shapes, source)
    return _digest(repr(said).encode())


def _digest(data: bytes) -> bytes:
    import hashlib

    return hashlib.sha256(data).digest()


def _names(kind: type) -> tuple[str, ...]:
    """What an object of a class holds."""
    if is_dataclass(kind):
        return tuple(field.name for field in fields(kind) if field.name not in _LEFT_OUT)
    return tuple(getattr(kind, "_fields", getattr(kind, "__slots__", ())))


class _Writer:
    """Gives each object a number, and each expression and seed one place."""

    def __init__(self) -> None:
        self.kept: list[_Coded] = []
        self.places: dict[int, int] = {}
        self.numbers: dict[int, int] = {}
        self.waiting: list[object] = []
        self.texts: dict[str, str] = {}

    def records(self) -> list[tuple[_Coded, ...]]:
        """All objects: which class, and what they hold; those met on the way come after."""
        found = []
        for one in self.waiting:  # grows meanwhile
            held = [self.coded(getattr(one, name)) for name in _names(type(one))]
            found.append((_OBJECTS.index(type(one)), *held))
        return found

    def coded(self, value: object) -> _Coded:  # noqa: PLR0911 - one case after the other
        """A value as plain data."""
        kind = type(value)
        if kind in _OBJECTS:
            return _OBJECT, self.number(value)
        if kind in _INLINE:
            if isinstance(value, Wording) and value == Wording(value.itext):
                return _SAID, self.text(value.itext)
            return self.fields(value)
        if kind in _TUPLES:
            return _KEPT, self.place(value)
        if isinstance(value, Item):
            return _ITEM, _packed(value)
        if isinstance(value, Mapping):
            entries = {key: self.coded(inner) for key, inner in value.items()}
            return (_DICT, entries) if _refers(entries.values()) else entries
        if isinstance(value, (tuple, list)):
            return self.row(value)
        return self.text(value) if isinstance(value, str) else _simple(value)

    def row(self, value: tuple[object, ...] | list[object]) -> _Coded:
        """A tuple or a list; rows of objects and of plain options are kept shorter."""
        if value and all(type(one) in _OBJECTS for one in value):
            return _ROW, isinstance(value, list), [self.number(one) for one in value]
        options = [one for one in value if isinstance(one, Option) and one.label == Wording(one.label.itext)]
        if value and len(options) == len(value):
            return _OPTIONS, [one.value for one in options], [one.label.itext for one in options]
        items = [self.coded(inner) for inner in value]
        if not _refers(items):
            return (_PLAIN, tuple(items)) if isinstance(value, tuple) else items
        return (_TUPLE if isinstance(value, tuple) else _LIST), items

    def sealed(self, table: Mapping[str, object]) -> _Coded:
        """The texts of a language, in bytes of their own: they are opened when the language is spoken."""
        return _SEALED, marshal.dumps(self.coded(table))

    def text(self, text: str) -> str:
        """The same text for all who hold it; marshal keeps it once."""
        return self.texts.setdefault(text, text)

    def number(self, one: object) -> int:
        if id(one) not in self.numbers:
            self.numbers[id(one)] = len(self.waiting)
            self.waiting.append(one)
        return self.numbers[id(one)]

    def place(self, one: object) -> int:
        """Where an expression or a seed is kept; what it is made of stands before it."""
        if id(one) not in self.places:
            road = _road(one)
            coded = self.fields(one) if road is None else (_ROAD, self.text(road))
            self.places[id(one)] = len(self.kept)
            self.kept.append(coded)
        return self.places[id(one)]

    def fields(self, one: Any) -> _Coded:  # noqa: ANN401 - any of the named tuples
        return (_TUPLES.index(type(one)), *[self.coded(value) for value in one])


class _Opener:
    """Makes the objects, then fills them."""

    def __init__(
        self, kept: list[_Coded], records: list[tuple[_Coded, ...]], state: list[tuple[str, _Coded]]
    ) -> None:
        self.records = records
        self.state = state
        self.objects: list[Any] = [object.__new__(_OBJECTS[record[0]]) for record in records]
        self.kept: list[Any] = []
        for coded in kept:
            self.kept.append(self.opened(coded))

    def form(self) -> Form:
        opened = self.opened
        names = [_names(kind) for kind in _OBJECTS]
        places: dict[str, Definition] = {}
        for one, record in zip(self.objects, self.records, strict=True):
            held = [coded if coded.__class__ is not tuple else opened(coded) for coded in record[1:]]
            if record[0]:
                one.__dict__.update(zip(names[record[0]], held, strict=True))
                continue
            for name, value in zip(names[0], held, strict=True):
                setattr(one, name, value)
            places[one.path] = one
        return Form(places=places, **{name: opened(coded) for name, coded in self.state})

    def opened(self, coded: _Coded) -> Any:  # noqa: ANN401 - whatever was kept
        if coded.__class__ is not tuple:
            return coded
        kind = coded[0]
        if kind == _OBJECT:
            return self.objects[coded[1]]
        if kind == _KEPT:
            return self.kept[coded[1]]
        if kind >= 0:
            held = [one if one.__class__ is not tuple else self.opened(one) for one in coded[1:]]
            return _TUPLES[kind](*held)
        return self.special(kind, coded)

    def special(self, kind: int, coded: _Coded) -> Any:  # noqa: ANN401, PLR0911 - whatever was kept
        held = coded[1]
        if kind == _PLAIN:
            return held
        if kind == _SAID:
            return Wording(held)
        if kind == _ROW:
            row = [self.objects[number] for number in coded[2]]
            return row if held else tuple(row)
        if kind == _OPTIONS:
            return tuple(map(Option, held, map(Wording, coded[2])))
        if kind == _ROAD:
            start, *names = held.split("/")
            return xpath.Path(start or "/", tuple(map(xpath.plain_step, names)))
        if kind == _TUPLE:
            return tuple([self.opened(one) for one in held])
        if kind == _LIST:
            return [self.opened(one) for one in held]
        if kind == _ITEM:
            return Packed(held)
        if kind == _SEALED:
            return _Sealed(held, self)
        return {key: self.opened(one) for key, one in held.items()}


class _Sealed(Mapping[str, Any]):
    """The texts of a language, opened when someone first looks into them."""

    def __init__(self, data: bytes, opener: _Opener) -> None:
        self.data, self.opener = data, opener

    @functools.cached_property
    def table(self) -> dict[str, Any]:
        return self.opener.opened(marshal.loads(self.data))  # type: ignore[no-any-return]  # noqa: S302 - ours

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - as the table says
        return self.table[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.table)

    def __len__(self) -> int:
        return len(self.table)


def _road(one: object) -> str | None:
    """A path by plain names alone, as written."""
    if not isinstance(one, xpath.Path) or one.start not in ("/", ".") or not one.steps:
        return None
    if any(step != xpath.plain_step(step.name) for step in one.steps):
        return None
    return "/".join(["" if one.start == "/" else ".", *[step.name for step in one.steps]])


def _simple(value: object) -> _Coded:
    if isinstance(value, (*_SIMPLE, frozenset)):
        return value
    raise TypeError(type(value))


def _refers(coded: Any) -> bool:  # noqa: ANN401 - any collection
    return any(one.__class__ is tuple for one in coded)


def _packed(item: Item) -> tuple[object, ...]:
    """A list's element and all below it: name, cells (of a row), text, attributes, children."""
    if isinstance(item, Row):
        return item.name, dict(item.cells)
    kids = [_packed(kid) for kids in item.kids.values() for kid in kids]
    return item.name, None, item.text, dict(item.attributes), kids
