"""What can go wrong on the way, sorted by what helps.

A `Trouble` is a `Problem` that also knows its cure: repeat, sign in, log in to the network, send smaller
pieces, let a person correct it, or set one batch aside. Trouble on the network never says "failed": whether
the far side has taken the batch is unknown until its receipt is here.
"""

from xincai.errors import Fact, Problem
from xincai.wire.codes import Help

MAX_WAIT = 3600.0


class Trouble(Problem):
    """A problem on the way.

    Attributes:
        help: what helps.
        wait: seconds the platform asks to wait, None when it does not say.
        code_there: the platform's own code, "" when it was not the platform that spoke.
        missing: blobs that the platform lacks.
    """

    def __init__(
        self,
        code: str,
        /,
        *,
        helps: Help = Help.RETRY,
        wait: float | None = None,
        code_there: str = "",
        missing: tuple[str, ...] = (),
        **facts: Fact,
    ) -> None:
        super().__init__(code, **facts)
        self.help = helps
        self.wait = wait
        self.code_there = code_there
        self.missing = missing

    def __reduce__(self) -> tuple[object, ...]:
        state = {
            "helps": self.help,
            "wait": self.wait,
            "code_there": self.code_there,
            "missing": self.missing,
        }
        return (_rebuild, (self.code, {**state, **self.facts}))


def _rebuild(code: str, arguments: dict[str, object]) -> Trouble:
    return Trouble(code, **arguments)  # type: ignore[arg-type]  # the very arguments it was made with
