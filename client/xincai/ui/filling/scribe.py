"""The one hand that writes into a filling: takes intents, tells what changed, keeps the draft saved.

Rules: every change is followed by a snapshot here and its saving on the vault's lane; at most one saving is
queued, and it saves the newest snapshot, so nothing that was answered is ever only on the screen.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from PySide6.QtCore import QObject, Signal

from xincai.desk import Changes, Earlier, Filling, Snapshot
from xincai.errors import Problem
from xincai.ui.filling import picture
from xincai.ui.tasks import Tasks

Step = Callable[[], Changes | None]
Refuse = Callable[[Problem], None]


class Scribe(QObject):
    """Carries intents into the filling and its draft into the vault."""

    changed = Signal(object)
    """The `Changes` of one step."""
    saved = Signal(object)
    """The instant (UTC) at which the draft was written."""
    unsaved = Signal(object)
    """The Problem that kept the draft from being written."""

    settled = Signal()
    """No attachment is on its way into the vault any more."""

    def __init__(self, filling: Filling, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.filling = filling
        self.tasks = tasks
        self._newest: Snapshot | None = None
        self._queued = False
        self._attaching: set[str] = set()
        self._bundle: list[Changes] | None = None

    def is_attaching(self, ref: str = "") -> bool:
        """Whether an attachment (for this question, or for any) is on its way into the vault."""
        return ref in self._attaching if ref else bool(self._attaching)

    def answer(self, ref: str, value: str) -> Problem | None:
        """Answer a question; the Problem when the value is of the wrong type."""
        return self._take(partial(self._answer, ref, value))

    def add_row(self, repeat: str) -> Problem | None:
        """Add a row at the end of a repeat."""
        return self._take(partial(self.filling.add_row, repeat))

    def duplicate_row(self, instance: str) -> Problem | None:
        """Copy a row to the place behind it."""
        return self._take(partial(self.filling.duplicate_row, instance))

    def remove_row(self, instance: str) -> Problem | None:
        """Remove a row; undo brings it back."""
        return self._take(partial(self.filling.remove_row, instance))

    def undo(self) -> Problem | None:
        """Take the last step back, if there is one."""
        return self._take(self.filling.undo)

    def copy(self, earlier: Earlier) -> None:
        """Take over what still applies from an earlier record."""
        self._take(partial(self.filling.copy, earlier))
        self.save()

    def decline(self, earlier: Earlier) -> None:
        """Take over nothing from an earlier record."""
        self.filling.decline(earlier)
        self.save()

    def clear_copied(self) -> None:
        """Take back all that was taken over and is neither changed nor confirmed."""
        self._take(self.filling.clear_copied)
        self.save()

    def confirm(self, ref: str) -> None:
        """An answer that was taken over is right as it stands."""
        if self.filling.confirm(ref):
            self._told(Changes(values=frozenset({ref})))

    def speak(self, language: str) -> None:
        """Switch the language of the form, if it knows it; answers stay."""
        if language not in self.filling.languages:
            return
        changes = self.filling.set_language(language)
        if changes:
            self.changed.emit(changes)

    @contextmanager
    def bundle(self) -> Iterator[list[Changes]]:
        """Make all steps inside (the list holds them) one: told once, saved once, taken back at once."""
        steps = self._bundle = []
        try:
            with self.filling.together():
                yield steps
        finally:
            self._bundle = None
            if steps:
                self._told(_merge(steps))

    def attach(self, ref: str, read: picture.Read, refuse: Refuse, file_name: str = "") -> None:
        """Read a picture or file and keep it in the vault, then answer the question with its name."""
        self._attaching.add(ref)
        work = partial(self._keep, ref, read, file_name)
        self.tasks.run(
            self, work, partial(self._on_attached, ref, refuse), partial(self._on_refused, ref, refuse)
        )

    def looked_at(self, ref: str) -> None:
        """A masked answer was uncovered: that is written down."""
        self.tasks.run(self, lambda: self.filling.looked_at(ref), _nothing)

    def save(self) -> None:
        """Save the filling as it stands now."""
        self._newest = self.filling.snapshot()
        if not self._queued:
            self._queued = True
            self.tasks.run(self, self._write, self.saved.emit, self.unsaved.emit)

    def _write(self) -> object:
        """On the lane: write the newest snapshot."""
        self._queued = False
        newest = self._newest
        return newest.save() if newest is not None else None

    def _keep(self, ref: str, read: picture.Read, file_name: str) -> str:
        """On the lane: the name of what is kept."""
        data = read()
        return self.filling.attach(ref, data, picture.media_type(data), file_name)

    def _answer(self, ref: str, value: str) -> Changes | None:
        return None if self.filling.entry(ref).value == value else self.filling.answer(ref, value)

    def _take(self, step: Step) -> Problem | None:
        try:
            changes = step()
        except Problem as problem:
            return problem
        if changes and self._bundle is not None:
            self._bundle.append(changes)
        elif changes:
            self._told(changes)
        return None

    def _told(self, changes: Changes) -> None:
        self.save()
        self.changed.emit(changes)

    def _on_attached(self, ref: str, refuse: Refuse, name: str) -> None:
        self._attaching.discard(ref)
        problem = self.answer(ref, name)
        if problem is not None:
            refuse(problem)
        if not self._attaching:
            self.settled.emit()

    def _on_refused(self, ref: str, refuse: Refuse, problem: Problem) -> None:
        self._attaching.discard(ref)
        refuse(problem)
        if not self._attaching:
            self.settled.emit()


def _nothing(_result: object) -> None:
    """Nobody waits for it."""


def _merge(steps: list[Changes]) -> Changes:
    return Changes(
        values=frozenset().union(*(step.values for step in steps)),
        relevance=frozenset().union(*(step.relevance for step in steps)),
        validity=frozenset().union(*(step.validity for step in steps)),
        labels=frozenset().union(*(step.labels for step in steps)),
        choices=frozenset().union(*(step.choices for step in steps)),
        structure=frozenset().union(*(step.structure for step in steps)),
    )
