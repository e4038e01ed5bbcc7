"""A page of a PDF as a picture for the screen."""

import io
from typing import TYPE_CHECKING

from xincai.errors import Problem

if TYPE_CHECKING:
    import pypdfium2


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    document = _open(pdf)
    try:
        return len(document)
    finally:
        document.close()


def preview(pdf: bytes, page: int = 0, width: int = 800) -> bytes:
    """One page (counted from 0) as a PNG of that width in pixels."""
    document = _open(pdf)
    try:
        sheet = document[page]
        bitmap = sheet.render(scale=width / sheet.get_width())
        target = io.BytesIO()
        bitmap.to_pil().save(target, "PNG", compress_level=1)
        bitmap.close()
        sheet.close()
        return target.getvalue()
    finally:
        document.close()


def _open(pdf: bytes) -> "pypdfium2.PdfDocument":
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise Problem("letters.not_a_letter") from error
