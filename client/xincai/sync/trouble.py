"""What can go wrong on the way, sorted by what helps.

A `Trouble` is a `Problem` that also knows its cure: repeat, sign in, log in to the network, send smaller
pieces, let a person correct it, or set one batch aside. Trouble on the network never says "failed": whether
the far side has taken the batch is unknown until its receipt is here.
"""

import ssl
from collections.abc import Iterator

from xincai import clock
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


def line_trouble(error: Exception) -> Trouble:
    """What became of the line, told from everything that the error was made from."""
    causes = list(_causes(error))
    return _tls_trouble(causes) or _reach_trouble(causes)


def _tls_trouble(causes: list[BaseException]) -> Trouble | None:
    """What was wrong between the certificates, None when nothing was; a cut inside TLS is a cut."""
    if any(isinstance(cause, ssl.SSLCertVerificationError) and cause.verify_code == 9 for cause in causes):
        return Trouble("sync.clock_wrong", helps=Help.CORRECT, shown=clock.stamp(clock.now()))
    cuts = (ssl.SSLEOFError, ssl.SSLZeroReturnError)
    found = [cause for cause in causes if isinstance(cause, ssl.SSLError) and not isinstance(cause, cuts)]
    reasons = [str(cause.reason) for cause in found]
    if any("ALERT" in reason and ("CERTIFICATE" in reason or "UNKNOWN_CA" in reason) for reason in reasons):
        return Trouble("sync.client_certificate", helps=Help.CORRECT)
    return Trouble("sync.bad_certificate", helps=Help.CORRECT) if found else None


def _reach_trouble(causes: list[BaseException]) -> Trouble:
    """What was in the way to the far side."""
    names = {type(cause).__name__ for cause in causes}
    if "ProxyError" in names:
        if any("407" in str(cause) for cause in causes):
            return Trouble("sync.proxy_login", helps=Help.PORTAL)
        return Trouble("sync.proxy_unreachable")
    if names & {"ConnectTimeout", "ConnectionRefusedError", "NameResolutionError", "NewConnectionError"}:
        return Trouble("sync.unreachable")
    return Trouble("sync.timeout" if any("Timeout" in name for name in names) else "sync.cut")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything that it was made from."""
    todo: list[BaseException] = [error]
    seen: set[int] = set()
    while todo:
        each = todo.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        reason = getattr(each, "reason", None)
        linked = (each.__cause__, each.__context__, reason, *each.args)
        todo.extend(item for item in linked if isinstance(item, BaseException))
