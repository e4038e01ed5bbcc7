"""Where the pen is: the card that takes the keys is shown so, comes into view, and is told to the filling."""

from functools import partial

import shiboken6
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from xincai.desk import Filling
from xincai.ui.filling.card import QuestionCard, card_around
from xincai.ui.filling.ground import Ground


class Pen(QObject):
    """Follows the keyboard's focus over a page."""

    def __init__(self, filling: Filling, ground: Ground, page: QWidget) -> None:
        super().__init__(page)
        self._filling = filling
        self._ground = ground
        self._page = page
        self._card: QuestionCard | None = None
        QApplication.instance().focusChanged.connect(self._on_focus)  # type: ignore[union-attr]  # a widget needs an application

    @property
    def card(self) -> QuestionCard | None:
        """The question the pen is in; rows that went took theirs along."""
        if self._card is not None and not shiboken6.isValid(self._card):
            self._card = None
        return self._card

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        card = card_around(new) if new is not None and self._page.isAncestorOf(new) else None
        before = self.card
        if card is before:
            return
        if before is not None:
            before.set_active(False)
        self._card = card
        if card is not None:
            self._filling.shown(card.entry.ref)
            card.set_active(True)
            QTimer.singleShot(0, card, partial(self._ground.bring, card))
