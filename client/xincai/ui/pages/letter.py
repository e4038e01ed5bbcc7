"""A letter as it will be printed: page images, zoom, print, export."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea

from xincai.desk import LetterCard
from xincai.errors import Problem
from xincai.ui import messages, theme
from xincai.ui.parts import Page, button, text, tool

_ZOOMS = (50, 75, 100, 125, 150, 200)
_WIDTH = 760
"""Pixels of a page at 100 %."""


class LetterPage(Page):
    """One page at a time, in the middle."""

    page_wanted = Signal(int, int)
    """Which page, and its width in device pixels."""
    print_wanted = Signal()
    export_wanted = Signal()
    stamp_wanted = Signal()
    """The file with a signature of the office's certificate."""
    scan_wanted = Signal()
    """Keep the scan of this letter as it was signed on paper."""

    def __init__(self) -> None:
        super().__init__("letter", " ")
        self._number = 0
        self._pages = 1
        self._zoom = 100
        self._facts = text("", "muted", name="letter.facts")
        self.column.addWidget(self._facts)
        bar = QHBoxLayout()
        self._before = tool("back", self.tr("上一页（Page Up）"), "letter.before")
        self._after = tool("forward", self.tr("下一页（Page Down）"), "letter.after")
        self._where = text("", name="letter.where")
        self._where.setWordWrap(False)
        smaller = tool("zoomout", self.tr("缩小（Ctrl+减号）"), "letter.smaller")
        larger = tool("zoomin", self.tr("放大（Ctrl+加号）"), "letter.larger")
        self._size = text("", name="letter.zoom")
        self._size.setWordWrap(False)
        export = button(self.tr("另存为 PDF(&E)"), "letter.export", "secondary", "export")
        printing = button(self.tr("打印(&P)"), "letter.print", "primary", "print")
        stamp = button(self.tr("加证书签名另存(&S)…"), "letter.stamp", "quiet", "shield")
        scan = button(self.tr("收存签署扫描件(&K)…"), "letter.scan", "quiet", "sign")
        for widget in (self._before, self._where, self._after):
            bar.addWidget(widget)
        bar.addSpacing(16)
        for widget in (smaller, self._size, larger):
            bar.addWidget(widget)
        bar.addStretch(1)
        bar.addWidget(scan)
        bar.addWidget(stamp)
        bar.addWidget(export)
        bar.addWidget(printing)
        self.column.addLayout(bar)
        self.sheet = QLabel()
        self.sheet.setObjectName("letter.sheet")
        self.sheet.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sheet.setAccessibleName(self.tr("文书预览"))
        self._well = QScrollArea()
        self._well.setObjectName("letter.well")
        self._well.setWidgetResizable(True)
        self._well.setWidget(self.sheet)
        self._well.setMinimumHeight(360)
        self.column.addWidget(self._well, 1)
        self._print = printing
        self._before.clicked.connect(self._turn_back)
        self._after.clicked.connect(self._turn_on)
        smaller.clicked.connect(self._shrink)
        larger.clicked.connect(self._grow)
        export.clicked.connect(self.export_wanted)
        stamp.clicked.connect(self.stamp_wanted)
        scan.clicked.connect(self.scan_wanted)
        printing.clicked.connect(self.print_wanted)
        for keys, act in (
            ("PgUp", self._before.click),
            ("PgDown", self._after.click),
            ("Ctrl+-", smaller.click),
            ("Ctrl+=", larger.click),
            ("Ctrl+P", printing.click),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def render_state(self, letter: LetterCard) -> None:
        """Show this letter's first page."""
        self.title.setText(messages.letter_kind(letter.kind))
        made = self.tr("出具于 %1").replace("%1", messages.when(letter.made_at))
        self._facts.setText(f"{letter.number}  ·  {made}")
        self._number, self._pages = 0, max(letter.pages, 1)
        self._want()

    def show_page(self, png: bytes) -> None:
        """The image asked for."""
        picture = QPixmap()
        if not picture.loadFromData(png):
            self.show_problem(Problem("ui.picture_unreadable"))
            return
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        self.sheet.setPixmap(picture)

    def start_focus(self) -> None:
        """At printing."""
        self._print.setFocus()

    def _want(self) -> None:
        self._where.setText(f"{self._number + 1} / {self._pages}")
        self._size.setText(f"{self._zoom}%")
        self._before.setEnabled(self._number > 0)
        self._after.setEnabled(self._number + 1 < self._pages)
        width = theme.px(_WIDTH) * self._zoom / 100 * self.devicePixelRatioF()
        self.page_wanted.emit(self._number, round(width))

    def _turn_back(self) -> None:
        self._number = max(self._number - 1, 0)
        self._want()

    def _turn_on(self) -> None:
        self._number = min(self._number + 1, self._pages - 1)
        self._want()

    def _shrink(self) -> None:
        self._zoom = max((zoom for zoom in _ZOOMS if zoom < self._zoom), default=_ZOOMS[0])
        self._want()

    def _grow(self) -> None:
        self._zoom = min((zoom for zoom in _ZOOMS if zoom > self._zoom), default=_ZOOMS[-1])
        self._want()
