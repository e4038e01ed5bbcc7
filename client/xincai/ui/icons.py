"""The program's own icons: one set of 20 px strokes in `resources/icons`, coloured by the theme."""

import functools

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from xincai import paths
from xincai.ui import theme

SIDE = 20
_SCALES = (1, 2, 3)


def pixmap(name: str, ink: str = "ink", side: int = SIDE, scale: float = 1) -> QPixmap:
    """One icon in the colour of a token, `side` pixels wide at a device scale."""
    source = (paths.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    svg = source.replace("currentColor", theme.colour(ink).name())
    canvas = QPixmap(round(side * scale), round(side * scale))
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(canvas.rect()))
    painter.end()
    canvas.setDevicePixelRatio(scale)
    return canvas


def icon(name: str, ink: str = "ink", chosen: str = "") -> QIcon:
    """An icon at all scales; `chosen` is its colour when the button is checked."""
    return _icon(theme.tokens(), theme.px(SIDE), name, ink, chosen)


def size() -> QSize:
    """The size of an icon at the text size chosen."""
    side = theme.px(SIDE)
    return QSize(side, side)


@functools.lru_cache(256)
def _icon(worn: theme.Tokens, side: int, name: str, ink: str, chosen: str) -> QIcon:
    """Drawn once for each scheme and text size worn."""
    del worn
    result = QIcon()
    for scale in _SCALES:
        result.addPixmap(pixmap(name, ink, side, scale), QIcon.Mode.Normal, QIcon.State.Off)
        result.addPixmap(pixmap(name, "disabled", side, scale), QIcon.Mode.Disabled, QIcon.State.Off)
        if chosen:
            result.addPixmap(pixmap(name, chosen, side, scale), QIcon.Mode.Normal, QIcon.State.On)
    return result
