"""A window to lay hands on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from hand import Hand


@pytest.fixture
def hand(qapp: QApplication, tmp_path: Path) -> Iterator[Hand]:
    """A hand on a fresh program: nothing here yet."""
    result = Hand(qapp, tmp_path / "home")
    yield result
    result.leave()


@pytest.fixture
def inside(qapp: QApplication, tmp_path: Path) -> Iterator[Hand]:
    """A hand on the program with its vault open."""
    result = Hand(qapp, tmp_path / "home", inside=True)
    yield result
    result.leave()
