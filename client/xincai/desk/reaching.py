"""How the platform is reached from this office: proxy, authorities, certificate."""

from dataclasses import replace
from pathlib import Path

from xincai import sync
from xincai.desk.part import Part
from xincai.desk.views import LineCard
from xincai.errors import Problem

_MOST = 1_000_000


class Reaching(Part):
    """The part of the desk that knows the line."""

    def line(self) -> LineCard:
        """How the platform is reached, without the secrets."""
        line = sync.line_of(self._vault)
        return LineCard(line.proxy, line.user, bool(line.authorities), bool(line.certificate))

    def set_proxy(self, address: str, user: str, password: str) -> None:
        """Reach the platform through this proxy, or straight when there is none; no password keeps the one
        that was given for this user.
        """
        before = sync.line_of(self._vault)
        kept = password or (before.password if (address, user) == (before.proxy, before.user) else "")
        sync.set_line(self._vault, replace(before, proxy=address, user=user, password=kept))

    def set_authorities(self, file: Path | None) -> None:
        """Trust the county's own authorities alone; None trusts the usual ones again."""
        sync.set_line(self._vault, replace(sync.line_of(self._vault), authorities=_text(file)))

    def set_certificate(self, file: Path | None) -> None:
        """Show the platform this office's certificate; None shows none."""
        sync.set_line(self._vault, replace(sync.line_of(self._vault), certificate=_text(file)))


def _text(file: Path | None) -> str:
    """The text of a PEM file; what is none is told by the check that follows."""
    if file is None:
        return ""
    try:
        with file.open("rb") as opened:
            return opened.read(_MOST).decode("ascii", "replace") or " "
    except OSError as error:
        raise Problem("sync.no_pem", file=file.name) from error
