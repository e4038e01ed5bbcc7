"""Pictures on their way into the vault: turned upright, no larger than needed, without hidden data.

Plain functions over bytes, for the lane; a photograph's place and device are dropped by encoding it anew.
"""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

LARGEST_FILE = 30 * 1024 * 1024
LONGEST_SIDE = 2560
_QUALITY = 85


@dataclass(frozen=True)
class Taken:
    """A file as it will be kept; `trouble` is "", "unreadable", "too_big" or "not_a_picture"."""

    data: bytes = b""
    media_type: str = ""
    trouble: str = ""


def take_picture(source: Path | bytes, longest: int = LONGEST_SIDE) -> Taken:
    """Lane: read a photograph, turn it upright, fit it into `longest` pixels and encode it as JPEG."""
    raw = _read(source)
    if isinstance(raw, Taken):
        return raw
    buffer = QBuffer()
    buffer.setData(QByteArray(raw))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > longest:
        reader.setScaledSize(size.scaled(QSize(longest, longest), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        return Taken(trouble="not_a_picture")
    if image.hasAlphaChannel():
        return Taken(encode(image, "PNG"), "image/png")
    return Taken(encode(image, "JPG"), "image/jpeg")


def take_file(source: Path, media_type: str) -> Taken:
    """Lane: read a file as it is."""
    raw = _read(source)
    return raw if isinstance(raw, Taken) else Taken(raw, media_type)


def encode(image: QImage, kind: str) -> bytes:
    """A picture as PNG or JPG bytes."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, kind, _QUALITY if kind == "JPG" else -1)  # type: ignore[call-overload]  # stubs want bytes
    return bytes(buffer.data().data())


def preview(data: bytes, size: QSize) -> QImage:
    """Lane: a picture small enough to be shown; null when it is none."""
    image = QImage.fromData(data)
    if image.isNull():
        return image
    return image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)


def _read(source: Path | bytes) -> bytes | Taken:
    if isinstance(source, bytes):
        return source if len(source) <= LARGEST_FILE else Taken(trouble="too_big")
    try:
        if source.stat().st_size > LARGEST_FILE:
            return Taken(trouble="too_big")
        return source.read_bytes()
    except OSError:
        return Taken(trouble="unreadable")
