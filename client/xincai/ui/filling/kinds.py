"""Which field takes which kind of question; an appearance that is not known leaves the plain kind."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from xincai.desk import Entry
from xincai.ui.filling.address import AddressField
from xincai.ui.filling.choices.chart import ChartField
from xincai.ui.filling.choices.grid import CellsField, HeadField, RowField
from xincai.ui.filling.choices.many import ManyField
from xincai.ui.filling.choices.ranking import RankField
from xincai.ui.filling.choices.regions import RegionsField
from xincai.ui.filling.date import DateField, InstantField, TimeField
from xincai.ui.filling.field import Field
from xincai.ui.filling.geofields import OutlineField, PointField
from xincai.ui.filling.media.barcode import BarcodeField
from xincai.ui.filling.media.file import FileField
from xincai.ui.filling.media.marks import AnnotateField
from xincai.ui.filling.number import NumberField
from xincai.ui.filling.options import OptionsField
from xincai.ui.filling.photo import PhotoField
from xincai.ui.filling.scales.counter import CounterField
from xincai.ui.filling.scales.range import PickerField, RangeField, StarsField, steps_of
from xincai.ui.filling.scribe import Scribe
from xincai.ui.filling.search import DropField, SearchField
from xincai.ui.filling.signature import SignatureField
from xincai.ui.filling.spot import SpotField
from xincai.ui.filling.text import ParagraphField, TextField
from xincai.ui.filling.told import AcknowledgeField, CalculatedField, NoteField

Make = Callable[[Entry, Scribe, QWidget], Field]
_FEW = 7
"""Choices that are laid out as radio buttons; more become a searchable list."""
_SEVERAL = 20
"""Check boxes that are laid out at once."""
_LAID = 60
"""Buttons laid out where the appearance asks for columns."""
_LISTED = 300
"""Rows of a drop-down; more become a searchable list."""
_MOST_STARS = 12
_BY_TYPE: dict[str, Make] = {
    "int": NumberField,
    "decimal": NumberField,
    "date": DateField,
    "time": TimeField,
    "dateTime": InstantField,
    "geopoint": PointField,
    "geoshape": OutlineField,
    "geotrace": OutlineField,
    "barcode": BarcodeField,
}
_ROWS: dict[str, Make] = {
    "label": HeadField,
    "list-nolabel": CellsField,
    "likert": RowField,
    "list": RowField,
}
_SEARCHED = frozenset({"autocomplete", "search"})
_LAID_OUT = frozenset({"columns", "columns-pack", "no-buttons", "quick", "quickcompact", "compact"})


def kind_of(entry: Entry, scribe: Scribe) -> Make:
    """The field for an entry as it stands now."""
    if "url" in entry.appearance.split() and entry.type == "string":
        return AddressField
    if entry.control == "note":
        return NoteField
    if entry.readonly:
        return CalculatedField
    if entry.control in ("select1", "select"):
        return _choice(entry, scribe)
    make = _BY_CONTROL.get(entry.control, _input)
    return make(entry)


def _choice(entry: Entry, scribe: Scribe) -> Make:
    words = entry.appearance.split()
    one, count = entry.control == "select1", len(scribe.filling.choices(entry.ref))
    row = next((_ROWS[word] for word in words if word in _ROWS), None)
    if row is not None and count <= _SEVERAL:
        return row
    if "image-map" in words and count <= _LAID:
        return RegionsField
    if "map" in words and one:
        return ChartField
    if "minimal" in words and one and count <= _LISTED:
        return DropField
    searched = "minimal" in words or "search(" in entry.appearance or not _SEARCHED.isdisjoint(words)
    laid_out = not _LAID_OUT.isdisjoint(words) or "columns-" in entry.appearance
    few = _LAID if laid_out else (_FEW if one else _SEVERAL)
    if not searched and count <= few:
        return OptionsField
    return SearchField if one else ManyField


def _upload(entry: Entry) -> Make:
    words = entry.appearance.split()
    if not entry.media_type.startswith("image"):
        return FileField
    if "signature" in words or "draw" in words:
        return SignatureField
    return AnnotateField if "annotate" in words else PhotoField


def _range(entry: Entry) -> Make:
    words, last = entry.appearance.split(), steps_of(entry).last
    if "rating" in words and last < _MOST_STARS:
        return StarsField
    return PickerField if "picker" in words and last < _LISTED else RangeField


def _input(entry: Entry) -> Make:
    words = entry.appearance.split()
    if entry.type == "int" and "counter" in words:
        return CounterField
    if entry.type == "geopoint" and ("maps" in words or "placement-map" in words):
        return SpotField
    if entry.type == "string" and ("multiline" in words or "rows" in entry.parameters):
        return ParagraphField
    return _BY_TYPE.get(entry.type, TextField)


def _acknowledge(_entry: Entry) -> Make:
    return AcknowledgeField


def _rank(_entry: Entry) -> Make:
    return RankField


_BY_CONTROL: dict[str, Callable[[Entry], Make]] = {
    "trigger": _acknowledge,
    "rank": _rank,
    "upload": _upload,
    "range": _range,
}
