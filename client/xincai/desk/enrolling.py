"""An enrolment slip as a person has it: a photo, a scan, a PDF, the small file of a stick, or its text.

Rules: nothing is sent, and nothing kept: what the slip says is shown to the person, who confirms it. A slip
that is past its day is told as such at once; the platform has the last word about that.
"""

from collections.abc import Iterator
from pathlib import Path

from xincai import clock
from xincai.desk.codes import read_codes
from xincai.errors import Problem
from xincai.wire.slip import MAX_TEXT, PREFIX, EnrolmentSlip, decode_slip

_MOST_BYTES = 40_000_000
_MOST_PAGES = 5
_WIDTH = 1600
_BLANK = b"\xef\xbb\xbf \r\n\t"


def read(file: Path) -> EnrolmentSlip:
    """What the slip in a file says. Raises Problem when there is none in it, or it is past its day."""
    try:
        with file.open("rb") as opened:
            data = opened.read(_MOST_BYTES + 1)
    except OSError as error:
        raise Problem("desk.file_unreadable") from error
    if data.lstrip(_BLANK).startswith(PREFIX.encode()):
        return told(data[: 4 * MAX_TEXT].decode("utf-8-sig", "replace"))
    good: dict[str, EnrolmentSlip] = {}
    bad: list[Problem] = []
    try:
        for text in filter(_is_slip, _codes(data)):
            try:
                good[text] = told(text)
            except Problem as problem:
                bad.append(problem)
    except Problem as problem:
        raise Problem("wire.bad_slip") from problem
    if len(good) > 1:
        raise Problem("desk.several_slips", count=len(good))
    for slip in good.values():
        return slip
    raise bad[0] if bad else Problem("desk.no_slip")


def _is_slip(text: str) -> bool:
    return text.startswith(PREFIX)


def told(text: str) -> EnrolmentSlip:
    """What a slip's text says, likewise."""
    slip = decode_slip(text)
    if clock.parse_stamp(slip.expires) < clock.now():
        raise Problem(
            "desk.slip_expired", expires=f"{clock.parse_stamp(slip.expires).astimezone():%Y-%m-%d %H:%M}"
        )
    return slip


def _codes(data: bytes) -> Iterator[str]:
    """The codes on a picture, or on the first pages of a PDF."""
    if data.startswith(b"%PDF-"):
        from xincai.letters.preview import page_count, preview

        for page in range(min(page_count(data), _MOST_PAGES)):
            yield from read_codes(preview(data, page, _WIDTH))
    else:
        yield from read_codes(data)
