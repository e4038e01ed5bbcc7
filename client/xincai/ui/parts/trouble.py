"""A Problem in words: what happened, what is safe, what to do."""

from PySide6.QtWidgets import QWidget

from xincai import errors
from xincai.errors import Problem
from xincai.ui import language
from xincai.ui.parts.notice import Notice


class Trouble(Notice):
    """A red banner that is hidden until there is a problem."""

    def __init__(self, name: str = "trouble", parent: QWidget | None = None) -> None:
        super().__init__("", "bad", name=name, parent=parent)
        self.hide()

    def show_problem(self, problem: Problem) -> None:
        """Explain it here."""
        told = errors.explain(problem, language.current())
        self.show_words(f"{told.what}\n{told.next}".strip(), "bad")
        self.show()

    def clear(self) -> None:
        """Nothing is wrong (any more)."""
        self.hide()
