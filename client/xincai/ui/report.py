"""Our own mistakes: told to the person, written to the diary, and the program ends; drafts are safe.

The report names files, lines and kinds of error, never an answer, a name or a key.
"""

import logging
import sys
from types import TracebackType

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from xincai import __version__
from xincai.log import BlindFormatter
from xincai.ui import theme
from xincai.ui.parts import button, row, text

_diary = logging.getLogger("xincai.bug")


class Reporter:
    """Takes what nobody expected (`sys.excepthook`)."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._told = False

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Write it down; tell the person once."""
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        _diary.critical("bug", exc_info=(kind, error, trace))
        sys.stderr.write(f"{describe(error, trace)}\n")
        if not self._told:
            self._told = True
            ReportDialog(describe(error, trace), self._window).exec()
            QApplication.exit(1)


def describe(error: BaseException, trace: TracebackType | None) -> str:
    """What went wrong where, without anything that belongs to a person."""
    record = logging.LogRecord("xincai", logging.CRITICAL, "", 0, f"Xincai {__version__}", (), None)
    record.exc_info = (type(error), error, trace)
    return BlindFormatter("%(message)s").format(record)


class ReportDialog(QDialog):
    """Says sorry, says what is safe, and lets the report be copied."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("report")
        self.setWindowTitle(self.tr("程序出了差错"))
        self.setMinimumWidth(theme.px(560))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(text(self.tr("程序出了差错，需要关闭"), "title"))
        layout.addWidget(
            text(
                self.tr(
                    "这是程序的问题，不是您操作有误。已保存的草稿、填报件和待发批次都完好，重新打开即可继续。"
                )
            )
        )
        layout.addWidget(
            text(self.tr("请把下面的报告发给管理员；里面没有您填写的内容、姓名和证件号码。"), "muted")
        )
        self._report = QPlainTextEdit(report)
        self._report.setObjectName("report.text")
        self._report.setAccessibleName(self.tr("差错报告"))
        self._report.setReadOnly(True)
        self._report.setTabChangesFocus(True)
        layout.addWidget(self._report)
        copy = button(self.tr("复制报告(&C)"), "report.copy", "secondary", "copy")
        end = button(self.tr("关闭程序(&X)"), "report.close", "primary")
        copy.clicked.connect(self._copy)
        end.clicked.connect(self.accept)
        layout.addWidget(row(copy, None, end))
        end.setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report.toPlainText())
