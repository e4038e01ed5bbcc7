"""What a question of a form takes as its attachment, and what is kept of it.

Rules: a picture question takes pictures only, brought down to the size the form asks for; a sound or video
question takes its own kind; a file question takes any file. Nothing empty and nothing over 60 MB is kept,
for the platform takes no more. What is no picture is kept byte for byte.
"""

import re

from xincai.desk import pictures
from xincai.errors import Problem
from xincai.xforms import Entry

MEGABYTES = 60
_ENDING = re.compile(r"\.([A-Za-z0-9]{1,8})\Z")
_OWN_KINDS = ("audio", "video", "image")


def prepare(entry: Entry, data: bytes, media_type: str, file_name: str = "") -> tuple[bytes, str, str]:
    """(Bytes to keep, their media type, the ending of their name) for a question.

    Raises:
        Problem: `desk.attachment_kind`, `desk.attachment_other_kind`, `desk.file_empty`,
            `desk.file_too_large`, or what `pictures` says.
    """
    if "signature" in entry.appearance.split():
        return pictures.signature(data), "image/png", "png"
    wanted = entry.media_type.partition("/")[0] or "image"
    if wanted == "image":
        if not media_type.startswith("image/"):
            raise Problem("desk.attachment_kind")
        return pictures.photograph(data, longest(entry)), "image/jpeg", "jpg"
    if not data:
        raise Problem("desk.file_empty")
    if len(data) > MEGABYTES * 1_000_000:
        raise Problem("desk.file_too_large", megabytes=MEGABYTES)
    if wanted in _OWN_KINDS and not media_type.startswith(f"{wanted}/"):
        raise Problem("desk.attachment_other_kind")
    found = _ENDING.search(file_name)
    return data, media_type, found[1].lower() if found else "bin"


def longest(entry: Entry) -> int:
    """The longer side in pixels that the form allows (`max-pixels`), or 0 when it says nothing."""
    asked = entry.parameters.get("max-pixels", "")
    return int(asked) if asked.isascii() and asked.isdigit() else 0
