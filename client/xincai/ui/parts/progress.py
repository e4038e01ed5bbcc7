"""Long work: how far, how fast, how long yet, and a way out."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from xincai import clock
from xincai.ui import messages, theme
from xincai.ui.parts.button import button
from xincai.ui.parts.text import text


class ProgressRow(QFrame):
    """A bar with words above and Cancel beside it; hidden until `start`."""

    cancelled = Signal()

    def __init__(self, name: str = "progress", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        theme.dress(self, "card")
        self._began = 0.0
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 12, 16, 14)
        line = QHBoxLayout()
        self._words = text(name=f"{name}.words")
        self.cancel = button(self.tr("停止(&X)"), f"{name}.cancel", "quiet")
        self.cancel.clicked.connect(self._stop)
        line.addWidget(self._words, 1)
        line.addWidget(self.cancel)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setObjectName(f"{name}.bar")
        outer.addLayout(line)
        outer.addWidget(self._bar)
        self.hide()

    def start(self, words: str) -> None:
        """Show that work began; how much it is, is not known yet."""
        self._began = clock.monotonic()
        self._bar.setRange(0, 0)
        self._words.setText(words)
        self._bar.setAccessibleName(words)
        self.cancel.setEnabled(True)
        self.show()

    def step(self, words: str, done: int, total: int, bytes_per_second: float = 0) -> None:
        """Show a step: `done` of `total` pieces, and the time left when it can be told."""
        self._bar.setRange(0, max(total, 1) if total else 0)
        self._bar.setValue(done)
        facts = [words]
        if total:
            facts.append(f"{done}/{total}")
        if bytes_per_second:
            facts.append(messages.rate(bytes_per_second))
        if 0 < done < total:
            spent = clock.monotonic() - self._began
            facts.append(messages.time_left(spent / done * (total - done)))
        self._words.setText("  ·  ".join(facts))
        self._bar.setAccessibleName(self._words.text())

    def finish(self) -> None:
        """The work ended."""
        self.hide()

    def _stop(self) -> None:
        self.cancel.setEnabled(False)
        self._words.setText(self.tr("正在停止，请稍候……"))
        self.cancelled.emit()
