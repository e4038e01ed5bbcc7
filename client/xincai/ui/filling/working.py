"""Long work on the filling page: how far it is, the way to stop it, and everything else held meanwhile."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from xincai.ui import parts
from xincai.ui.filling.board import Board


class Working(parts.ProgressRow):
    """The row that shows long work; while it is seen, nothing else on the page takes the pen or a key."""

    def __init__(self, board: Board, held: tuple[QWidget, ...], parent: QWidget) -> None:
        super().__init__("filling.progress", parent)
        self._held = held
        self._keys: list[QShortcut] = []
        board.working.connect(self._on_working)
        self.cancelled.connect(board.stopped)

    def hold_keys(self, keys: QShortcut) -> None:
        """Let these keys rest too while work is under way."""
        self._keys.append(keys)

    def _on_working(self, words: str, done: int, total: int) -> None:
        idle = done >= total
        if idle:
            self.finish()
        elif self.isHidden():
            self.start(words)
            self.cancel.setFocus()
        for widget in self._held:
            widget.setEnabled(idle)
        for keys in self._keys:
            keys.setEnabled(idle)
        if not idle:
            self.step(words, done, total)


def bind(page: QWidget, keys: str, act: Callable[[], None]) -> QShortcut:
    """Let keys pressed anywhere on the page do something."""
    shortcut = QShortcut(QKeySequence(keys), page)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.activated.connect(act)
    return shortcut
