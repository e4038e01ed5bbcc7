"""Long work: how far, how fast, how long yet, and a way out."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from xincai import clock
from xincai.ui import messages, theme
from xincai.ui.parts.button import button
from xincai.ui.parts.text import text

_FULL: Final = 1000


class ProgressRow(QFrame):
    """A bar with words above and Cancel beside it, and Pause where work can go on later; hidden until
    `start`.
    """

    cancelled = Signal()
    paused = Signal()
    resumed = Signal()

    def __init__(
        self, name: str = "progress", parent: QWidget | None = None, *, pauses: bool = False
    ) -> None:
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
        self.pause = button(self.tr("暂停(&K)"), f"{name}.pause", "quiet")
        self.pause.clicked.connect(self._pause)
        self.resume = button(self.tr("继续(&G)"), f"{name}.resume", "secondary")
        self.resume.clicked.connect(self.resumed)
        self.resume.hide()
        self._pauses = pauses
        line.addWidget(self._words, 1)
        line.addWidget(self.pause)
        line.addWidget(self.resume)
        line.addWidget(self.cancel)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setObjectName(f"{name}.bar")
        outer.addLayout(line)
        outer.addWidget(self._bar)
        if not pauses:
            self.pause.hide()
        self.hide()

    def start(self, words: str) -> None:
        """Show that work began; how much it is, is not known yet."""
        self._began = clock.monotonic()
        self._bar.setRange(0, 0)
        self._words.setText(words)
        self._bar.setAccessibleName(words)
        self.cancel.setEnabled(True)
        self._show_pause(can_pause=True)
        self.show()

    @property
    def seconds(self) -> float:
        """How long it has been under way."""
        return clock.monotonic() - self._began

    def show_paused(self, words: str) -> None:
        """The work stands still until it is resumed or stopped."""
        self._bar.setRange(0, max(self._bar.maximum(), 1))
        self._words.setText(words)
        self._bar.setAccessibleName(words)
        self.cancel.setEnabled(True)
        self._show_pause(can_pause=False)
        self.show()

    def step(self, words: str, done: int, total: int, bytes_per_second: float = 0) -> None:
        """Show a step: `done` of `total` pieces (bytes when a rate is told), and the time left if known."""
        self._bar.setRange(0, _FULL if total else 0)  # a bar counts to 2^31, bytes go further
        self._bar.setValue(_FULL * done // max(total, 1))
        facts = [words]
        if bytes_per_second:
            facts += [f"{messages.size(done)}/{messages.size(total)}", messages.rate(bytes_per_second)]
        elif total:
            facts.append(f"{done}/{total}")
        if 0 < done < total:
            rate = bytes_per_second or done / max(self.seconds, 0.001)
            facts.append(messages.time_left((total - done) / rate))
        self._words.setText("  ·  ".join(facts))
        self._bar.setAccessibleName(self._words.text())

    def finish(self) -> None:
        """The work ended."""
        self.hide()

    def _show_pause(self, *, can_pause: bool) -> None:
        self.pause.setEnabled(True)
        self.pause.setVisible(self._pauses and can_pause)
        self.resume.setVisible(self._pauses and not can_pause)

    def _pause(self) -> None:
        self.pause.setEnabled(False)
        self._words.setText(self.tr("正在暂停，请稍候……"))
        self.paused.emit()

    def _stop(self) -> None:
        self.cancel.setEnabled(False)
        self._words.setText(self.tr("正在停止，请稍候……"))
        self.cancelled.emit()
