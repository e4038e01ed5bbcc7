from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from hand import Watch


def test_a_widget_shown_before_it_has_a_parent_is_noticed(qapp: QApplication, qtbot: QtBot) -> None:
    watch = Watch(qapp)
    home = QWidget()
    stray = QLabel("stray")
    stray.setObjectName("stray")
    qtbot.addWidget(home)
    qtbot.addWidget(stray)
    stray.show()
    stray.setParent(home)
    assert watch.strays == ["QLabel stray"]
    watch.deleteLater()


def test_dialogs_pop_ups_and_what_is_meant_are_not(qapp: QApplication, qtbot: QtBot) -> None:
    home, dialog, tip = QWidget(), QDialog(), QWidget(None, Qt.WindowType.ToolTip)
    watch = Watch(qapp, lambda widget: widget is home)
    for widget in (home, dialog, tip):
        qtbot.addWidget(widget)
        widget.show()
    assert watch.strays == []
    watch.deleteLater()


def test_no_test_waits_while_it_keeps_the_lanes_from_running() -> None:
    tests = Path(__file__).resolve().parents[2]
    waiting = [path.name for path in tests.rglob("*.py") if "QTest.qWait" + "(" in path.read_text("utf-8")]
    assert waiting == []
