"""A page of a PDF as a picture for the screen."""

import contextlib
import io
import math
from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING

from xincai.errors import Problem

if TYPE_CHECKING:
    import pypdfium2

_MOST_PIXELS = 40_000_000


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    with opened(pdf) as document:
        return len(document)


def preview(pdf: bytes, page: int = 0, width: int = 800) -> bytes:
    """One page (counted from 0) as a PNG of that width in pixels, smaller where the page is very long."""
    with opened(pdf) as document:
        sheet = document[page]
        wide, high = max(sheet.get_width(), 1.0), max(sheet.get_height(), 1.0)
        bitmap = sheet.render(scale=min(width / wide, math.sqrt(_MOST_PIXELS / wide / high)))
        target = io.BytesIO()
        bitmap.to_pil().save(target, "PNG", compress_level=1)
        bitmap.close()
        sheet.close()
        return target.getvalue()


def join(pdfs: Iterable[bytes], target: IO[bytes]) -> None:
    """All pages of several PDFs as one, one after another, to be printed in one job."""
    import pypdfium2

    whole = pypdfium2.PdfDocument.new()
    try:
        for pdf in pdfs:
            with opened(pdf) as document:
                whole.import_pages(document)
        whole.save(target)
    finally:
        whole.close()


@contextlib.contextmanager
def opened(pdf: bytes) -> "Iterator[pypdfium2.PdfDocument]":
    """A PDF to look into; raises Problem `letters.not_a_letter` for what is none."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise Problem("letters.not_a_letter") from error
    try:
        yield document
    except pypdfium2.PdfiumError as error:  # a page that is not there
        raise Problem("letters.not_a_letter") from error
    finally:
        document.close()
