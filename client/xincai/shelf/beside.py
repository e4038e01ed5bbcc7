"""Files that lie beside a form: code lists, pictures, sounds, as ODK's own tools lay them out.

A form's files stand in its own folder, in `<form>-media/` or in `lists/`. Only files that the form names are
read, each by its bare name and up to a cap; a name never leads out of the folder.
"""

import re
import xml.sax.saxutils
from collections.abc import Iterator, Mapping
from pathlib import Path

from xincai.errors import Problem

LARGEST = 64 * 1024 * 1024
MOST = 256 * 1024 * 1024
_NAMED = re.compile(rb"jr://(?:file-csv|file-xml|file|images|audio|video)/([^\s\"'<>/\\]+)")
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


class Beside(Mapping[str, str]):
    """Texts beside a form by file name, read when they are asked for."""

    def __init__(self, form: Path) -> None:
        folder = form.parent
        self._places: dict[str, Path] = {}
        for place in (folder / "lists", folder, folder / f"{form.stem}-media"):
            if place.is_dir():
                self._places |= {file.name: file for file in place.iterdir() if file != form}

    def __getitem__(self, name: str) -> str:
        return decoded(self.content(name), name)

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._places if name.endswith((".csv", ".xml", ".geojson")))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return name in self._places and self._places[str(name)].is_file()

    def content(self, name: str) -> bytes:
        """One file; KeyError when it is not there."""
        path = self._places[name]
        if path.stat().st_size > LARGEST:
            raise Problem("shelf.file_too_large", file=name, most=LARGEST // 1024 // 1024)
        return path.read_bytes()

    def named_in(self, xml: bytes) -> tuple[dict[str, bytes], tuple[str, ...]]:
        """Files that an XForm names: those that are here, and the names of those that are not."""
        found: dict[str, bytes] = {}
        missing: list[str] = []
        for raw in dict.fromkeys(_NAMED.findall(xml)):
            name = xml_unescaped(raw)
            if name not in self:
                missing.append(name)
                continue
            found[name] = self.content(name)
            if sum(map(len, found.values())) > MOST:
                raise Problem("shelf.file_too_large", file=name, most=MOST // 1024 // 1024)
        return found, tuple(missing)


def xml_unescaped(raw: bytes) -> str:
    """A name as it was before XML made entities of its signs."""
    return xml.sax.saxutils.unescape(raw.decode("utf-8", "replace"))


def decoded(data: bytes, name: str) -> str:
    """A text file: UTF-8, UTF-16 by its mark, or what Chinese Excel writes (GB 18030)."""
    marked = next((encoding for mark, encoding in _BOMS if data.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeError:
            continue
    raise Problem("shelf.not_text", file=name)
