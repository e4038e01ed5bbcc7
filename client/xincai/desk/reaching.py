"""How the platform is reached from this office: enrolment slip, proxy, authorities, certificate, pace."""

from dataclasses import replace
from pathlib import Path

from xincai import sync
from xincai.desk import enrolling
from xincai.desk.part import Part
from xincai.desk.rights import Right
from xincai.desk.views import LineCard
from xincai.errors import Problem
from xincai.wire.slip import EnrolmentSlip

_MOST = 1_000_000


class Reaching(Part):
    """The part of the desk that knows the line."""

    def may(self, right: Right) -> bool:
        """Whether whoever works here may do this."""
        raise NotImplementedError

    def read_enrolment_slip(self, file: Path) -> EnrolmentSlip:
        """What the enrolment slip in a photo, a PDF or a small file says; nothing is sent."""
        return enrolling.read(file)

    def take_enrolment_slip(self, text: str) -> EnrolmentSlip:
        """What an enrolment slip's text says, likewise."""
        return enrolling.told(text)

    def line(self) -> LineCard:
        """How the platform is reached, without the secrets."""
        line = sync.line_of(self._vault)
        return LineCard(
            proxy=line.proxy,
            user=line.user,
            own_authorities=bool(line.authorities),
            certificate=bool(line.certificate),
            limit=line.limit,
            automatic=line.automatic,
            metered=line.metered,
        )

    def set_pace(self, *, automatic: bool, metered: bool, limit: int) -> None:
        """Whether deliveries begin by themselves, whether also where the network is paid for by volume, and
        how many KB a second are sent at most, 0 for as many as the line takes.
        """
        line = replace(sync.line_of(self._vault), automatic=automatic, metered=metered, limit=limit)
        sync.set_line(self._vault, line)

    def delivers_itself(self) -> bool:
        """Whether deliveries may begin by themselves here: whoever works here may deliver, and it is no
        practice.
        """
        device = self._vault.device()
        return device is not None and not device.practice and self.may("deliver")

    def sign_in_at_proxy(self, user: str, password: str) -> None:
        """Keep user and password for the proxy that leads to the platform now, be it set or the system's."""
        line, device = sync.line_of(self._vault), self._vault.device()
        if device is None:
            raise Problem("sync.not_enrolled")
        found = self._system_proxy(device.gateway_url) if self._system_proxy and not line.proxy else ""
        scheme, _, place = found.partition("://")
        at = f"{scheme}://{place.rpartition('@')[2]}" if found else ""
        sync.set_line(self._vault, replace(line, user=user, password=password, login_at=at))

    def set_proxy(self, address: str, user: str, password: str) -> None:
        """Reach the platform through this proxy, or straight when there is none; no password keeps the one
        that was given for this user.
        """
        before = sync.line_of(self._vault)
        kept = password or (before.password if (address, user) == (before.proxy, before.user) else "")
        at = before.login_at if user and not address else ""
        line = replace(before, proxy=address, user=user, password=kept, login_at=at)
        sync.set_line(self._vault, line)

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
