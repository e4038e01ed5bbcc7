"""When deliveries begin by themselves: after unlocking, after sealing, when the network is back, now and then
to fetch what is new, and again after trouble.

Rules: nothing begins while another delivery runs or is paused, without a network, or on one that is paid for
by volume unless that is allowed. Sealing puts it off for a while, so that a letter can still be made and more
can be sealed, but not for ever. Trouble puts it off longer each time, by chance a little more or less, and
not shorter than the platform asks; what only a person can cure waits longest. It decides and does nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from xincai import clock
from xincai.errors import Problem

SOON = 20.0
BACK = 10.0
SEALED = 300.0
LONGEST_SEALED = 1800.0
OPEN = 300.0
REST = 3600.0
FIRST = 60.0
LONGEST = 3600.0
_MOST = 16


@dataclass(frozen=True)
class Network:
    """What the system says of the network: False only where it is sure that there is none."""

    online: bool = True
    metered: bool = False


@dataclass(frozen=True)
class Outlook:
    """What happens next by itself, in how many seconds, and the trouble that it waits for.

    off: nothing; running: a delivery; paused: a person stopped it for now; offline: waits for a network;
    metered: waits for a network that costs nothing; due: a delivery in `seconds`.
    """

    state: Literal["off", "running", "paused", "offline", "metered", "due"]
    seconds: float = 0.0
    problem: Problem | None = None


class Schedule:
    """Decides for one vault while it is open."""

    def __init__(
        self,
        monotonic: Callable[[], float] = clock.monotonic,
        chance: Callable[[int], bytes] = clock.random_bytes,
    ) -> None:
        """Nothing begins before `use`."""
        self._monotonic = monotonic
        self._chance = chance
        self._automatic = self._metered = False
        self._network = Network()
        self._state: Literal["", "running", "paused"] = ""
        self._due = self._monotonic() + SOON
        self._sealed: float | None = None
        """When the first of what was sealed since the last delivery was."""
        self._problem: Problem | None = None
        self._tried = 0

    def use(self, *, automatic: bool, metered: bool) -> None:
        """Whether anything begins by itself, and whether also where the network is paid for by volume."""
        if automatic and not self._automatic:
            self._put_off(SOON)
        self._automatic, self._metered = automatic, metered

    def watch(self, network: Network) -> None:
        """The network is like this now; one that is back is tried soon, whatever was in the way before."""
        if network.online and not self._network.online:
            self._tried = 0
            self._put_off(self._about(BACK))
        self._network = network

    def sealed(self) -> None:
        """Something new was sealed."""
        now = self._monotonic()
        self._sealed = now if self._sealed is None else self._sealed
        if self._problem is None:
            self._due = min(now + SEALED, self._sealed + LONGEST_SEALED)

    def begun(self) -> None:
        """A delivery began, whoever wanted it."""
        self._state = "running"

    def paused(self) -> None:
        """A person stopped it for now."""
        self._state = "paused"

    def ended(self, *, is_open: bool) -> None:
        """It came to its end; `is_open`: batches have no outcome yet."""
        self._end(None)
        self._tried = 0
        self._put_off(OPEN if is_open else REST)

    def stopped(self) -> None:
        """A person stopped it for good."""
        self._end(None)
        self._put_off(REST)

    def failed(self, problem: Problem) -> None:
        """It ended in trouble."""
        from xincai.sync.trouble import Trouble
        from xincai.wire.codes import Help

        self._end(problem)
        wait = min(FIRST * 2 ** min(self._tried, _MOST), LONGEST)
        if isinstance(problem, Trouble) and problem.help in {Help.RETRY, Help.PORTAL}:
            wait = max(wait, problem.wait or 0.0)
        else:
            wait = LONGEST
        self._tried += 1
        self._put_off(self._about(wait))

    def is_due(self) -> bool:
        """Whether a delivery is to begin now."""
        outlook = self.outlook()
        return outlook.state == "due" and outlook.seconds == 0

    def outlook(self) -> Outlook:
        """What happens next."""
        if self._state:
            return Outlook(self._state)
        if not self._automatic:
            return Outlook("off", problem=self._problem)
        if not self._network.online:
            return Outlook("offline", problem=self._problem)
        if self._network.metered and not self._metered:
            return Outlook("metered", problem=self._problem)
        return Outlook("due", max(self._due - self._monotonic(), 0.0), self._problem)

    def _end(self, problem: Problem | None) -> None:
        self._state, self._problem, self._sealed = "", problem, None

    def _put_off(self, seconds: float) -> None:
        self._due = self._monotonic() + seconds

    def _about(self, seconds: float) -> float:
        """Up to a quarter more or less, so that not all computers of a county come back at once."""
        return seconds * (0.75 + self._chance(1)[0] / 510)
