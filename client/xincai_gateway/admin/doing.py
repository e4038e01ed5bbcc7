"""What the administrator's forms do, each by its name in the address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from xincai.errors import Language, Problem
from xincai.wire.slip import decode_slip, encode_slip
from xincai_gateway import acts, enrol, flags, offices, publishing, rights, slips, subjects
from xincai_gateway.accesses import Asking
from xincai_gateway.gateway import Gateway
from xincai_gateway.outgoing.again import send_again
from xincai_gateway.subjects import Whose

Given = dict[str, str]
"""A form's fields, and the `language` of its page."""


@dataclass(frozen=True)
class Done:
    """What came of a form: a page to go back to and what is said there, a page to show at once, or a file."""

    back: str = ""
    said: str = ""
    page: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    file: tuple[str, bytes] | None = None
    """A file to take away: its name and bytes."""


def _revoke(gateway: Gateway, given: Given, who: str) -> Done:
    office, device = given.get("office", ""), given.get("device", "")
    if enrol.revoke(gateway.database, office, device, who):
        acts.note(gateway.database, who, acts.REVOKE, device, office)
    return Done("devices", "revoked")


def _code(gateway: Gateway, given: Given, who: str) -> Done:
    slip = slips.issue(gateway, given.get("office", "").strip(), given.get("address", ""))
    acts.note(gateway.database, who, acts.CODE, office=slip.office)
    return Done(page="code", facts=slips.facts(gateway, slip))


def _slip(_: Gateway, given: Given, __: str) -> Done:
    slip = decode_slip(given.get("text", ""))
    return Done(file=(slips.file_name(slip), encode_slip(slip).encode()))


def _name(gateway: Gateway, given: Given, who: str) -> Done:
    office = given.get("office", "").strip()
    offices.describe(gateway.database, office, given.get("name", ""), given.get("contact", ""))
    acts.note(gateway.database, who, acts.NAME, office=office)
    return Done("offices", "noted")


def _close_office(gateway: Gateway, given: Given, who: str) -> Done:
    office = given.get("office", "")
    offices.close(gateway.database, office, who)
    acts.note(gateway.database, who, acts.CLOSE, office=office)
    return Done("offices", "office_closed")


def _reopen(gateway: Gateway, given: Given, who: str) -> Done:
    office = given.get("office", "")
    offices.reopen(gateway.database, office)
    acts.note(gateway.database, who, acts.REOPEN, office=office)
    return Done("offices", "noted")


def _officer(gateway: Gateway, given: Given, who: str) -> Done:
    office, device = given.get("office", ""), given.get("device", "")
    offices.set_officer(gateway.database, office, device, given.get("officer", ""))
    acts.note(gateway.database, who, acts.OFFICER, device, office)
    return Done("devices", "noted")


def _look(gateway: Gateway, given: Given, _: str) -> Done:
    flags.look(gateway.database, given.get("office", ""))
    return Done("flags", "looked")


def _review(gateway: Gateway, given: Given, who: str) -> Done:
    verdict = flags.Verdict(given.get("verdict", ""), given.get("note", ""), who)
    flags.review(gateway.database, given.get("office", ""), given.get("flag", ""), verdict)
    return Done("flags", "reviewed")


def _report(gateway: Gateway, given: Given, who: str) -> Done:
    code = given.get("code", "").strip()
    language: Language = "en" if given["language"] == "en" else "zh"
    region = given.get("region", "").strip()
    told = rights.report(gateway, code, Asking(who, given.get("purpose", "")), language, region=region)
    return Done(page="report", facts={"told": told, "code": code, "region": region})


def _object(gateway: Gateway, given: Given, who: str) -> Done:
    rights.object_to(
        gateway.database, given.get("office", ""), given.get("record", ""), given.get("reason", ""), who
    )
    return Done("objections", "objected")


def _close(gateway: Gateway, given: Given, who: str) -> Done:
    rights.close_objection(
        gateway.database, given.get("office", ""), given.get("objection", ""), given.get("result", ""), who
    )
    return Done("objections", "closed")


def _withdraw(gateway: Gateway, given: Given, who: str) -> Done:
    code = given.get("code", "").strip()
    if given.get("again", "").strip() != code:
        raise Problem("gateway.not_confirmed")
    region, asking = given.get("region", "").strip(), Asking(who, given.get("reason", ""))
    gone = rights.withdraw(gateway, code, asking, given.get("record", ""), region=region)
    whose = Whose(code, region)
    told = {"rosters": subjects.rosters(gateway, whose), "unplaced": subjects.unplaced(gateway, whose)}
    if not any(told.values()):
        return Done("accesses", "withdrawn")
    names = offices.names(gateway.database)
    return Done(
        page="left", facts={"told": told, "gone": gone, "code": code, "region": region, "names": names}
    )


def _unpublish(gateway: Gateway, given: Given, who: str) -> Done:
    publishing.withdraw(gateway, given.get("kind", ""), given.get("id", ""), given.get("office", ""))
    what = acts.WITHDRAW.format(given.get("kind", ""))
    acts.note(gateway.database, who, what, given.get("id", ""), given.get("office", ""))
    return Done("published", "unpublished")


def _resend(gateway: Gateway, given: Given, who: str) -> Done:
    send_again(
        gateway.database, given.get("office", ""), given.get("delivery", ""), who, given.get("reason", "")
    )
    return Done("deliveries", "ordered")


ACTS: Mapping[str, Callable[[Gateway, Given, str], Done]] = {
    "revoke": _revoke,
    "code": _code,
    "slip": _slip,
    "name": _name,
    "close_office": _close_office,
    "reopen": _reopen,
    "officer": _officer,
    "look": _look,
    "review": _review,
    "report": _report,
    "object": _object,
    "close": _close,
    "withdraw": _withdraw,
    "resend": _resend,
    "unpublish": _unpublish,
}
