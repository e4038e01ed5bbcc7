"""Pictures before they are kept: opened, capped, stripped and written again.

Rules: only what cameras and screens write is opened (an EPS would run a program); a picture is decoded
whole, so a truncated one is found at the desk and not at the platform; its place, camera and thumbnail data
(EXIF) do not travel; at most 40 million pixels are decoded, and the longer side is brought down to 2,000.
A signature stays PNG, must hold ink, and keeps the course of its strokes.
"""

import io
import struct
from typing import TYPE_CHECKING

from xincai.errors import Problem

if TYPE_CHECKING:
    from PIL import Image

_MAX_PIXELS = 40_000_000
_MAX_SIDE = 2000
_MAX_BYTES = 40_000_000
_MAX_COURSE = 1_000_000
STROKES = "strokes"
"""The name under which a signature's PNG carries the course of its strokes: JSON {"pen", "strokes"}, each
stroke a list of [x, y, milliseconds since the first point, pressure in thousandths].
"""
_QUALITY = 85
_FORMATS = ("JPEG", "PNG", "WEBP", "BMP")
_MALFORMED = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, OverflowError, struct.error)
"""What Pillow raises over bytes that lie about themselves."""


def photograph(data: bytes, longest: int = 0) -> bytes:
    """A JPEG of the picture, upright, without EXIF, its longer side at most `longest` pixels (0: 2,000).

    Raises Problem for what is no whole picture.
    """
    from PIL import Image, ImageOps

    picture = open_picture(data)
    try:
        flat = ImageOps.exif_transpose(picture).convert("RGB")
    except _MALFORMED as error:
        raise Problem("desk.picture_unreadable") from error
    side = min(longest or _MAX_SIDE, _MAX_SIDE)
    flat.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


def signature(data: bytes) -> bytes:
    """A PNG of the strokes, with their course where the pad gave it. Raises Problem when there is no ink."""
    from PIL import ImageChops
    from PIL.PngImagePlugin import PngInfo

    course, given = strokes(data), PngInfo()
    if course:
        given.add_text(STROKES, course, zip=True)
    picture = open_picture(data).convert("RGBA")
    paper = picture.copy()
    paper.paste(picture.getpixel((0, 0)) or 0, (0, 0, *picture.size))
    if ImageChops.difference(picture, paper).getbbox(alpha_only=False) is None:
        raise Problem("desk.signature_empty")
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True, pnginfo=given)
    return out.getvalue()


def strokes(data: bytes) -> str:
    """The course of the strokes that a signature's PNG carries, as the pad wrote it; "" where none is."""
    texts = getattr(open_picture(data), "text", {})
    course = texts.get(STROKES, "")
    return course if isinstance(course, str) and len(course) <= _MAX_COURSE else ""


def open_picture(data: bytes) -> "Image.Image":
    """The picture, decoded whole. Raises Problem for what is none, or too large."""
    from PIL import Image

    if len(data) > _MAX_BYTES:
        raise Problem("desk.picture_too_large", megabytes=_MAX_BYTES // 1_000_000)
    try:
        picture = Image.open(io.BytesIO(data), formats=_FORMATS)
        if picture.width * picture.height > _MAX_PIXELS:
            raise Problem("desk.picture_too_many_pixels", millions=_MAX_PIXELS // 1_000_000)
        picture.load()
    except (*_MALFORMED, Image.DecompressionBombError) as error:
        raise Problem("desk.picture_unreadable") from error
    return picture
