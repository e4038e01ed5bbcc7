import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from xincai import __main__, __version__, app
from xincai.ui.idle import EmptyChair
from xincai.ui.report import ReportDialog, describe


def test_version_is_told_without_a_window(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["--version"]) == 0
    assert capsys.readouterr().out == f"xincai {__version__}\n"


def test_the_gateway_is_handed_its_words() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "xincai", "gateway", "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0
    assert "usage: xincai-gateway" in told.stdout


def test_a_missing_gateway_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["xincai", "gateway", "serve"])
    monkeypatch.setattr(__main__, "_GATEWAY", "xincai_gateway_that_is_not_here")
    assert __main__.main() == 2
    assert "没有安装前置机程序" in capsys.readouterr().err


def test_the_program_is_put_together_over_a_folder(qapp: QApplication, tmp_path: Path) -> None:
    found, window = app.build(tmp_path)
    assert found is qapp
    assert window.place == "firstrun"
    window.end()
    window.deleteLater()


@pytest.mark.skipif(sys.platform != "linux", reason="the wheel lacks fcitx on Linux only")
@pytest.mark.parametrize(("before", "after"), [("", "ibus"), ("fcitx", "ibus"), ("xim", "xim")])
def test_chinese_can_be_typed_whatever_the_desktop_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, before: str, after: str
) -> None:
    (tmp_path / "machine-id").write_text("0123456789abcdef0123456789abcdef")
    monkeypatch.setattr(app, "_MACHINE_IDS", (tmp_path / "machine-id",))
    monkeypatch.setenv("QT_IM_MODULE", before)
    app.prepare_typing()
    assert os.environ["QT_IM_MODULE"] == after


def test_a_machine_without_an_id_types_without_dbus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    monkeypatch.setattr(app, "_MACHINE_IDS", (tmp_path / "none", tmp_path / "empty"))
    monkeypatch.setenv("QT_IM_MODULE", "ibus")
    app.prepare_typing()
    assert os.environ["QT_IM_MODULE"] == "compose"


def test_cyclic_garbage_is_collected_by_a_timer_alone(qapp: QApplication) -> None:
    sweeper = app.Sweeper(qapp)
    try:
        assert not gc.isenabled()
        sweeper._sweep()
    finally:
        sweeper.deleteLater()
        gc.enable()


def test_nothing_heavy_is_imported_before_the_first_paint() -> None:
    heavy = (
        "lxml",
        "reportlab",
        "pyxform",
        "pydantic",
        "requests",
        "sqlcipher3",
        "pypdfium2",
        "cryptography",
    )
    script = f"import sys, xincai.app; print([m for m in {heavy!r} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_locking_starts_the_program_afresh(tmp_path: Path) -> None:
    script = """
import os, sys
from PySide6.QtCore import QTimer
from xincai import app
from xincai.ui.window import MainWindow
os.execv = lambda program, words: (print(words[1:], flush=True), os._exit(0))
move_in = MainWindow.move_in
def locking(self, *rest):
    move_in(self, *rest)
    QTimer.singleShot(0, self.lock_wanted.emit)
MainWindow.move_in = locking
app.main([])
"""
    told = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "XINCAI_HOME": str(tmp_path)},
    )
    assert told.stdout.strip() == "['-m', 'xincai']"


def test_an_empty_chair_is_noticed(qapp: QApplication, qtbot: QtBot) -> None:
    chair = EmptyChair(qapp, patience=1 / 60_000)
    with qtbot.waitSignal(chair.left):
        pass
    chair.wait(10)
    with qtbot.assertNotEmitted(chair.left, wait=50):
        pass
    with qtbot.waitSignal(chair.left):
        chair.wait(1 / 60_000)
    chair.deleteLater()


def test_a_report_names_places_and_never_what_was_typed(qapp: QApplication) -> None:
    secret = "王测䶮 93410499MX4TP7FD1Y"
    try:
        int(secret)
    except ValueError as error:
        report = describe(error, error.__traceback__)
    assert "test_app.py" in report
    assert "ValueError" in report
    assert secret.split(maxsplit=1)[0] not in report
    assert secret.split()[1] not in report
    dialog = ReportDialog(report)
    assert any("草稿" in label.text() for label in dialog.findChildren(QLabel))
    dialog.deleteLater()
