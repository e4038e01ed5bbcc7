import importlib
import inspect
import pkgutil
import sys

import pytest
from PySide6.QtCore import QObject

import xincai.ui
from xincai import app
from xincai.ui.guard import guarded

_OURS = {"__init__", "__doc__", "__module__"}


def modules() -> list[str]:
    names = [info.name for info in pkgutil.walk_packages(xincai.ui.__path__, "xincai.ui.")]
    return [*names, "xincai.app"]


def qt_classes() -> list[type]:
    found = []
    for name in modules():
        module = importlib.import_module(name)
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, QObject) and kind.__module__ == name:
                found.append(kind)
    return found


def overrides(kind: type) -> list[str]:
    """Functions of a class that stand in front of one of Qt's."""
    foreign = [parent for parent in kind.__mro__ if parent.__module__.startswith(("PySide6", "Shiboken"))]
    return [
        name
        for name, member in vars(kind).items()
        if inspect.isfunction(member)
        and name not in _OURS
        and any(name in vars(parent) for parent in foreign)
    ]


def test_every_qt_override_is_guarded() -> None:
    naked = [
        f"{kind.__module__}.{kind.__name__}.{name}"
        for kind in qt_classes()
        for name in overrides(kind)
        if not getattr(vars(kind)[name], "guarded", False)
    ]
    assert naked == []
    assert len(qt_classes()) > 30


def test_a_guarded_override_answers_its_default_and_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    reported = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_rest: reported.append(kind))

    class Thing:
        @guarded(7)
        def answer(self, words: str) -> int:
            return int(words)

    assert Thing().answer("3") == 3
    assert Thing().answer("x") == 7
    assert reported == [ValueError]


def test_the_walk_sees_the_program() -> None:
    assert app.Sweeper in qt_classes()
