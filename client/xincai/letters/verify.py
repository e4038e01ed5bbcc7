"""Checking a letter without a network: read its QR code, ask who signed it, compare the pages.

Rules: every page of a PDF must carry the same code; the signature decides, not the look of the page. A
picture may be a scan or a photograph. What is proved is the seal (number, kind, form, masked subject,
digest, time, key), not the words on paper: those are proved by the digest of the record it names.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xincai.errors import Problem
from xincai.letters.preview import opened
from xincai.wire import qr
from xincai.wire.qr import LetterSeal
from xincai.wire.suites import PublicKey

if TYPE_CHECKING:
    from PIL import Image

_SCALES = (3.0, 5.0)
_LARGER = ((2, 0.4), (3, 0.4), (4, 0.5))
"""How much larger a coarse picture is drawn, and how far it is smoothed, in its own pixels."""
_MAX_PAGES = 60
_MAX_PIXELS = 60_000_000


@dataclass(frozen=True)
class Verdict:
    """What a check found: the seal when a known key signed it, else the problem."""

    seal: LetterSeal | None
    problem: Problem | None = None

    @property
    def valid(self) -> bool:
        return self.problem is None and self.seal is not None


def verify_letter(data: bytes, keys: Mapping[str, PublicKey], *, sm3: str = "") -> Verdict:
    """Check a letter given as PDF or as a picture (PNG, JPEG) of a page.

    `sm3`, when given, is the digest of the record that the letter should stand for.
    """
    try:
        texts = _codes_of_pdf(data) if data[:5] == b"%PDF-" else {_code_of_picture(data)}
    except Problem as problem:
        return Verdict(None, problem)
    if len(texts) != 1:
        return Verdict(None, Problem("letters.codes_differ"))
    return verify_seal(texts.pop(), keys, sm3=sm3)


def verify_seal(payload: str, keys: Mapping[str, PublicKey], *, sm3: str = "") -> Verdict:
    """Check the text of a QR code, as a scanner gives it."""
    try:
        seal = qr.verify_seal(payload, keys)
    except Problem as problem:
        return Verdict(None, problem)
    if sm3 and seal.sm3 != sm3:
        return Verdict(seal, Problem("letters.other_record"))
    return Verdict(seal)


def _codes_of_pdf(data: bytes) -> set[str]:
    with opened(data) as document:
        return {_code_of_page(document[n]) for n in range(min(len(document), _MAX_PAGES))}


def _code_of_page(page: object) -> str:
    for scale in _SCALES:
        bitmap = page.render(scale=scale, grayscale=True)  # type: ignore[attr-defined]  # pypdfium2 is untyped
        text = _read(bitmap.to_pil())
        bitmap.close()
        if text:
            return text
    raise Problem("letters.no_code")


def _code_of_picture(data: bytes) -> str:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > _MAX_PIXELS:
                raise Problem("letters.not_a_letter")
            text = _read_poor(ImageOps.exif_transpose(picture).convert("L"))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise Problem("letters.not_a_letter") from error
    if not text:
        raise Problem("letters.no_code")
    return text


def _read_poor(picture: "Image.Image") -> str:
    """Read a picture as it is; a coarse one again, drawn larger, smoothed and sharpened."""
    from PIL import Image, ImageFilter

    if text := _read(picture):
        return text
    for times, radius in _LARGER:
        if picture.width * picture.height * times**2 > _MAX_PIXELS:
            break
        larger = picture.resize((picture.width * times, picture.height * times), Image.Resampling.LANCZOS)
        smooth = larger.filter(ImageFilter.GaussianBlur(radius * times))
        if text := _read(smooth.filter(ImageFilter.UnsharpMask(times, 200, 0))):
            return text
    return ""


def _read(picture: object) -> str:
    import zxingcpp

    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return next((str(code.text) for code in found if code.text.startswith("{")), "")
