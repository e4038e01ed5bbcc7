"""A form as bytes, to be opened without reading its XForm again.

The bytes are the program's own: they are kept beside the form they were made from, by the program that made
them. Opened only when all of these hold: the same program version on the same interpreter with the same
classes, the same source (the caller's digest of XForm and files), and bytes that are whole. In any other case
`load_form` gives None, and the caller reads the XForm. What comes over a wire or on a stick is never a cache,
and nothing but the engine's own classes is made of one.

What knows each other (places, rules, controls) stands first and bare, then what each of them holds: so no
chain of them is followed, however long. The expression of a rule, the texts of a language and the rows of a
list are bytes within the bytes, opened when someone first looks into them.
"""

import copyreg
import functools
import gc
import io
import pickle
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

import xincai
from xincai.xforms.form import Action, Bind, Control, Edge, Form, Itemset, Option, Rule, Wording
from xincai.xforms.tree import Definition, Item, Row, Seed
from xincai.xforms.xpath import syntax as xpath

_MAGIC = b"xincai form 2\n"
_PROTOCOL = 5
_OBJECTS = (Definition, Bind, Rule, Control, Action)
_TUPLES: tuple[type, ...] = (
    Edge, Wording, Option, Itemset, Seed, xpath.Num, xpath.Text, xpath.Call, xpath.Chain, xpath.Binary,
    xpath.Negate, xpath.Step, xpath.Path, xpath.Filter,
)  # fmt: skip
_NOTHING: Mapping[int, int] = MappingProxyType({})
_LEFT_OUT = frozenset({"indexes", "places"})
_Bundle: TypeAlias = tuple[Any, ...]  # name and cells of a row; or name, text, attributes, children


def dump_form(form: Form, source: str = "") -> bytes:
    """The form as bytes; `source` is a digest of what it was read from."""
    objects = _objects(form)
    numbers = {id(one): number for number, one in enumerate(objects)}
    shut: dict[int, bytes] = {}
    held = [_held(one, numbers, shut) for one in objects]
    state: dict[str, object] = {name: getattr(form, name) for name in (*_names(Form), "self_filling")}
    state["instances"] = {name: _list(root) for name, root in form.instances.items()}
    state["texts"] = {language: Texts(_bytes(dict(table))) for language, table in form.texts.items()}
    payload = _bytes((objects, held, state), bare=numbers)
    return _MAGIC + _stamp(source) + _digest(payload) + payload


def load_form(data: bytes, source: str = "") -> Form | None:
    """The form that was kept, or None when this program, from this source, would make it otherwise."""
    stamp = _MAGIC + _stamp(source)
    body = len(stamp) + 32
    if data[: len(stamp)] != stamp or _digest(memoryview(data)[body:]) != data[len(stamp) : body]:
        return None
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _form(*_opened(memoryview(data)[body:]))
    finally:
        if collecting:
            gc.enable()


def _form(objects: list[Any], held: list[Any], state: dict[str, Any]) -> Form:
    """The objects, filled with what they hold or with the means to do so."""
    places: dict[str, Definition] = {}
    for one, values in zip(objects, held, strict=True):
        if one.__class__ is Definition:
            _fill(one, values)
            places[one.path] = one
        elif values.__class__ is bytes:
            vars(one)["shut"] = functools.partial(_opened, values, objects)
        else:
            vars(one).update(values)
    form = object.__new__(Form)
    vars(form).update(state, places=places, indexes={})
    return form


def _fill(place: Definition, values: tuple[Any, ...]) -> None:
    """All that a place holds, in the order of its slots: written out, as there are many."""
    (
        place.actions, place.added, place.attributes, place.bind, place.children, place.control,
        place.defaults, place.depth, place.edges, place.in_repeat, place.name, place.parent, place.path,
        place.readonly, place.repeat, place.required, place.rules, place.several, place.template, place.type,
    ) = values  # fmt: skip


class KeptRule(Rule):
    """A rule as it comes back: its expression is opened when first asked for."""

    __init__ = object.__init__  # bare; filled afterwards

    @functools.cached_property
    def expr(self) -> xpath.Expr:  # type: ignore[override]  # read only
        return _expr(vars(self)["shut"])


@functools.lru_cache(maxsize=20_000)
def _expr(data: bytes) -> xpath.Expr:
    """An expression from its bytes: the same one for all rules that hold it, as when they were read."""
    return _opened(data)  # type: ignore[no-any-return]  # as it was shut


class _Later:
    """A field of an object of which all fields are opened when the first is asked for."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, one: object, _: type) -> Any:  # noqa: ANN401 - as the field says
        own = vars(one)
        shut = own.get("shut")
        if shut is not None:
            own.update(shut())
            own.pop("shut", None)
        return own[self.name]


class KeptControl(Control):
    """A control as it comes back: opened when it is first looked at."""

    __init__ = object.__init__  # bare; filled afterwards


class KeptBind(Bind):
    """A bind as it comes back: opened when it is first looked at."""

    __init__ = object.__init__  # bare; filled afterwards


for _kind in (KeptControl, KeptBind):
    for _field in fields(_kind):
        setattr(_kind, _field.name, _Later(_field.name))


class Texts(Mapping[str, Any]):
    """The texts of a language, opened when someone first looks into them."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @functools.cached_property
    def table(self) -> dict[str, Any]:
        return _opened(self.data)  # type: ignore[no-any-return]  # as they were shut

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - as the table says
        return self.table[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.table)

    def __len__(self) -> int:
        return len(self.table)

    def __reduce__(self) -> tuple[type, tuple[bytes]]:
        return Texts, (self.data,)


class KeptList(Item):
    """The root of a list whose rows are opened when someone first looks into it."""

    __slots__ = ("rows",)

    def __init__(self, name: str, text: str, attributes: Mapping[str, str], rows: bytes) -> None:
        super().__init__(name, None, text, attributes)
        self.rows = rows

    def _grow(self) -> dict[str, list[Item]]:
        rows = self.rows
        if rows:  # what is there is taken away only when what it means stands
            self._kids = _unpacked(_opened(rows), self)
            self.rows = b""
        return self._kids or {}

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return KeptList, (self.name, self.text, self.attributes, self.rows)


_KEPT: dict[type, type] = {Rule: KeptRule, Control: KeptControl, Bind: KeptBind}
_CLASSES = (*_OBJECTS, *_TUPLES, *_KEPT.values(), Texts, KeptList)
_KNOWN = {(one.__module__, one.__qualname__): one for one in _CLASSES}


class _Writer(pickle.Pickler):
    """Writes the objects that know each other as bare ones, or by their numbers."""

    def __init__(self, file: io.BytesIO, bare: Mapping[int, int], numbers: Mapping[int, int]) -> None:
        super().__init__(file, _PROTOCOL)
        self.bare, self.numbers = bare, numbers

    def persistent_id(self, one: object) -> int | None:
        return self.numbers.get(id(one))

    def reducer_override(self, one: object) -> Any:  # noqa: ANN401 - as pickle says
        if not isinstance(one, _OBJECTS):
            return NotImplemented
        if id(one) not in self.bare:
            raise TypeError(one)
        for kind, kept in _KEPT.items():
            if isinstance(one, kind):
                return kept, ()
        return copyreg.__newobj__, (type(one),)  # type: ignore[attr-defined]  # not in the stubs


class _Opener(pickle.Unpickler):
    """Makes the engine's own classes and no others; `objects` are those that know each other."""

    def __init__(self, data: bytes | memoryview, objects: Sequence[object]) -> None:
        super().__init__(io.BytesIO(data))
        self.objects = objects

    def persistent_load(self, number: int) -> object:
        return self.objects[number]

    def find_class(self, module: str, name: str) -> type:
        return _KNOWN[module, name]


def _bytes(value: object, bare: Mapping[int, int] = _NOTHING, numbers: Mapping[int, int] = _NOTHING) -> bytes:
    file = io.BytesIO()
    _Writer(file, bare, numbers).dump(value)
    return file.getvalue()


def _opened(data: bytes | memoryview, objects: Sequence[object] = ()) -> Any:  # noqa: ANN401 - what was kept
    return _Opener(data, objects).load()


def _objects(form: Form) -> list[object]:
    """All that may know each other, each once."""
    found: dict[int, object] = {}
    waiting: list[object] = [*reversed(form.actions), *reversed(form.rules), *reversed(form.body)]
    waiting += reversed(list(form.places.values()))
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in found:
            continue
        found[id(one)] = one
        if isinstance(one, Definition):
            waiting += [one.bind, one.control, one.repeat, *one.rules, *one.actions]
        elif isinstance(one, Control):
            waiting += [one.words_rule, one.choices_rule, *one.children]
    return list(found.values())


def _held(one: object, numbers: Mapping[int, int], shut: dict[int, bytes]) -> object:
    """What an object holds; a rule its expression in bytes, a control or a bind everything."""
    if isinstance(one, Definition):
        return tuple([getattr(one, name) for name in Definition.__slots__])
    held = {name: getattr(one, name) for name in _names(type(one))}
    if isinstance(one, Rule):
        held["shut"] = shut.get(id(held["expr"])) or _bytes(held["expr"])
        shut[id(held["expr"])] = held["shut"]
        del held["expr"]
    return _bytes(held, numbers=numbers) if isinstance(one, (Control, Bind)) else held


def _list(root: Item) -> KeptList:
    rows = [_bundle(kid) for kids in root.kids.values() for kid in kids]
    return KeptList(root.name, root.text, dict(root.attributes), _bytes(rows))


def _bundle(item: Item) -> _Bundle:
    """A list's element and all below it."""
    if isinstance(item, Row):
        return item.name, item.texts()
    return (
        item.name,
        item.text,
        dict(item.attributes),
        [_bundle(kid) for kids in item.kids.values() for kid in kids],
    )


def _unpacked(bundles: list[_Bundle], parent: Item) -> dict[str, list[Item]]:
    """Elements as kept in bundles, by name."""
    kids: dict[str, list[Item]] = {}
    for bundle in bundles:
        same = kids.setdefault(bundle[0], [])
        if len(bundle) == 2:
            same.append(Row.of(bundle[0], parent, bundle[1], len(same) + 1))
            continue
        item = Item(bundle[0], parent, bundle[1], bundle[2])
        item._kids = _unpacked(bundle[3], item)  # noqa: SLF001 - as the element itself would grow them
        same.append(item)
        item.position = len(same)
    return kids


def _stamp(source: str) -> bytes:
    said = (xincai.__version__, sys.implementation.cache_tag, _shapes(), source)
    return _digest(repr(said).encode())


@functools.cache
def _shapes() -> tuple[tuple[str, ...], ...]:
    """The classes and what they hold."""
    return tuple((one.__name__, *_names(one)) for one in (*_OBJECTS, *_TUPLES, Form, Item, Row))


def _digest(data: bytes | memoryview) -> bytes:
    import hashlib

    return hashlib.sha256(data).digest()


def _names(kind: type) -> tuple[str, ...]:
    """What an object of a class holds."""
    if is_dataclass(kind):
        return tuple(field.name for field in fields(kind) if field.name not in _LEFT_OUT)
    return tuple(getattr(kind, "_fields", getattr(kind, "__slots__", ())))
