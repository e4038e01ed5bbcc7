"""A page on which files may be dropped."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent

from xincai.ui.guard import guarded
from xincai.ui.parts.notice import Notice
from xincai.ui.parts.page import Page


class DropPage(Page):
    """Says what for while files hang over it, and names them when they fall."""

    files_dropped = Signal(object)
    """Paths, as many as were dropped."""

    def __init__(self, name: str, title: str, invitation: Notice) -> None:
        super().__init__(name, title)
        self.setAcceptDrops(True)
        self._drop_here = invitation
        self._drop_here.hide()
        self.column.addWidget(self._drop_here)

    def takes_files(self) -> bool:
        """Whether files are welcome now."""
        return True

    @guarded(None)
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.takes_files() and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._drop_here.show()
            self.area.verticalScrollBar().setValue(0)

    @guarded(None)
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        del event
        self._drop_here.hide()

    @guarded(None)
    def dropEvent(self, event: QDropEvent) -> None:
        self._drop_here.hide()
        files = tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
        if files:
            event.acceptProposedAction()
            self.files_dropped.emit(files)
