"""The place where a filling stands: empty while it opens, then all of it."""

from PySide6.QtWidgets import QWidget

from xincai.ui.parts import Page, text


class FillingPlace(Page):
    """Holds the filling's own page."""

    def __init__(self) -> None:
        super().__init__("filling.place")
        self._wait = text(self.tr("正在打开填报……"), "muted")
        self.column.addWidget(self._wait)
        self.column.addStretch(1)
        self.inner: QWidget | None = None

    def hold(self, inner: QWidget) -> None:
        """Show this in full."""
        self.inner = inner
        self.area.hide()
        outer = self.layout()
        if outer is not None:
            outer.addWidget(inner)
        inner.setFocus()

    def show_nothing(self) -> None:
        """It did not open."""
        self._wait.hide()
