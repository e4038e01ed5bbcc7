"""Pictures at the screen: a file's bytes on their way to the desk, and a kept picture small enough to see.

Plain functions for the lane. The desk opens, caps and encodes what is kept; what is shown here is decoded
with care all the same: two known formats, told by their first bytes, small, and of a bounded size.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeDatabase, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from xincai.errors import Problem

Read = Callable[[], bytes]
"""Lane: the bytes of a picture."""
_MEGABYTES = 40
_UPLOAD = 60
_MOST_PIXELS = 40_000_000
_STARTS = {b"\xff\xd8\xff": b"jpeg", b"\x89PNG\r\n\x1a\n": b"png"}
"""The first bytes of what the desk keeps."""


def read_file(path: Path) -> bytes:
    """Lane: a file's bytes. Raises Problem when it cannot be read or is too large."""
    try:
        with path.open("rb") as file:
            data = file.read(_MEGABYTES * 1_000_000 + 1)
    except OSError as error:
        raise Problem("desk.picture_unreadable") from error
    if len(data) > _MEGABYTES * 1_000_000:
        raise Problem("desk.picture_too_large", megabytes=_MEGABYTES)
    return data


def read_upload(path: Path) -> bytes:
    """Lane: a file's bytes, at most one more than the desk keeps. Raises Problem when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(_UPLOAD * 1_000_000 + 1)
    except OSError as error:
        raise Problem("desk.file_unreadable") from error


def media_type(data: bytes) -> str:
    """What the bytes are by themselves, whatever the file is called."""
    return QMimeDatabase().mimeTypeForData(QByteArray(data)).name()


def png(image: QImage) -> bytes:
    """A picture from the clipboard or the pad as PNG."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # stubs want bytes
    return bytes(buffer.data().data())


def preview(data: bytes, size: QSize) -> QImage:
    """Lane: a kept picture, fitted into `size`; null when it is none."""
    kind = next((kind for start, kind in _STARTS.items() if data.startswith(start)), None)
    if kind is None:
        return QImage()
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(kind))
    reader.setAutoDetectImageFormat(False)
    full = reader.size()
    if full.isEmpty() or full.width() * full.height() > _MOST_PIXELS:
        return QImage()
    if full.width() > size.width() or full.height() > size.height():
        reader.setScaledSize(full.scaled(size, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    return reader.read()
