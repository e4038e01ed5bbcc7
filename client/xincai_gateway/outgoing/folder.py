"""A folder that another machine reads: signed JSON and XLSX, and an .ok file when both are whole.

    <delivery>.json  <delivery>.json.sm2     the records, and the gateway's signature over these bytes
    <delivery>.xlsx  <delivery>.xlsx.sm2     the same as a workbook: records, answers, attachments, withdrawn
    attachments/<sm3>                        where asked for
    <delivery>.ok                            last: the SM3 of each file and its name, one a line
                                             (until then it is called <delivery>.sm3)

Rules: a file is written beside, flushed and renamed; who reads takes nothing before its .ok and may then take
the files away. Once: before the .ok gets its name the delivery is marked 已放妥; a run after a crash that
finds it marked and no <delivery>.sm3 knows that it was announced.
"""

import io
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import cast

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from xincai.wire.canonical import Json
from xincai.wire.digest import sm3
from xincai_gateway.files import flush, flush_folder
from xincai_gateway.gateway import Gateway
from xincai_gateway.outgoing import Consignment, Result

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


class Folder:
    """A destination that is a folder."""

    def __init__(self, folder: Path, gateway: Gateway, attachments: bool = False) -> None:
        self.name = f"folder:{folder.resolve()}"[-100:]
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
    records, answers = book.create_sheet("records"), book.create_sheet("answers")
    files, gone = book.create_sheet("attachments"), book.create_sheet("withdrawn")
    _line(records, _FACTS)
    _line(answers, ("record", "version", "ref", "value", "origin", "level", "item", "kind"))
    _line(files, ("record", "version", "name", "sm3", "size"))
    _line(gone, ("record", "version", "form", "withdrawn_at"))
    for record in consignment.records:
        _line(records, [record[name] for name in _FACTS])
        key = [record["record"], record["version"]]
        for answer in _lines(record, "answers"):
            _line(answers, [*key, *answer.values()])
        for item in _lines(record, "attachments"):
            _line(files, [*key, *item.values()])
    for each in consignment.withdrawn:
        _line(gone, list(each.values()))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _lines(record: Mapping[str, Json], name: str) -> list[dict[str, Json]]:
    return cast("list[dict[str, Json]]", record[name])


def _line(sheet: WriteOnlyWorksheet, values: Iterable[Json]) -> None:
    """A line of texts and whole numbers; never a formula."""
    cells = []
    for value in values:
        cell = WriteOnlyCell(sheet, value if isinstance(value, int) else str(value)[:32767])
        if isinstance(value, str):
            cell.data_type = "s"
        cells.append(cell)
    sheet.append(cells)
