"""A folder that another machine reads: signed JSON and XLSX, and an .ok file when both are whole.

    <delivery>.json  <delivery>.json.sm2     the records, and the gateway's signature over these bytes
    <delivery>.xlsx  <delivery>.xlsx.sm2     the same as a workbook: records, answers, attachments, withdrawn,
                                             continued
    attachments/<sm3>                        where asked for
    <delivery>.ok                            last: the SM3 of each file and its name, one a line
                                             (until then it is called <delivery>.sm3)

Rules: a file is written beside, flushed and renamed; who reads takes nothing before its .ok and may then
take the files away. Once: before the .ok gets its name the delivery is marked 已放妥; a run after a crash
that finds it marked and no <delivery>.sm3 knows that it was announced. A cell of a workbook holds 32,767
UTF-16 units at most: of a longer text the first part stands in its cell, `parts` of the line says of how
many, and the others follow in `continued`; put together in their order they are the text. What a sheet has
no room for (1,048,576 lines) stands in `answers-2` and so on.
"""

import io
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import cast

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from xincai.wire.canonical import Json
from xincai.wire.digest import sm3
from xincai_gateway.files import flush, flush_folder
from xincai_gateway.gateway import Gateway
from xincai_gateway.outgoing import Consignment, Result, name_of

_FACTS = (
    "record",
    "version",
    "form",
    "form_version",
    "subject_kind",
    "subject_code",
    "subject_name",
    "region",
    "accepted_at",
    "authorisation",
    "objection",
)
_ANSWER = ("record", "version", "ref", "value", "origin", "level", "item", "kind")
_CELL = 32_767
_ROWS = 1_048_576


class Folder:
    """A destination that is a folder."""

    def __init__(self, folder: Path, gateway: Gateway, attachments: bool = False) -> None:
        self.name = name_of(f"folder:{folder.resolve()}")
        self._folder = folder
        self._gateway = gateway
        self._attachments = attachments

    def send(self, consignment: Consignment, placed: Callable[[], None]) -> Result:
        self._folder.mkdir(parents=True, exist_ok=True)
        announcement = self._folder / f"{consignment.delivery}.sm3"
        if not consignment.placed:
            self._write(announcement, self._place(consignment))
            placed()
        if announcement.exists():
            announcement.rename(announcement.with_suffix(".ok"))
            flush_folder(self._folder)
        return Result()

    def _place(self, consignment: Consignment) -> bytes:
        """Write all but the .ok; what the .ok says."""
        identity = self._gateway.identity
        document = consignment.document(identity.gateway)
        lines = []
        for kind, data in (("json", document), ("xlsx", _workbook(consignment))):
            name = f"{consignment.delivery}.{kind}"
            self._write(self._folder / name, data)
            self._write(self._folder / f"{name}.sm2", identity.key.sign(data))
            lines.append(f"{sm3(data)}  {name}")
        if self._attachments:
            lines += self._place_attachments(consignment)
        return ("\n".join(lines) + "\n").encode()

    def _place_attachments(self, consignment: Consignment) -> list[str]:
        folder = self._folder / "attachments"
        folder.mkdir(exist_ok=True)
        digests = sorted({
            str(item["sm3"])
            for record in consignment.records
            for item in _lines(record, "attachments")
        })  # fmt: skip
        for digest in digests:
            data = self._gateway.store.read(consignment.office, [digest])[digest]
            self._write(folder / digest, data)
        return [f"{digest}  attachments/{digest}" for digest in digests]

    def _write(self, path: Path, data: bytes) -> None:
        fresh = path.with_name(f".{path.name}.part")
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            flush(file.fileno())
        os.replace(fresh, path)  # noqa: PTH105 - as one step, also over what a crash left
        flush_folder(path.parent)


def _workbook(consignment: Consignment) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    records, answers = _Sheet(book, "records", _FACTS), _Sheet(book, "answers", _ANSWER)
    files = _Sheet(book, "attachments", ("record", "version", "name", "sm3", "size"))
    gone = _Sheet(book, "withdrawn", ("record", "version", "form", "withdrawn_at"))
    for record in consignment.records:
        records.add([record[name] for name in _FACTS])
        key = [record["record"], record["version"]]
        for answer in _lines(record, "answers"):
            answers.add([*key, *answer.values()])
        for item in _lines(record, "attachments"):
            files.add([*key, *item.values()])
    for each in consignment.withdrawn:
        gone.add(list(each.values()))
    rest = _Sheet(book, "continued", ("sheet", "record", "version", "ref", "column", "part", "text"))
    for sheet in (records, answers, files, gone):
        for line in sheet.rest:
            rest.add(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


class _Sheet:
    """A sheet of texts and whole numbers, never a formula; `rest` is what its cells had no room for."""

    def __init__(self, book: openpyxl.Workbook, name: str, columns: tuple[str, ...]) -> None:
        self._book, self._name, self._columns = book, name, columns
        self._number = 1
        self.rest: list[list[Json]] = []
        self._begin(name)

    def _begin(self, name: str) -> None:
        self._sheet = cast("WriteOnlyWorksheet", self._book.create_sheet(name))
        self._left = _ROWS
        self._write([*self._columns, "parts"])

    def add(self, values: Sequence[Json]) -> None:
        """Add a line that begins with record and version."""
        if not self._left:
            self._number += 1
            self._begin(f"{self._name}-{self._number}")
        told = dict(zip(self._columns, values, strict=True))
        parts = {name: _parts(value) for name, value in told.items() if isinstance(value, str)}
        key: list[Json] = [self._name, told["record"], told["version"], told.get("ref", "")]
        for name, pieces in parts.items():
            self.rest += [[*key, name, number, piece] for number, piece in enumerate(pieces[1:], 2)]
        cells = [parts[name][0] if name in parts else value for name, value in told.items()]
        self._write([*cells, max(map(len, parts.values()), default=1)])

    def _write(self, values: Iterable[Json]) -> None:
        cells = []
        for value in values:
            cell = WriteOnlyCell(self._sheet, value if isinstance(value, int) else str(value))
            if isinstance(value, str):
                cell.data_type = "s"
            cells.append(cell)
        self._sheet.append(cells)
        self._left -= 1


def _parts(text: str) -> list[str]:
    """A text in pieces that each fit into a cell; one piece where it fits as it is."""
    if 2 * len(text) <= _CELL:
        return [text]
    parts, start, room = [], 0, _CELL
    for place, letter in enumerate(text):
        room -= 2 if letter > "\uffff" else 1
        if room < 0:
            parts.append(text[start:place])
            start, room = place, _CELL - (2 if letter > "\uffff" else 1)
    return [*parts, text[start:]]


def _lines(record: Mapping[str, Json], name: str) -> list[dict[str, Json]]:
    return cast("list[dict[str, Json]]", record[name])
