"""The only questions asked in a box: before something that cannot be undone."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from xincai.ui import theme

translate = QCoreApplication.translate


def sure(parent: QWidget, words: str, action: str) -> bool:
    """Ask whether to do it; Esc and Enter both leave things as they are."""
    box = QMessageBox(parent)
    box.setObjectName("sure")
    box.setWindowTitle(translate("ask", "请确认"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(words)
    go = box.addButton(action, QMessageBox.ButtonRole.DestructiveRole)
    go.setObjectName("sure.go")
    theme.dress(go, "danger")
    keep = box.addButton(translate("ask", "返回(&B)"), QMessageBox.ButtonRole.RejectRole)
    keep.setObjectName("sure.keep")
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    box.exec()
    chosen = box.clickedButton() is go
    box.deleteLater()  # not by closing: what was clicked is asked afterwards
    return chosen
