"""The PDF: pages of marks become bytes through reportlab, with fonts of our own making.

Fonts are composite (Type0, Identity-H), so a character is one two-byte glyph number whatever its plane,
and the ToUnicode map is written in UTF-16: what is copied from the page is what was written. Nothing
depends on the hour or on the order of a set: the same pages give the same bytes. Stock fonts are never
touched. Every document is PDF/A-2b.
"""

import hashlib
import io
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from PIL import Image, UnidentifiedImageError
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from xincai.errors import Problem
from xincai.letters.archive import archive
from xincai.letters.breaking import Glyph
from xincai.letters.faces import FaceName, Subset, face
from xincai.letters.geometry import PAGE
from xincai.letters.marks import Mark, Page, Picture, Rule, Squares, Text

rl_config.useA85 = 0
_CREATOR, _PRODUCER = "Xincai", "Xincai letters, reportlab"
_BLACK = re.compile(rb"\x00+")


@dataclass(frozen=True)
class Facts:
    """What the document says of itself; it names no person."""

    title: str
    subject: str
    stamp: tuple[int, int, int, int, int, int]
    language: str


class _Canvas(Canvas):  # type: ignore[misc]  # reportlab is untyped
    """A canvas that starts each page without a stock font."""

    def _make_preamble(self) -> None:
        self._preamble = "1 0 0 1 0 0 cm"


def write(pages: Sequence[Page], facts: Facts) -> bytes:
    """All pages as one document."""
    subsets = _subsets(pages)
    glyph_ids = {name: {code: n for n, code in enumerate(s.codes, 1)} for name, s in subsets.items()}
    target = io.BytesIO()
    canvas = _Canvas(
        target, pagesize=PAGE, pageCompression=1, invariant=1, lang=facts.language, pdfVersion=(1, 7)
    )
    canvas.setTitle(facts.title)
    canvas.setSubject(facts.subject)
    canvas.setAuthor("")
    canvas.setCreator(_CREATOR)
    canvas.setProducer(_PRODUCER)
    document = canvas._doc  # noqa: SLF001 - reportlab has no public door to its document
    document._timeStamp.YMDhms = facts.stamp  # noqa: SLF001
    document._ID = _identity(facts, subsets)  # noqa: SLF001
    pictures = _Pictures()
    for page in pages:
        for mark in page.marks:
            _draw(canvas, mark, glyph_ids, pictures)
        canvas.showPage()
        document.Pages.pages[
            -1
        ].Trans = None  # an empty transition of reportlab's, which means nothing on paper
    for name, subset in subsets.items():
        _embed(document, name, subset)
    year, month, day, hour, minute, second = facts.stamp
    at = f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}+00:00"
    archive(document, facts.title, facts.subject, at, _CREATOR, _PRODUCER)
    canvas.save()
    return target.getvalue()


def _identity(facts: Facts, subsets: Mapping[FaceName, Subset]) -> bytes:
    """The document's ID (ISO 32000-1, 14.4) from what it holds; reportlab's own follows the environment."""
    held = repr((facts, [(name, subset.codes) for name, subset in subsets.items()]))
    digest = hashlib.sha256(held.encode()).hexdigest()[:32].upper()
    return f"[<{digest}> <{digest}>]".encode()


def _subsets(pages: Sequence[Page]) -> Mapping[FaceName, Subset]:
    used: dict[FaceName, set[int]] = {}
    for page in pages:
        for mark in page.marks:
            if isinstance(mark, Text):
                for _, glyph in mark.glyphs:
                    used.setdefault(glyph.face, set()).add(ord(glyph.character))
    return {name: face(name).subset(tuple(sorted(codes))) for name, codes in sorted(used.items())}


# ---- marks -------------------------------------------------------------------------------------


class _Pictures:
    """Each distinct picture is read once and embedded once."""

    def __init__(self) -> None:
        self._known: dict[bytes, ImageReader] = {}

    def reader(self, png: bytes) -> ImageReader:
        if png not in self._known:
            try:
                with Image.open(io.BytesIO(png)) as picture:
                    self._known[png] = ImageReader(picture.convert("RGBA"))
            except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
                raise Problem("letters.bad_picture") from error
        return self._known[png]


def _draw(
    canvas: Canvas, mark: Mark, glyph_ids: Mapping[FaceName, Mapping[int, int]], pictures: _Pictures
) -> None:
    height = PAGE[1]
    match mark:
        case Text():
            canvas.addLiteral(_text_code(mark, height, glyph_ids))
        case Rule():
            dash = "[3 3] 0 d" if mark.dashed else "[] 0 d"
            line = f"{_n(mark.x)} {_n(height - mark.y)} m {_n(mark.to_x)} {_n(height - mark.to_y)} l S"
            canvas.addLiteral(f"{_n(mark.grey)} G {_n(mark.width)} w {dash} {line}")
        case Squares():
            canvas.addLiteral(_squares_code(mark, height))
        case Picture():
            reader = pictures.reader(mark.png)
            bottom = height - mark.y - mark.height
            canvas.drawImage(
                reader,
                mark.x,
                bottom,
                mark.width,
                mark.height,
                mask="auto",
                preserveAspectRatio=True,
                anchor="sw",
            )


def _squares_code(mark: Squares, height: float) -> str:
    """Runs of black squares as rectangles on a grid of whole numbers, filled at once."""
    scale, x, y = _n(mark.side), _n(mark.x), _n(height - mark.y)
    return f"q 0 g {scale} 0 0 -{scale} {x} {y} cm {_grid(mark.rows)} f Q"


@lru_cache(maxsize=8)
def _grid(rows: tuple[bytes, ...]) -> str:
    return " ".join(
        f"{run.start()} {n} {run.end() - run.start()} 1 re"
        for n, row in enumerate(rows)
        for run in _BLACK.finditer(row)
    )


def _text_code(mark: Text, height: float, glyph_ids: Mapping[FaceName, Mapping[int, int]]) -> str:
    code = [f"BT {_n(mark.grey)} g"]
    a, b = mark.slope
    for name, run in groupby(mark.glyphs, key=lambda placed: placed[1].face):
        glyphs = list(run)
        x = mark.x + glyphs[0][0] * a
        y = height - mark.y + glyphs[0][0] * b
        code.append(f"/X{name} {_n(mark.size)} Tf {_n(a)} {_n(b)} {_n(-b)} {_n(a)} {_n(x)} {_n(y)} Tm")
        code.append(f"[{''.join(_shown(glyphs, mark.size, glyph_ids[name]))}] TJ")
    code.append("ET")
    return " ".join(code)


def _shown(glyphs: Sequence[tuple[float, Glyph]], size: float, ids: Mapping[int, int]) -> Iterator[str]:
    """Glyph numbers in hexadecimal, with the moves between them in thousandths of the size."""
    source, unit = face(glyphs[0][1].face), size / 1000
    pen = glyphs[0][0]
    run: list[str] = []
    for x, glyph in glyphs:
        code = ord(glyph.character)
        if move := round((pen - x) / unit):
            if run:
                yield f"<{''.join(run)}>"
                run = []
            yield str(move)
            pen -= move * unit
        run.append(f"{ids[code]:04X}")
        pen += source.width(code) * unit
    if run:
        yield f"<{''.join(run)}>"


@lru_cache(maxsize=16_384)
def _n(number: float) -> str:
    text = f"{number:.3f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


# ---- fonts -------------------------------------------------------------------------------------


def _embed(document: pdfdoc.PDFDocument, name: FaceName, subset: Subset) -> None:
    """Put a Type0 font under the name /X<face> into the resources of every page."""
    source = face(name)
    base = f"{_tag(subset)}+{source.postscript}"
    file = _stream(subset.compressed, compressed=True, Length1=subset.length)
    descriptor = pdfdoc.PDFDictionary(
        {
            "Type": pdfdoc.PDFName("FontDescriptor"),
            "FontName": pdfdoc.PDFName(base),
            "Flags": 4,
            "FontBBox": pdfdoc.PDFArray([value * 1000 // source.units for value in source.box]),
            "ItalicAngle": 0,
            "Ascent": source.ascent * 1000 // source.units,
            "Descent": source.descent * 1000 // source.units,
            "CapHeight": 700,
            "StemV": 80,
            "FontFile2": document.Reference(file, f"file:{name}"),
        }
    )
    descendant = pdfdoc.PDFDictionary(
        {
            "Type": pdfdoc.PDFName("Font"),
            "Subtype": pdfdoc.PDFName("CIDFontType2"),
            "BaseFont": pdfdoc.PDFName(base),
            "CIDSystemInfo": pdfdoc.PDFDictionary(
                {"Registry": b"(Adobe)", "Ordering": b"(Identity)", "Supplement": 0}
            ),
            "FontDescriptor": document.Reference(descriptor, f"descriptor:{name}"),
            "DW": 1000,
            "W": f"[0 [{' '.join(map(str, subset.widths))}]]".encode(),
            "CIDToGIDMap": pdfdoc.PDFName("Identity"),
        }
    )
    font = pdfdoc.PDFDictionary(
        {
            "Type": pdfdoc.PDFName("Font"),
            "Subtype": pdfdoc.PDFName("Type0"),
            "BaseFont": pdfdoc.PDFName(base),
            "Encoding": pdfdoc.PDFName("Identity-H"),
            "DescendantFonts": pdfdoc.PDFArray([document.Reference(descendant, f"descendant:{name}")]),
            "ToUnicode": document.Reference(_stream(_to_unicode(subset.codes)), f"unicode:{name}"),
        }
    )
    document.idToObject["BasicFonts"].dict[f"X{name}"] = document.Reference(font, f"font:{name}")


def _stream(data: bytes, *, compressed: bool = False, **numbers: int) -> pdfdoc.PDFStream:
    """A stream already deflated, so that reportlab leaves it alone."""
    stream = pdfdoc.PDFStream(content=data if compressed else zlib.compress(data))
    stream.dictionary["Filter"] = pdfdoc.PDFName("FlateDecode")
    for key, number in numbers.items():
        stream.dictionary[key] = number
    return stream


def _tag(subset: Subset) -> str:
    """Six capitals that depend on the characters alone (ISO 32000-1, 9.6.4)."""
    number = zlib.crc32(",".join(map(str, subset.codes)).encode())
    return "".join(chr(65 + number // 26**n % 26) for n in range(6))


def _to_unicode(codes: Sequence[int]) -> bytes:
    """The CMap from glyph numbers to UTF-16 (ISO 32000-1, 9.10.3), at most 100 lines a block."""
    lines = [f"<{n:04X}> <{chr(code).encode('utf-16-be').hex().upper()}>" for n, code in enumerate(codes, 1)]
    blocks = [lines[n : n + 100] for n in range(0, len(lines), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")
