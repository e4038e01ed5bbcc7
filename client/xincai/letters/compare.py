"""What differs between a letter as it was made and a PDF that says it is that letter.

Words first, line by line and page by page; where all words are the same, how the pages look. A picture has no
words to compare: of a scan only its code is checked, and the eye does the rest.
"""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from xincai.letters.preview import opened

if TYPE_CHECKING:
    import pypdfium2

_SCALE = 1.5
_GREY = 96
"""From this difference of grey on a pixel looks changed, and not only drawn by another hand."""
_MOST = 60


@dataclass(frozen=True)
class Difference:
    """One place: what the letter said and what the paper says; both empty where only the look differs."""

    page: int
    was: str = ""
    now: str = ""


def differences(made: bytes, shown: bytes) -> tuple[Difference, ...]:
    """Every difference of words, or of looks where there is none of words; pages count from 1.

    Raises Problem `letters.not_a_letter` for what is no PDF.
    """
    if made == shown:
        return ()
    with opened(made) as left, opened(shown) as right:
        count = min(max(len(left), len(right)), _MOST)
        words = [each for page in range(count) for each in _of_words(left, right, page)]
        return tuple(words) or tuple(
            Difference(page + 1) for page in range(count) if _looks_other(left[page], right[page])
        )


def foot_differences(pdf: bytes, number: str, code: str) -> tuple[Difference, ...]:
    """The pages whose foot does not tell the letter's number and check code as its seal does."""
    with opened(pdf) as document:
        pages = [(n, _lines(document, n)) for n in range(min(len(document), _MOST))]
    return tuple(
        Difference(page + 1, wanted, _nearest(lines, wanted))
        for page, lines in pages
        for wanted in (number, code)
        if not any(wanted in line for line in lines)
    )


def _nearest(lines: list[str], wanted: str) -> str:
    """The line that stands where the wanted words should."""
    return max(lines, key=lambda line: difflib.SequenceMatcher(None, line, wanted).ratio(), default="")


def has_words(pdf: bytes) -> bool:
    """Whether a PDF has text; a scan is pictures alone."""
    with opened(pdf) as document:
        return any(_lines(document, page) for page in range(min(len(document), _MOST)))


def _of_words(
    left: "pypdfium2.PdfDocument", right: "pypdfium2.PdfDocument", page: int
) -> Iterator[Difference]:
    was, now = _lines(left, page), _lines(right, page)
    matcher = difflib.SequenceMatcher(None, was, now, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            for before, after in zip_longest(was[a:b], now[c:d], fillvalue=""):
                yield Difference(page + 1, before, after)


def _lines(document: "pypdfium2.PdfDocument", page: int) -> list[str]:
    if page >= len(document):
        return []
    sheet = document[page]
    words = sheet.get_textpage()
    found: str = words.get_text_range()
    words.close()
    sheet.close()
    return [line.strip() for line in found.splitlines() if line.strip()]


def _looks_other(left: "pypdfium2.PdfPage", right: "pypdfium2.PdfPage") -> bool:
    from PIL import ImageChops

    one, other = (page.render(scale=_SCALE, grayscale=True).to_pil().copy() for page in (left, right))
    if one.size != other.size:
        return True
    levels = ImageChops.difference(one, other).histogram()
    return any(levels[_GREY:])
