"""Paper: printing page images; without a printer, a PDF is made instead.

Rules: a print job is named by a number or a count, never by a person. Printer, copies, one or two sides are
chosen in the system's own dialog; pages are fed one at a time, so that hundreds of letters are one small job.
"""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget


def print_images(parent: QWidget, title: str, pages: Sequence[bytes]) -> bool:
    """Print PNG pages, each filling its sheet; whether they were printed."""
    printer = ask_printer(parent, title)
    if printer is None:
        return False
    press = Press(printer)
    for page in pages:
        press.feed(page)
    press.finish()
    return True


class Press:
    """One print job under way: pages go in one at a time."""

    def __init__(self, printer: QPrinter) -> None:
        self._printer = printer
        self._printer.setFullPage(True)
        self._painter = QPainter(printer)
        self.pages = 0

    def feed(self, page: bytes) -> None:
        """Print a PNG on a sheet of its own."""
        if self.pages:
            self._printer.newPage()
        self.pages += 1
        image = QImage.fromData(page)
        area = self._painter.viewport()
        size = image.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
        self._painter.drawImage(QRect(area.topLeft(), size), image)

    def skip_to_front(self) -> None:
        """On both sides of the paper, leave the back of the last sheet blank: a letter begins anew."""
        if self._printer.duplex() != QPrinter.DuplexMode.DuplexNone and self.pages % 2:
            self._printer.newPage()
            self.pages += 1

    def finish(self) -> None:
        """The job is whole: let it go."""
        self._painter.end()

    def abort(self) -> None:
        """Stop; what the printer has already taken may still come out."""
        self._printer.abort()
        self._painter.end()


def ask_printer(parent: QWidget, title: str, copies: int = 1) -> QPrinter | None:
    """The printer chosen, with its copies and sides; None when the person thought better of it."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setCopyCount(copies)
    printer.setDuplex(QPrinter.DuplexMode.DuplexAuto)
    dialog = QPrintDialog(printer, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    return printer if dialog.exec() == QPrintDialog.DialogCode.Accepted else None
