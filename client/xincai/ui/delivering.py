"""The one delivery of this window, whoever wanted it, and when the next begins by itself.

Rules: it outlives the pages, so that the outbox may be left and come back to. One that began by itself counts
as no work and interrupts nobody: it may be broken off at any time, its trouble stands in the outbox, and
nothing pops up. To pause is to break off and remember; what has arrived is not sent again.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from xincai.desk import Delivery, Network, Overview, Schedule, Step
from xincai.errors import Problem
from xincai.ui.network import NetworkWatch
from xincai.ui.tasks import Job, Tasks

if TYPE_CHECKING:
    from xincai.desk import Desk, LineCard

_BEAT = 5_000
"""Milliseconds between looks at the clock."""


@dataclass(frozen=True)
class Ending:
    """How a delivery ended: what it came to, or the trouble; `paused` when it is to go on."""

    delivery: Delivery | None = None
    problem: Problem | None = None
    by_itself: bool = False
    paused: bool = False


class Delivering(QObject):
    """Begins, pauses and ends deliveries on the wire's lane."""

    begun = Signal()
    stepped = Signal(object)
    """Step"""
    ended = Signal(object)
    """Ending"""
    foreseen = Signal(object)
    """Outlook"""

    def __init__(self, parent: QObject, tasks: Tasks, desk: "Desk") -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._desk = desk
        self._job: Job | None = None
        self._by_itself = False
        self._wanted: Literal["", "pause", "stop"] = ""
        self._paused = False
        self._step: Step | None = None
        self._overview: Overview | None = None
        self.schedule = Schedule()
        self._network = NetworkWatch(self)
        self._network.changed.connect(self.watch)
        self._beat = QTimer(self)
        self._beat.setInterval(_BEAT)
        self._beat.timeout.connect(self.look)

    @property
    def is_running(self) -> bool:
        """Whether a delivery is under way."""
        return self._job is not None

    @property
    def is_paused(self) -> bool:
        """Whether one waits to go on."""
        return self._paused

    @property
    def step(self) -> Step | None:
        """How far the one under way is."""
        return self._step

    def move_in(self) -> None:
        """The vault is open, or how deliveries go was set anew."""
        self.watch(self._network.now())
        self._tasks.run(self, lambda: (self._desk.line(), self._desk.delivers_itself()), self._use)

    def watch(self, network: Network) -> None:
        """The network is like this now."""
        self.schedule.watch(network)
        self.look()

    def show_overview(self, overview: Overview) -> None:
        """Something changed at the desk: more may wait than before, or the platform be another."""
        before, self._overview = self._overview, overview
        if before is not None and overview.waiting > before.waiting:
            self.schedule.sealed()
        if before is not None and overview.connection != before.connection:
            self.move_in()
        self.look()

    def deliver(self) -> None:
        """A person wants everything that is signed delivered now."""
        self._begin(by_itself=False)

    def pause(self) -> None:
        """Break off for now."""
        self._break_off("pause")

    def resume(self) -> None:
        """Go on."""
        self._begin(by_itself=self._by_itself)

    def stop(self) -> None:
        """Break off for good."""
        if self._paused:
            self._paused = False
            self.schedule.stopped()
            self.ended.emit(Ending(Delivery(0, 0, 0, 0, cancelled=True)))
            self.look()
        else:
            self._break_off("stop")

    def look(self) -> None:
        """Begin if it is time and nobody waits for other work; tell what happens next."""
        if self.schedule.is_due() and not self._tasks.is_busy:
            self._begin(by_itself=True)
        self.foreseen.emit(self.schedule.outlook())

    def _use(self, found: "tuple[LineCard, bool]") -> None:
        line, delivers = found
        self.schedule.use(automatic=delivers and line.automatic, metered=line.metered)
        if delivers:
            self._beat.start()
        else:
            self._beat.stop()
        self.look()

    def _begin(self, *, by_itself: bool) -> None:
        if self._job is not None:
            return
        self._by_itself, self._wanted, self._paused, self._step = by_itself, "", False, None
        self.schedule.begun()
        self._job = self._tasks.run_long(
            self,
            self._desk.sign_and_deliver if by_itself else self._desk.deliver,
            self._delivered,
            self._failed,
            step=self._told,
            behind=by_itself,
        )
        self.begun.emit()
        self.foreseen.emit(self.schedule.outlook())

    def _break_off(self, wanted: Literal["pause", "stop"]) -> None:
        if self._job is not None:
            self._wanted = wanted
            self._job.cancel()

    def _told(self, step: Step) -> None:
        self._step = step
        self.stepped.emit(step)

    def _delivered(self, delivery: Delivery) -> None:
        self._job = None
        self._paused = delivery.cancelled and self._wanted == "pause"
        if self._paused:
            self.schedule.paused()
        elif delivery.cancelled:
            self.schedule.stopped()
        else:
            self.schedule.ended(is_open=delivery.unknown > 0)
        self.ended.emit(Ending(delivery, by_itself=self._by_itself, paused=self._paused))
        self.look()

    def _failed(self, problem: Problem) -> None:
        self._job = None
        self.schedule.failed(problem)
        self.ended.emit(Ending(problem=problem, by_itself=self._by_itself))
        self.look()
