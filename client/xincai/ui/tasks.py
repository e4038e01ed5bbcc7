"""The only threads: lanes for the vault, for the wire and behind the work; results come home to the screen.

Rules: work is a plain function that returns; it never touches a widget. Its result, its progress and its
trouble are handed over on the screen's thread, in order, and are dropped when the owner is gone. `finish`
cancels what can be cancelled and waits for the rest, so no thread outlives the window. What runs on the rear
lane or behind the work may be broken off at any time: it counts as no work, and keeps nobody from locking or
closing.
"""

import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, TypeVar, cast

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from xincai.errors import Problem

Lane = Literal["vault", "wire", "rear"]
T = TypeVar("T")
S = TypeVar("S")
Done = Callable[[T], None]
Failed = Callable[[Problem], None]
Report = Callable[[S], None]
Cancelled = Callable[[], bool]


class Job:
    """One piece of work under way; `cancel` asks it to stop."""

    def __init__(self, owner: QObject, done: Done[object], failed: Failed | None) -> None:
        self.owner = owner
        self.done = done
        self.failed = failed
        self.behind = False
        """Whether it counts as no work."""
        self.step: Report[object] | None = None
        self._stop = threading.Event()
        self._latest: list[object] = []

    def cancel(self) -> None:
        """Ask the work to stop; it says so in its result."""
        self._stop.set()

    def cancelled(self) -> bool:
        """Whether it was asked to stop; the work looks at this between steps."""
        return self._stop.is_set()


class Tasks(QObject):
    """Runs work on its lane and brings the outcome home."""

    failed = Signal(object)
    """A Problem that no caller took."""
    busy = Signal(bool)
    """Whether any work is under way."""
    _home = Signal(object, str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: dict[Lane, ThreadPoolExecutor] = {}
        self._jobs: set[Job] = set()
        self._finished = False
        self._home.connect(self._arrive, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """Whether any work is under way."""
        return any(not job.behind for job in self._jobs)

    def run(
        self,
        owner: QObject,
        work: Callable[[], T],
        done: Done[T],
        failed: Failed | None = None,
        *,
        lane: Lane = "vault",
    ) -> Job:
        """Do `work` on a lane, then `done(result)` or `failed(problem)` on the screen's thread."""
        job = Job(owner, cast("Done[object]", done), failed)
        self._submit(job, work, lane, behind=False)
        return job

    def run_long(
        self,
        owner: QObject,
        work: Callable[[Report[S], Cancelled], T],
        done: Done[T],
        failed: Failed | None = None,
        *,
        step: Report[S],
        lane: Lane = "wire",
        behind: bool = False,
    ) -> Job:
        """Like `run`, for work that tells its progress (the latest step is shown) and can be cancelled."""
        job = Job(owner, cast("Done[object]", done), failed)
        job.step = cast("Report[object]", step)

        def told(value: S) -> None:
            self._tell(job, value)

        self._submit(job, lambda: work(told, job.cancelled), lane, behind=behind)
        return job

    def cancel_all(self) -> None:
        """Ask all work to stop."""
        for job in tuple(self._jobs):
            job.cancel()

    def finish(self) -> None:
        """Cancel, wait for the lanes to end and drop what is still on its way home."""
        self._finished = True
        self.cancel_all()
        for lane in self._lanes.values():
            lane.shutdown(wait=True)
        self._lanes.clear()
        self._jobs.clear()

    def _submit(self, job: Job, work: Callable[[], object], lane: Lane, *, behind: bool) -> None:
        if self._finished:
            return
        if lane not in self._lanes:
            self._lanes[lane] = ThreadPoolExecutor(1, thread_name_prefix=f"xincai-{lane}")
        was_busy = self.is_busy
        job.behind = behind or lane == "rear"
        self._jobs.add(job)
        if self.is_busy and not was_busy:
            self.busy.emit(True)
        self._lanes[lane].submit(self._carry, job, work)

    def _carry(self, job: Job, work: Callable[[], object]) -> None:
        """On the lane: do it and send the outcome home."""
        try:
            outcome = ("done", work())
        except BaseException as error:  # noqa: BLE001 - the task runner: the screen's thread decides
            outcome = ("failed", error)
        self._home.emit(job, *outcome)

    def _tell(self, job: Job, value: object) -> None:
        """On the lane: keep the latest step; one notice at a time is on its way."""
        job._latest.append(value)  # noqa: SLF001 - a job belongs to its tasks
        if len(job._latest) == 1:  # noqa: SLF001
            self._home.emit(job, "step", None)

    @Slot(object, str, object)
    def _arrive(self, job: Job, kind: str, value: object) -> None:
        if job not in self._jobs:
            return
        alive = shiboken6.isValid(job.owner)
        if kind == "step":
            steps, job._latest = job._latest, []  # noqa: SLF001
            if alive and job.step is not None and steps:
                job.step(steps[-1])
            return
        self._jobs.discard(job)
        if not job.behind and not self.is_busy:
            self.busy.emit(False)
        if kind == "done":
            if alive:
                job.done(value)
        elif isinstance(value, Problem):
            self._deliver_problem(job, value, alive=alive)
        else:
            error = cast("BaseException", value)
            sys.excepthook(type(error), error, error.__traceback__)

    def _deliver_problem(self, job: Job, problem: Problem, *, alive: bool) -> None:
        if alive and job.failed is not None:
            job.failed(problem)
        else:
            self.failed.emit(problem)
