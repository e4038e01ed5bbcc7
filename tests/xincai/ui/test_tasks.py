import threading
from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from xincai.errors import Problem
from xincai.ui.tasks import Tasks


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    result = Tasks()
    yield result
    result.finish()


def test_the_result_comes_home_to_the_screens_thread(tasks: Tasks, qtbot: QtBot) -> None:
    seen = []

    def done(name: str) -> None:
        seen.append((name, threading.current_thread().name))

    tasks.run(tasks, lambda: threading.current_thread().name, done)
    qtbot.waitUntil(lambda: bool(seen))
    worked, landed = seen[0]
    assert worked.startswith("xincai-vault")
    assert landed == threading.main_thread().name


def test_one_lane_keeps_the_order(tasks: Tasks, qtbot: QtBot) -> None:
    seen: list[int] = []
    for number in range(50):
        tasks.run(tasks, lambda number=number: number, seen.append)
    qtbot.waitUntil(lambda: len(seen) == 50)
    assert seen == list(range(50))


def test_trouble_goes_to_whoever_takes_it(tasks: Tasks, qtbot: QtBot) -> None:
    taken: list[Problem] = []

    def break_down() -> None:
        raise Problem("vault.locked")

    tasks.run(tasks, break_down, lambda _: None, taken.append)
    qtbot.waitUntil(lambda: bool(taken))
    with qtbot.waitSignal(tasks.failed) as untaken:
        tasks.run(tasks, break_down, lambda _: None)
    assert taken[0].code == untaken.args[0].code == "vault.locked"


def test_a_mistake_of_ours_reaches_the_hook(tasks: Tasks, qtbot: QtBot) -> None:
    with qtbot.captureExceptions() as caught:
        tasks.run(tasks, lambda: 1 // 0, lambda _: None)
        qtbot.waitUntil(lambda: bool(caught))
    assert caught[0][0] is ZeroDivisionError


def test_a_result_for_an_owner_that_is_gone_is_dropped(tasks: Tasks, qtbot: QtBot) -> None:
    owner = QObject()
    gate = threading.Event()
    seen: list[object] = []
    tasks.run(owner, gate.wait, seen.append)
    shiboken6.delete(owner)
    gate.set()
    qtbot.waitUntil(lambda: not tasks.is_busy)
    assert seen == []


def test_progress_is_told_and_cancelling_is_heard(tasks: Tasks, qtbot: QtBot) -> None:
    steps: list[int] = []
    ended: list[str] = []

    def work(told: Callable[[int], None], cancelled: Callable[[], bool]) -> str:
        number = 0
        while not cancelled():
            number += 1
            told(number)
        return "stopped"

    job = tasks.run_long(tasks, work, ended.append, step=steps.append)
    qtbot.waitUntil(lambda: bool(steps))
    job.cancel()
    qtbot.waitUntil(lambda: bool(ended))
    assert ended == ["stopped"]
    assert steps == sorted(steps)


def test_finish_ends_the_lanes_and_drops_what_is_on_its_way(tasks: Tasks, qapp: QApplication) -> None:
    seen: list[object] = []
    tasks.run_long(tasks, lambda _told, cancelled: cancelled(), seen.append, step=seen.append)
    tasks.run(tasks, lambda: 1, seen.append)
    tasks.finish()
    qapp.processEvents()
    assert seen == []
    assert not [t for t in threading.enumerate() if t.name.startswith("xincai-")]
    tasks.run(tasks, lambda: 1, seen.append)
    assert not tasks.is_busy
