"""Forms of others, looked at in a process apart: it can be stopped, and what it takes dies with it.

The converter is quick with honest forms and helpless before some others (minutes, gigabytes), and nothing
can end it from inside. So the program asks its own command line (`xincai form check --json --into`), waits
with an eye on a deadline and on whoever wants to stop it, and reads what was written. Many files at once are
brought together first: a form with the files it names, or a ZIP of them.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any

from xincai import clock
from xincai.errors import Problem
from xincai.shelf.card import FormCard
from xincai.shelf.convert import FormSource
from xincai.shelf.reading import SHEET_ENDINGS, XFORM, Inspection
from xincai.shelf.remarks import Remark, remark_of
from xincai.shelf.sheets import Place

PATIENCE = 90.0
_LOOK = 0.05
_CARD = "card.json"
_FORM = "form.xml"
_FILES = "files"
_MOST = 512 * 1024 * 1024
_MOST_ENTRIES = 2_000
_RANKS = (".xlsx", ".xlsm", ".md", XFORM, ".csv")


def inspect_apart(
    files: Iterable[Path],
    cancelled: Callable[[], bool],
    *,
    patience: float = PATIENCE,
) -> Inspection | None:
    """Look a form through, given as one file or as several that belong together; None when cancelled.

    Raises:
        Problem: `shelf.no_form_there`, `shelf.too_slow`, or what unpacking says.
    """
    with tempfile.TemporaryDirectory(prefix="xincai-form-") as place:
        folder = Path(place)
        form = gather(tuple(files), folder / "in")
        (folder / "out").mkdir()
        process = _started(form, folder)
        until = clock.monotonic() + patience
        try:
            while process.poll() is None:
                if cancelled():
                    return None
                if clock.monotonic() > until:
                    raise Problem("shelf.too_slow", file=form.name, seconds=int(patience))
                clock.pause(_LOOK)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        return _read(folder, form)


def _started(form: Path, folder: Path) -> "subprocess.Popen[bytes]":
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "xincai"]
    hidden = 0x0800_0000 if sys.platform == "win32" else 0  # CREATE_NO_WINDOW
    with (folder / "said.json").open("wb") as said, (folder / "errors.txt").open("wb") as errors:
        return subprocess.Popen(  # noqa: S603 - our own program and a file of the person's choosing
            [*program, "form", "check", "--json", "--into", str(folder / "out"), "--", str(form)],
            stdin=subprocess.DEVNULL, stdout=said, stderr=errors, creationflags=hidden,
        )  # fmt: skip


def _read(folder: Path, form: Path) -> Inspection:
    try:
        told = json.loads((folder / "said.json").read_text("utf-8"))
    except ValueError as error:  # it ended without a word: out of memory, or a bug that its output names
        raise Problem("shelf.not_readable", file=form.name) from error
    remarks = tuple(_remark(each) for each in told["remarks"])
    return Inspection(_source(folder / "out", remarks) if told["ok"] else None, remarks)


def _remark(told: Mapping[str, Any]) -> Remark:
    problem = Problem(told["code"], **told["facts"])
    column = str(told["column"])
    if not told["file"]:
        return remark_of(problem, grave=told["weight"] == "error")
    letters = {column: str(told["cell"]).rstrip("0123456789")} if told["cell"] else {}
    place = Place(told["file"], told["sheet"], int(told["row"]), letters)
    return Remark(problem, place, column, told["weight"] == "error")


def write(source: FormSource, folder: Path) -> None:
    """Write a form made ready into a folder, for `_source` to read."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _FILES).mkdir(exist_ok=True)
    (folder / _FORM).write_bytes(source.xml)
    for name, data in source.files.items():
        (folder / _FILES / name).write_bytes(data)
    (folder / _CARD).write_text(card_text(source.card), "utf-8")


def _source(folder: Path, remarks: tuple[Remark, ...]) -> FormSource:
    card = read_card((folder / _CARD).read_text("utf-8"))
    files = {name: (folder / _FILES / name).read_bytes() for name in card.files}
    return FormSource((folder / _FORM).read_bytes(), files, card, remarks)


def card_text(card: FormCard) -> str:
    """A card as text, to be kept."""
    return json.dumps(asdict(card), ensure_ascii=False, sort_keys=True)


def read_card(text: str) -> FormCard:
    """The card of a `card_text`."""
    told = json.loads(text)
    return FormCard(**{**told, "subjects": tuple(told["subjects"]), "files": tuple(told["files"])})


# --- one folder of all that was given


def gather(files: tuple[Path, ...], folder: Path) -> Path:
    """Bring a form and its files together in a folder; the form's place there."""
    folder.mkdir(parents=True, exist_ok=True)
    if len(files) == 1 and files[0].suffix.lower() in {*SHEET_ENDINGS, XFORM}:
        return files[0]
    for file in files:
        if file.suffix.lower() == ".zip":
            _unzip(file, folder)
        elif file.is_dir():
            _copy(folder, (each for each in file.iterdir() if each.is_file()))
        else:
            _copy(folder, [file])
    return _form_among(folder, files[0].name if files else "")


def _copy(folder: Path, files: Iterable[Path]) -> None:
    for file in files:
        if file.stat().st_size > _MOST:
            raise Problem("shelf.file_too_large", file=file.name, most=_MOST // 1024 // 1024)
        shutil.copyfile(file, folder / file.name)


def _unzip(file: Path, folder: Path) -> None:
    """Unpack flat: names keep their last part, so that none leads out of the folder."""
    try:
        with zipfile.ZipFile(file) as packed:
            entries = [entry for entry in packed.infolist() if not entry.is_dir()]
            if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _MOST:
                raise Problem("shelf.file_too_large", file=file.name, most=_MOST // 1024 // 1024)
            for entry in entries:
                name = PurePosixPath(entry.filename.replace("\\", "/")).name
                if name and not name.startswith((".", "~$")) and "__MACOSX" not in entry.filename:
                    with packed.open(entry) as source, (folder / name).open("wb") as target:
                        shutil.copyfileobj(source, target, 1 << 20)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as trouble:
        raise Problem("shelf.not_zip", file=file.name) from trouble


def _form_among(folder: Path, given: str) -> Path:
    """The form among files that belong together: an XLSForm before an XForm, a CSV last."""
    files = sorted(folder.iterdir())
    for ending in _RANKS:
        found = [file for file in files if file.suffix.lower() == ending and _looks_like_form(file)]
        if len(found) > 1:
            names = "、".join(file.name for file in found[:5])
            raise Problem("shelf.several_forms", file=given, names=names)
        if found:
            return found[0]
    raise Problem("shelf.no_form_there", file=given)


def _looks_like_form(file: Path) -> bool:
    """Whether an XML or CSV is a form and not one of a form's lists."""
    ending = file.suffix.lower()
    if ending not in (XFORM, ".csv"):
        return not file.name.startswith("~$")
    with file.open("rb") as opened:
        head = opened.read(4096).lower()
    return b"www.w3.org/2002/xforms" in head if ending == XFORM else b"survey" in head.partition(b"\n")[0]
