"""Which field takes which kind of question."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from xincai.desk import Entry
from xincai.ui.filling.date import DateField, InstantField, TimeField
from xincai.ui.filling.field import Field
from xincai.ui.filling.geofields import OutlineField, PointField
from xincai.ui.filling.number import NumberField
from xincai.ui.filling.options import OptionsField
from xincai.ui.filling.photo import PhotoField
from xincai.ui.filling.scribe import Scribe
from xincai.ui.filling.search import DropField, SearchField
from xincai.ui.filling.signature import SignatureField
from xincai.ui.filling.text import ParagraphField, TextField
from xincai.ui.filling.told import AcknowledgeField, CalculatedField, NoteField, UnknownField

Make = Callable[[Entry, Scribe, QWidget], Field]
_FEW = 7
"""Choices that are laid out as radio buttons; more become a searchable list."""
_BY_CONTROL: dict[str, Make] = {
    "trigger": AcknowledgeField,
    "select": OptionsField,
    "rank": OptionsField,
}
_BY_TYPE: dict[str, Make] = {
    "int": NumberField,
    "decimal": NumberField,
    "date": DateField,
    "time": TimeField,
    "dateTime": InstantField,
    "geopoint": PointField,
    "geoshape": OutlineField,
    "geotrace": OutlineField,
}


def kind_of(entry: Entry, scribe: Scribe) -> Make:
    """The field for an entry as it stands now."""
    if entry.control == "note":
        return NoteField
    if entry.readonly:
        return CalculatedField
    if entry.control == "select1":
        return _choice(entry, scribe)
    if entry.control == "upload":
        return _upload(entry)
    by_type = ParagraphField if "multiline" in entry.appearance else _BY_TYPE.get(entry.type, TextField)
    return _BY_CONTROL.get(entry.control, by_type)


def _choice(entry: Entry, scribe: Scribe) -> Make:
    if "minimal" in entry.appearance.split():
        return DropField
    return OptionsField if len(scribe.filling.choices(entry.ref)) <= _FEW else SearchField


def _upload(entry: Entry) -> Make:
    words = entry.appearance.split()
    if "signature" in words or "draw" in words:
        return SignatureField
    return PhotoField if entry.media_type.startswith("image") else UnknownField
