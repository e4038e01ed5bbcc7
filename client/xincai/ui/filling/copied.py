"""Answers taken over from the last record of the same subject: the offer, what came of it, the mark on each.

Rules: nothing is taken over unless the person says so; what was taken over can be taken back in one go, and
each answer wears its mark until it is changed or confirmed (Enter in its field, or a click on the mark).
"""

import datetime
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from xincai.desk import Changes, Earlier, Subject
from xincai.errors import Problem
from xincai.ui import parts, theme
from xincai.ui.filling.board import Board
from xincai.ui.guard import guarded
from xincai.ui.parts.button import plain

_TALL = 48
"""Pixels, at the standard text size, with buttons or without."""


class CopiedBadge(parts.Badge):
    """Says that an answer was taken over; a click confirms it."""

    confirmed = Signal()

    def __init__(self, ref: str, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self.setObjectName(f"copied:{ref}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.retranslate()

    def retranslate(self) -> None:
        """Say it in the screen's language."""
        self.show_words(
            self.tr("沿用"), "info", self.tr("照上次填的。核对无误，点一下或按回车；有变化，直接改。")
        )

    @guarded(None)
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self.rect().contains(event.position().toPoint()):
            self.confirmed.emit()


class CopyBar(QFrame):
    """One line over the page: the offer, then what was taken over and the way to take it back."""

    def __init__(self, board: Board, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("filling.copies")
        theme.dress(self, "strip", "info")
        self.setMinimumHeight(theme.px(_TALL))
        self._board = board
        self._offer: Earlier | None = None
        self._looked: Subject | None = None
        self._taking = board.filling.taking_over is not None
        self._words = parts.text("", name="filling.copies.words")
        self.take = parts.button("", "filling.copies.take")
        self.leave = parts.button("", "filling.copies.leave", "quiet")
        self.clear = parts.button("", "filling.copies.clear", "quiet")
        box = QHBoxLayout(self)
        box.setContentsMargins(20, 6, 16, 6)
        box.setSpacing(8)
        box.addWidget(self._words, 1)
        for button in (self.take, self.leave, self.clear):
            box.addWidget(button)
        self.take.clicked.connect(self._on_take)
        self.leave.clicked.connect(self._on_leave)
        self.clear.clicked.connect(self._on_clear)
        board.scribe.changed.connect(self._on_changed)
        self._show()
        self._look()

    def stop(self) -> QWidget | None:
        """Where the pen stops here; None when nothing is shown."""
        buttons = (self.take, self.clear)
        return next((button for button in buttons if not self.isHidden() and not button.isHidden()), None)

    def _on_changed(self, changes: Changes) -> None:
        filling = self._board.filling
        taking, self._taking = self._taking, filling.taking_over is not None
        touched = changes.values | changes.relevance | changes.validity
        if taking != self._taking or filling.asks_subject(touched):
            self._look()
        self._show()

    def _look(self) -> None:
        """Look for an earlier record, once for each subject told."""
        filling = self._board.filling
        now = filling.told_subject()
        if now == self._looked:
            return
        self._looked, self._offer = now, None
        if now is not None:
            found = partial(self._on_found, now)
            self._board.scribe.tasks.run(self, partial(filling.earlier, now), found, self._on_trouble)

    def _on_found(self, now: Subject, earlier: Earlier | None) -> None:
        if now == self._looked:
            self._offer = earlier
            self._show()

    def _on_trouble(self, _problem: Problem) -> None:
        """What cannot be read is not offered."""

    def _on_take(self) -> None:
        if self._offer is not None:
            offer, self._offer = self._offer, None
            self._board.scribe.copy(offer)
        self._go_on()

    def _on_leave(self) -> None:
        if self._offer is not None:
            self._board.scribe.decline(self._offer)
        self._offer = None
        self._go_on()

    def _on_clear(self) -> None:
        self._board.scribe.clear_copied()
        self._go_on()

    def _go_on(self) -> None:
        """Put the pen back into the form."""
        self._show()
        self._board.onward.emit(self._board.filling.subject_ref())

    def _show(self) -> None:
        copied = self._board.filling.taking_over
        carried = copied.carried if copied is not None else None
        waiting = carried is not None and not carried.values and self._board.filling.awaits_copies
        words = ""
        if self._offer is not None:
            words = self._offer_words(self._offer)
        elif copied is not None and carried is not None and (copied.marks or waiting):
            told = self._given_words if copied.given else self._taken_words
            words = told(copied.sealed_at, len(copied.marks), len(carried.left))
        self._words.setText(words)
        self.take.setText(self.tr("沿用(&Y)"))
        self.leave.setText(self.tr("不用(&N)"))
        self.clear.setText(self.tr("全部清空"))
        for button in (self.take, self.leave, self.clear):
            button.setAccessibleName(plain(button.text()))
        self.take.setVisible(self._offer is not None)
        self.leave.setVisible(self._offer is not None)
        self.clear.setVisible(self._offer is None and bool(copied and copied.marks))
        self.setVisible(bool(words))

    def _offer_words(self, offer: Earlier) -> str:
        if self._looked is not None and self._looked.code:
            return self.tr("这个主体 {day} 填过本表，要沿用吗？").format(day=_day(offer.sealed_at))
        return self.tr("“{name}”（{code}）{day} 填过本表，要沿用吗？").format(
            name=offer.subject.shown_name, code=offer.subject.shown_code, day=_day(offer.sealed_at)
        )

    def _given_words(self, sealed_at: datetime.datetime, count: int, left: int) -> str:
        del sealed_at
        if not count:
            return self.tr("平台已有部分信息：先回答“告知与同意”，同意后自动填入。")
        told = self.tr("平台已有的 {count} 项已填入，请与本人核对。").format(count=count)
        if not left:
            return told
        return told + self.tr("另有 {left} 项不合本表，没有填入。").format(left=left)

    def _taken_words(self, sealed_at: datetime.datetime, count: int, left: int) -> str:
        if not count:
            return self.tr("沿用 {day} 的填报：先回答“告知与同意”，同意后自动填入。").format(
                day=_day(sealed_at)
            )
        told = self.tr("沿用了 {day} 的 {count} 项，请核对有变化的。").format(
            day=_day(sealed_at), count=count
        )
        if not left:
            return told
        return told + self.tr("另有 {left} 项已不适用，没有沿用。").format(left=left)

    @guarded(None)
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
        super().changeEvent(event)


def _day(instant: datetime.datetime) -> str:
    """The day where this computer stands."""
    return instant.astimezone().strftime("%Y-%m-%d")
