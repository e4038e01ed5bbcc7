"""The filling page: one section as a column of cards, its outline, its problems, and the way to the seal.

Rules: nothing that is typed is ever lost; the keyboard alone is enough; what changes is only what changed.
The page decides nothing: it carries answers to the desk and shows what comes back.
"""

import datetime
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from xincai import errors
from xincai.desk import Changes, Filling, RecordCard
from xincai.errors import Problem
from xincai.ui import language, theme
from xincai.ui.filling import tally
from xincai.ui.filling.asked import AskBar
from xincai.ui.filling.board import Board
from xincai.ui.filling.column import Column
from xincai.ui.filling.copied import CopyBar
from xincai.ui.filling.ground import Ground
from xincai.ui.filling.outline import Outline
from xincai.ui.filling.pen import Pen
from xincai.ui.filling.repeats import repeat_around
from xincai.ui.filling.review import Review, Summary
from xincai.ui.filling.scribe import Scribe
from xincai.ui.filling.sections import (
    Section,
    entries_of,
    first_unfinished,
    relevant_of,
    sections_of,
    title_of,
)
from xincai.ui.filling.side import Side
from xincai.ui.filling.strip import Strip
from xincai.ui.filling.tabs import neighbour
from xincai.ui.filling.working import Working, bind
from xincai.ui.guard import guarded
from xincai.ui.tasks import Tasks

_TAB = Qt.FocusReason.TabFocusReason
_WIDE = 1280
"""Window width, at the standard text size, under which the right-hand panel is hidden."""
_ROOMY = 800
"""The same for the outline."""
_LOOK = 120
"""Milliseconds after a change until outline and problems are counted again."""


class FillingPage(QWidget):
    """A filling under the pen."""

    sealed = Signal(object)
    """The RecordCard of the record just sealed."""
    saved = Signal(str)
    """The time of day the draft was saved, as shown."""

    def __init__(
        self,
        filling: Filling,
        tasks: Tasks,
        *,
        seal: Callable[[Filling], RecordCard],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("filling")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme.dress(self, "page")
        self.filling = filling
        self._tasks = tasks
        self._seal = seal
        self.scribe = Scribe(filling, tasks, self)
        self.board = Board(self.scribe, self)
        self.sections = sections_of(filling)
        self.current = self.sections[0]
        self._wants_check = False
        self._columns: dict[str, Column] = {}
        self.strip = Strip("", filling.version, self)
        self.outline = Outline(self)
        self.side = Side("", self)
        self.review = Review(self)
        self.area = Ground(self)
        self.pen = Pen(filling, self.area, self)
        self.copies = CopyBar(self.board, self)
        self.asked = AskBar(self.board, self)
        self._working = Working(
            self.board, (self.strip, self.copies, self.asked, self.outline, self.area, self.side), self
        )
        self._lay_out()
        self._look = QTimer(self, singleShot=True, interval=_LOOK)
        self._look.timeout.connect(self._count)
        self._connect()
        self._bind_keys()
        self._retitle()
        self._open_section(first_unfinished(filling, self.sections))
        self._count()

    # --- what the frame asks
    def settle(self) -> None:
        """Take in everything that is typed but not yet given."""
        for column in self._columns.values():
            column.settle()

    def leave(self) -> None:
        """The person goes elsewhere: everything is taken in, and the form's own log says so."""
        self.settle()
        if self.filling.left():
            self.scribe.save()

    def open_at(self, ref: str) -> None:
        """Show a question and put the pen there."""
        section = next((one for one in self.sections if one.holds(ref)), None)
        if section is None:
            return
        self._open_section(section)
        column = self._columns[section.ref]
        card = column.reveal(ref)
        if card is not None and card.takes_pen:
            card.take_pen()
            QTimer.singleShot(0, card, partial(self.area.bring, card))
        else:
            self._first_stop()

    def _jump(self, ref: str) -> None:
        self.filling.jumped()
        self.open_at(ref)

    def place(self) -> str:
        """The question the pen is in, else the section in view."""
        active = self.pen.card
        return active.entry.ref if active is not None else self.current.ref

    # --- building
    def _lay_out(self) -> None:
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.area)
        self.stack.addWidget(self.review)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        for widget in (self.outline, self.stack, self.side):
            middle.addWidget(widget, int(widget is self.stack))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        for line in (self.strip, self._working, self.copies, self.asked):
            outer.addWidget(line)
        outer.addLayout(middle, 1)

    def _connect(self) -> None:
        self.scribe.changed.connect(self._on_changed)
        self.scribe.saved.connect(self._on_saved)
        self.scribe.unsaved.connect(self._on_unsaved)
        self.scribe.settled.connect(self._on_settled)
        self.board.onward.connect(self._go_on)
        self.outline.chosen.connect(self._on_section)
        self.side.chosen.connect(self._jump)
        self.review.chosen.connect(self._on_finding)
        self.review.back.connect(self._close_review)
        self.review.confirmed.connect(self._on_confirmed)
        self.strip.seal.connect(self.check)
        self.asked.explained.connect(self.check)
        self.area.verticalScrollBar().valueChanged.connect(self._grow)
        self.area.verticalScrollBar().rangeChanged.connect(self._grow)
        self.area.after.connect(self._next_section)
        self.area.before.connect(self._section_before)
        self.area.to_returned.connect(self._on_returned)

    def _bind_keys(self) -> None:
        for keys, act in (
            ("Ctrl+Down", self._next_section),
            ("Ctrl+Up", self._section_before),
            ("F8", self._next_problem),
            ("Ctrl+D", self._duplicate),
            ("Ctrl+S", self._reassure),
            ("Ctrl+Z", self._undo),
            ("F1", self._guide),
        ):
            self._working.hold_keys(bind(self, keys, act))

    def _retitle(self) -> None:
        self.strip.retranslate(self._form_title())
        if self.filling.returned:
            self.area.show_returned(self.filling.returned, known=bool(self.filling.returned_ref))

    def _form_title(self) -> str:
        return language.pick(self.filling.form.title)

    # --- sections
    def _relevant(self) -> list[Section]:
        return relevant_of(self.filling, self.sections)

    def _open_section(self, section: Section) -> None:
        self.stack.setCurrentWidget(self.area)
        before = self._columns.get(self.current.ref)
        if before is not None and section is not self.current:
            before.settle()
            before.hide()
        self.current = section
        self.filling.entered(section.ref)
        column = self._columns.get(section.ref)
        if column is None:
            column = Column(entries_of(self.filling, section), self.board, grows=True, parent=self.area.sheet)
            self._columns[section.ref] = column
            self.area.add(column)
        column.show()
        self.area.verticalScrollBar().setValue(0)
        self._show_section()

    def _show_section(self) -> None:
        form, relevant = self._form_title(), self._relevant()
        at = relevant.index(self.current) if self.current in relevant else -1
        following = relevant[at + 1] if at + 1 < len(relevant) else None
        self.area.show_section(
            title_of(self.filling, self.current, form),
            title_of(self.filling, following, form) if following is not None else "",
            first=at <= 0,
        )
        for ref, button in self.outline.buttons.items():
            button.setChecked(ref == self.current.ref)

    def _grow(self) -> None:
        """Let the column grow before its end, or a gap in it, comes into view."""
        column = self._columns.get(self.current.ref)
        if column is not None:
            self.area.fill(column)

    def _first_stop(self) -> None:
        (self._columns[self.current.ref].first_stop() or self.area.next).setFocus(_TAB)

    def _on_section(self, ref: str) -> None:
        self.filling.jumped()
        self._open_section(next(one for one in self.sections if one.ref == ref))
        self._first_stop()

    def _next_section(self) -> None:
        self.settle()
        relevant = self._relevant()
        at = relevant.index(self.current) if self.current in relevant else -1
        if at == len(relevant) - 1:
            self.check()
            return
        self._open_section(relevant[at + 1])
        self._first_stop()

    def _section_before(self) -> None:
        relevant = self._relevant()
        at = relevant.index(self.current) if self.current in relevant else 0
        if at > 0:
            self._open_section(relevant[at - 1])
            self._first_stop()

    def _go_on(self, ref: str) -> None:
        """Put the pen into the question after this one; into the first when there is none before."""
        if not ref:
            self._first_stop()
            return
        (self._columns[self.current.ref].stop_after(ref) or self.area.next).setFocus(_TAB)

    # --- problems
    def check(self) -> None:
        """Show every problem and the review, once a signature or photograph still on its way is in."""
        self.settle()
        self._wants_check = self.scribe.is_attaching()
        if self._wants_check or self._lead_to_unread() or self.asked.ask_reason():
            return
        self.filling.reviewed()
        self.board.show_all_problems()
        self._count()
        self.stack.setCurrentWidget(self.review)
        self.review.show_summary(self._summary())
        self.review.take_pen()

    def _lead_to_unread(self) -> bool:
        """Go to what was put in but could not be taken: nothing may be sealed over it."""
        ref = tally.unread(self.filling, self._columns.values())
        if ref:
            self.open_at(ref)
            self.strip.say(self.tr("这一题还没有填对，改好或清除后再封存。"))
        return bool(ref)

    def _on_settled(self) -> None:
        if self._wants_check:
            self.check()

    def _next_problem(self) -> None:
        self.settle()
        self.board.show_all_problems()
        self._count()
        refs = [finding.ref for finding in self.filling.findings()]
        if not refs:
            self.strip.say(self.tr("没有需要核对的问题。"))
            return
        here = self.place()
        at = refs.index(here) + 1 if here in refs else 0
        self._jump(refs[at % len(refs)])

    def _count(self) -> None:
        """Count outline and problems again."""
        checked = self.board.checked
        standings = tally.standings(self.filling, self.sections, self._form_title(), checked=checked)
        self.outline.show_sections(standings, self.current.ref)
        findings = self.filling.findings()
        missing = sum(finding.kind == "required" for finding in findings)
        shown = findings if checked else tuple(f for f in findings if f.kind != "required")
        about = language.pick(self.filling.form.summary)
        minutes = self.tr("约需 {minutes} 分钟。").format(minutes=self.filling.form.minutes)
        self.side.show_state(
            shown, 0 if checked else missing, tally.subject_of(self.filling), f"{about}\n{minutes}".strip()
        )
        if self.stack.currentWidget() is self.review and not self.review.is_busy:
            self.review.show_summary(self._summary())

    def _summary(self) -> Summary:
        return tally.summary_of(self.filling, self._relevant(), self._form_title())

    def _on_finding(self, ref: str) -> None:
        self._close_review()
        self._jump(ref)

    def _close_review(self) -> None:
        self.stack.setCurrentWidget(self.area)
        self._first_stop()

    # --- sealing and leaving
    def _on_confirmed(self) -> None:
        """Seal after the key that confirmed is up again."""
        QTimer.singleShot(0, self, self._start_sealing)

    def _start_sealing(self) -> None:
        if self.review.is_busy:
            return
        self.review.show_busy()
        self.setEnabled(False)
        self._tasks.run(self, partial(self._seal, self.filling), self._on_sealed, self._on_not_sealed)

    def _on_sealed(self, card: RecordCard) -> None:
        self.setEnabled(True)
        self.sealed.emit(card)

    def _on_not_sealed(self, problem: Problem) -> None:
        self.setEnabled(True)
        self.review.show_summary(self._summary())
        self.review.trouble().show_problem(problem)

    def _on_returned(self) -> None:
        self._jump(self.filling.returned_ref)

    # --- changes
    def _on_changed(self, changes: Changes) -> None:
        self._look.start()
        if changes.relevance:
            self._show_section()
            if self.current not in self._relevant() and self._relevant():
                self._open_section(self._relevant()[0])

    def _on_saved(self, at: object) -> None:
        if isinstance(at, datetime.datetime):
            self.saved.emit(self.strip.show_saved(at))

    def _on_unsaved(self, problem: Problem) -> None:
        self.filling.unsaved()
        told = errors.explain(problem, language.current())
        self.strip.show_unsaved(self.tr("没有存上：{what}").format(what=told.what))

    # --- keys
    def _reassure(self) -> None:
        self.settle()
        self.scribe.save()
        self.strip.say(self.tr("不用按保存，每一题都已自动保存。"))

    def _undo(self) -> None:
        self.settle()
        before = self.place()
        if self.scribe.undo() is None:
            self.strip.say(self.tr("已撤销上一步。"))
        if self._columns[self.current.ref].holds(before) and self.pen.card is None:
            self._first_stop()

    def _duplicate(self) -> None:
        repeat = repeat_around(QApplication.focusWidget())
        if repeat is not None:
            repeat.duplicate_row()

    def _guide(self) -> None:
        active = self.pen.card
        if active is not None:
            active.show_guidance()

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._working.isHidden():
            super().keyPressEvent(event)
        elif event.matches(QKeySequence.StandardKey.Undo):
            self._undo()
        elif event.key() == Qt.Key.Key_Escape:
            self.settle()
        else:
            super().keyPressEvent(event)

    @guarded(False)
    def focusNextPrevChild(self, forward: bool) -> bool:
        pen, ground = QApplication.focusWidget(), self.area.widget()
        if pen is None or not ground.isAncestorOf(pen):
            return super().focusNextPrevChild(forward)
        self._columns[self.current.ref].grow_around(self.place())
        stop = neighbour(ground, pen, forward=forward)
        if stop is None:
            stop = self.strip.check if forward else self.asked.stop() or self.copies.stop()
        if stop is None:
            return super().focusNextPrevChild(forward)
        stop.setFocus(_TAB if forward else Qt.FocusReason.BacktabFocusReason)
        return True

    @guarded(None)
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.pen.card is None and self.stack.currentWidget() is self.area:
            self._first_stop()

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.side.setVisible(self.window().width() >= theme.px(_WIDE))
        self.outline.setVisible(self.window().width() >= theme.px(_ROOMY))

    @guarded(None)
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._relabel()
        super().changeEvent(event)

    def _relabel(self) -> None:
        """Say everything in the screen's language; answers stay as they are."""
        self.settle()
        self.scribe.speak(language.current())
        for column in self._columns.values():
            column.retranslate()
        self._retitle()
        self._show_section()
        self._count()
