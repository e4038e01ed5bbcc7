"""The window: a frame around one page at a time, and the way between pages."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from xincai.desk import Connection, HistoryState, Overview, Preferences
from xincai.errors import Problem
from xincai.ui import language, theme
from xincai.ui.delivering import Delivering, Ending
from xincai.ui.footer import Footer
from xincai.ui.greeting import Greeting
from xincai.ui.guard import guarded
from xincai.ui.pages.saving import Days
from xincai.ui.parts import Notice, Page
from xincai.ui.places import HANDED, KEPT, SHUT, Place, errand_for, finder_for, title
from xincai.ui.rail import Rail
from xincai.ui.stripe import Stripe
from xincai.ui.tasks import Tasks
from xincai.ui.theme import Tone
from xincai.ui.topbar import TopBar
from xincai.ui.work.errand import Errand

if TYPE_CHECKING:
    from xincai.desk import Desk
    from xincai.ui.finder import Finder

_NARROW = 1280


@dataclass(frozen=True)
class Stop:
    """A place on the way, with what was asked of it."""

    place: str
    argument: object = None


class MainWindow(QMainWindow):
    """The frame. It keeps the way back; pages and their errands do the rest."""

    lock_wanted = Signal()
    preferred = Signal(object)
    """Preferences"""

    desk: "Desk"
    preferences: Preferences
    delivering: Delivering

    def __init__(self, tasks: Tasks) -> None:
        """An empty frame that can be shown at once; `move_in` fills it."""
        super().__init__()
        self.setObjectName("window")
        self.tasks = tasks
        self._way: list[Stop] = []
        self._errands: dict[str, Errand[Page]] = {}
        self._overview: Overview | None = None
        self._closing = False
        self._shown: Errand[Page] | None = None
        """Whose page is in view."""
        self._handed = False
        """Whether a subject fills alone, and the way to everything else is shut."""
        self.tasks.failed.connect(self.take)
        self.tasks.busy.connect(self._rest)
        self.setMinimumSize(960, 600)
        self.resize(1366, 768)
        self.setWindowTitle("信采 Xincai")
        self.setCentralWidget(Greeting())

    def move_in(self, desk: "Desk", preferences: Preferences) -> None:
        """The desk is ready: show the door."""
        self.desk = desk
        self.preferences = preferences
        self.preferred.emit(preferences)
        self.delivering = Delivering(self, self.tasks, desk)
        self.delivering.ended.connect(self._delivered)
        self._frame()
        door = desk.door()
        if door == "open":
            self.open_vault()
        else:
            self.go("firstrun" if door == "first_run" else "unlock")

    # --- what a page may ask (frame.Frame)
    def go(self, place: str, argument: object = None) -> None:
        """Show a page; the one before stays on the way back."""
        stop = Stop(place, argument)
        if place in KEPT and self._way and self._way[-1].place == place:
            self._way[-1] = stop
        else:
            self._way.append(stop)
        self._show_top()

    def leave_for(self, place: str, argument: object = None) -> None:
        """Show another page in place of this one, which is done with."""
        done = self._way.pop()
        self._way.append(Stop(place, argument))
        self._show_top()
        if done.place not in KEPT and done.place != place:
            self._let_go(self._errands.pop(done.place))

    def now_at(self, argument: object) -> None:
        """Coming back here later means this."""
        self._way[-1] = Stop(self._way[-1].place, argument)

    def show_saved(self, at: str) -> None:
        """A draft was saved at this time of day."""
        self._footer.show_saved(at)

    def back(self) -> None:
        """Show the page before this one."""
        if self._handed and self.place == "filling":
            self._way.append(Stop("handback", "open"))
            self._show(self._way[-1])
        elif self._handed and self._way[-2].place != "filling":
            return
        elif len(self._way) > 1:
            self._way.pop()
            self._show(self._way[-1])

    def hush(self) -> None:
        """What was told in passing is past."""
        self._said.hide()

    def say(self, words: str, tone: Tone = "good") -> None:
        """Tell something in passing; it stays until the next page."""
        self._said.show_words(words, tone)
        self._said.show()

    def take(self, problem: Problem) -> None:
        """Explain trouble on the page in view."""
        errand = self._errand()
        if errand is not None:
            errand.page.show_problem(problem)

    def refresh(self) -> None:
        """Look again at what the frame itself shows."""
        if self.desk.door() == "open":
            self.tasks.run(self, self.desk.overview, self._show_overview)

    def open_vault(self) -> None:
        """The vault is open: leave the door behind."""
        self._way.clear()
        for place in SHUT & self._errands.keys():
            self._let_go(self._errands.pop(place))
        self.go("home")
        self.tasks.run(self, self.desk.connection, self._resume_practice)
        self.delivering.move_in()
        self.tasks.run(self, self.desk.tidy, self._tidied)
        self.tasks.run(self, self.desk.history_state, self._look_back)

    def prefer(self, preferences: Preferences) -> None:
        """Wear another language or text size."""
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            return
        self.preferences = preferences
        self.preferred.emit(preferences)
        language.speak(app, preferences.language)
        if preferences.text_size != theme.text_size():
            theme.apply(app, preferences.text_size)
        self._build_anew()

    def redress(self) -> None:
        """The system turned dark or light."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, self.preferences.text_size)
            self._build_anew()

    def hand_over(self) -> None:
        """Let the subject fill alone, once that is written down."""
        errand = self._errand()
        if errand is not None and errand.draft():
            draft = errand.draft()
            self._settle()
            self.tasks.run(self, lambda: self.desk.hand_over(draft), self._hand_over)

    def taken_back(self) -> None:
        """The passphrase was given: everything else is there again."""
        self._handed = False
        self._way.pop()
        self.showNormal()
        self._let_go(self._errands.pop("handback"))
        self._show(self._way[-1])

    def lock(self) -> None:
        """Save, and start afresh before the locked vault."""
        self._lock()

    def lock_at_once(self) -> None:
        """The computer sleeps or the session ends: lock, whatever is under way."""
        if self._way and self.place not in SHUT:
            self._lock()

    def lock_if_open(self) -> None:
        """Nobody is here: lock, unless there is nothing to lock or long work is under way."""
        if self._way and self.place not in SHUT and not self.tasks.is_busy:
            self._lock()

    def end(self) -> None:
        """End all work and close the vault; nothing runs after this."""
        self._settle()
        self.tasks.finish()
        if hasattr(self, "desk"):
            self.desk.close()

    @property
    def page(self) -> Page | None:
        """The page in view."""
        errand = self._errand()
        return None if errand is None else errand.page

    @property
    def place(self) -> str:
        """Where one is."""
        return self._way[-1].place

    # --- inside
    def _build_anew(self) -> None:
        """What is shown is built again in new clothes; a filling stays, it changes its own."""
        stop = self._way[-1]
        current = self._errands.get(stop.place)
        kept = self._errands.pop(stop.place, None) if stop.place == "filling" else None
        if current is not None:
            self._way[-1] = stop = Stop(stop.place, current.keep(stop.argument))
        for errand in self._errands.values():
            self._let_go(errand)
        self._errands.clear()
        if kept is not None:
            kept.page.setParent(self)
        self._frame()
        if kept is not None:
            self._errands[stop.place] = kept
            self._stack.addWidget(kept.page)
        self._show(stop, again=True)
        if self._overview is not None:
            self._show_overview(self._overview)

    def _frame(self) -> None:
        """Put rail, bars and stack around the place for pages."""
        ground = QWidget()
        theme.dress(ground, "page")
        outer = QVBoxLayout(ground)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._stripe = Stripe()
        outer.addWidget(self._stripe)
        across = QHBoxLayout()
        across.setSpacing(0)
        outer.addLayout(across, 1)
        self._rail = Rail()
        self._rail.chosen.connect(self.go)
        across.addWidget(self._rail)
        column = QVBoxLayout()
        column.setSpacing(0)
        across.addLayout(column, 1)
        self._top = TopBar()
        self._top.went_back.connect(self.back)
        self._top.lock_wanted.connect(self._lock)
        self._top.language_wanted.connect(self._switch_language)
        self._top.hand_wanted.connect(self.hand_over)
        self._top.find_wanted.connect(self._find)
        self._alone = Notice(
            self.tr("现在由主体本人填写，只显示这一份；填好后请交还。"), "info",
            action=self.tr("交还电脑(&R)"), name="window.alone",
        )  # fmt: skip
        self._alone.acted.connect(self.back)
        self._said = Notice("", "good", name="window.said")
        self._said.hide()
        self._stack = QStackedWidget()
        self._footer = Footer()
        for widget in (self._top, self._alone, self._said):
            column.addWidget(widget)
        column.addWidget(self._stack, 1)
        column.addWidget(self._footer)
        self._finder: Finder | None = None
        self.setCentralWidget(ground)
        self.setWindowTitle(self.tr("信采"))
        self._rail.set_narrow(self.width() < theme.px(_NARROW))

    def _show_top(self) -> None:
        """Show where the way leads; while a subject fills alone, the giving back stands before it."""
        if self._handed and self.place not in HANDED:
            self._way.append(Stop("handback"))
        self._show(self._way[-1])

    def _hand_over(self, _nothing: None) -> None:
        self._handed = True
        self.showFullScreen()
        self._show_top()

    def _look_back(self, state: HistoryState) -> None:
        """Behind the work: prove the history, and see to records from before."""
        if state.code:
            self._history_told(state)
            return
        self.tasks.run_long(
            self,
            lambda step, cancelled: self.desk.verify_history(step, cancelled, due=True),
            self._history_told,
            step=_no_step,
            lane="rear",
        )
        self.tasks.run_long(
            self,
            lambda _step, cancelled: self.desk.enclose_old(cancelled),
            _no_step,
            step=_no_step,
            lane="rear",
        )

    def _history_told(self, state: HistoryState) -> None:
        """Something does not add up: lead to where it is explained and decided."""
        if state.code and not self._handed:
            if self.desk.may("audit"):
                self.go("history", state)
            else:
                self.take(Problem(state.code, place="、".join(state.places)))

    def _show(self, stop: Stop, *, again: bool = False) -> None:
        self._settle()
        if self._finder is not None:
            self._finder.close_down()
        if not again:
            self._said.hide()
        errand = self._errands.get(stop.place)
        stays = again or stop.place in KEPT
        before = self._shown
        if before is not None and shiboken6.isValid(before) and (before is not errand or not stays):
            before.leave()
        if errand is None or not stays:
            if errand is not None:
                self._let_go(errand)
            errand = errand_for(stop.place, self)
            self._errands[stop.place] = errand
            self._stack.addWidget(errand.page)
        self._shown = errand
        shut = stop.place in SHUT or self._handed
        self._top.setVisible(not self._handed)
        self._top.show_filling(stop.place == "filling")
        self._footer.setVisible(not self._handed)
        self._alone.setVisible(self._handed and stop.place == "filling")
        self._rail.setVisible(not shut)
        if not shut:
            self._rail.show_allowed(self.desk.may)
        self._rail.show_place(stop.place)
        self._top.show_place(title(Place(stop.place)), can_go_back=len(self._way) > 1)
        self._show_door()
        self._stack.setCurrentWidget(errand.page)
        errand.enter(stop.argument)
        errand.page.start_focus()

    def _show_door(self) -> None:
        is_open = self.place not in SHUT
        link = self._overview.connection if self._overview else None
        practice = bool(link and link.practice) and is_open
        self._top.show_open(is_open=is_open, practice=practice)
        self._stripe.setVisible(practice)

    def _show_overview(self, overview: Overview) -> None:
        self._overview = overview
        self.delivering.show_overview(overview)
        self._show_door()
        if self.place in SHUT:
            return
        self._footer.show_overview(overview)
        self._rail.show_count("receipts", len(overview.corrections))
        self._rail.show_count("outbox", overview.waiting + overview.undelivered)

    def _find(self) -> None:
        self._settle()
        if self._finder is None:
            self._finder = finder_for(self, self.centralWidget())
        self._finder.open_up(self.focusWidget())

    def _resume_practice(self, connection: Connection | None) -> None:
        """The practice platform lives as long as the program: start it again when this is practice."""
        if connection is not None and connection.here:
            self.tasks.run(self, self.desk.start_practice, self._practising, lane="wire")

    def _tidied(self, erased: int) -> None:
        """What was due was erased: say so."""
        if erased:
            self.say(Days().erased(erased), "info")

    def _delivered(self, _ending: Ending) -> None:
        self.refresh()

    def _practising(self, _connection: Connection) -> None:
        self.refresh()

    def _switch_language(self, wanted: str) -> None:
        chosen = replace(self.preferences, language="en" if wanted == "en" else "zh")
        self.desk.prefer(chosen)
        self.prefer(chosen)

    def _errand(self) -> Errand[Page] | None:
        return self._errands.get(self._way[-1].place) if self._way else None

    def _settle(self) -> None:
        """Take in what is still being typed on the page that is left."""
        for errand in self._errands.values():
            errand.settle()

    def _let_go(self, errand: Errand[Page]) -> None:
        self._stack.removeWidget(errand.page)
        errand.page.setParent(None)
        errand.page.deleteLater()

    def _lock(self) -> None:
        self._settle()
        self.lock_wanted.emit()

    def _rest(self, busy: bool) -> None:
        if self._closing and not busy:
            self.close()

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._way:
            self._rail.set_narrow(event.size().width() < theme.px(_NARROW))

    @guarded(None)
    def closeEvent(self, event: QCloseEvent) -> None:
        """Close when all work came to its end; what can be cancelled is. A subject gives it back instead."""
        if self._handed:
            event.ignore()
            if self.place == "filling":
                self.back()
            return
        self._settle()
        if self.tasks.is_busy:
            self._closing = True
            self.tasks.cancel_all()
            self.say(self.tr("正在保存并结束未完的工作，随后自动关闭……"), "info")
            event.ignore()
            return
        event.accept()


def _no_step(_step: object) -> None:
    """Nobody watches."""
