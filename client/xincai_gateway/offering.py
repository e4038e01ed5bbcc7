"""The commands by which an administrator publishes and withdraws."""

import argparse
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from xincai import clock
from xincai.errors import Problem
from xincai_gateway.commands import Add, Said, add_who, over

if TYPE_CHECKING:
    from xincai.wire.index import Document
    from xincai.wire.published import NoticeText
    from xincai.xforms import Form
    from xincai_gateway.gateway import Gateway

_PUBLISH = (
    "表单：需要表单文件。采集任务：需要名单、--office、--due 和 --form。通知：需要文本文件，不超过 4000 字。"
)
_NOBODY = {
    "warning": "单位 {office} 还没有名称、登记码或设备，现在没有谁能收到；请核对单位代码。",
    "warning_en": "Office {office} has no name, code or device here, so nobody can fetch this now; "
    "check its code.",
}
_Published = tuple["Document", dict[str, int]]
"""What was published, and how much of it."""
_KINDS = ("form", "assignment", "notice")
_LONGEST = 4000


def add_commands(add: Add) -> None:
    """Add them to the command line."""
    publishing = add("publish", over(_publish), "发布表单、采集任务或通知", _PUBLISH, begins=True)
    publishing.add_argument("kind", choices=_KINDS, help="form 表单；assignment 采集任务；notice 通知")
    publishing.add_argument("file", type=Path, help="表单文件；名单（CSV 或工作簿）；通知的文本文件")
    publishing.add_argument("--office", default="", help="发给哪个单位；表单和通知缺省为所有单位")
    publishing.add_argument("--device", help="采集任务和通知：只发给单位的这一台设备")
    publishing.add_argument("--move", action="store_true", help="从现在有它的设备改发给 --device 这一台")
    publishing.add_argument("--officer", default="", help="采集任务派给谁；缺省为单位的任何人")
    publishing.add_argument("--id", default="", help="编号；缺省为文件名")
    publishing.add_argument("--title", default="", help="采集任务的名称；缺省为编号")
    publishing.add_argument("--due", default="", help="采集任务的截止日期，如 2026-12-31")
    publishing.add_argument("--form", action="append", default=[], help="采集任务要填的表单，可写几次")
    publishing.add_argument("--english", default="", help="通知的英文文本")
    add_who(publishing)
    withdrawing = add("withdraw", over(_withdraw), "撤下已发布的内容", "需要种类和编号，published 可查。")
    withdrawing.add_argument("kind", choices=_KINDS, help="form 表单；assignment 采集任务；notice 通知")
    withdrawing.add_argument("id", help="编号")
    withdrawing.add_argument("--office", default="", help="发给哪个单位的；缺省为发给所有单位的")
    add_who(withdrawing)
    add("published", over(_published), "列出已发布的内容", "逐单位列出。")


def _publish(gateway: "Gateway", options: argparse.Namespace) -> Said:
    from xincai_gateway import acts

    publish = {"form": _publish_form, "assignment": _publish_assignment, "notice": _publish_notice}
    document, counted = publish[options.kind](gateway, options, options.id or options.file.stem)
    what = acts.PUBLISH.format(options.kind)
    acts.note(gateway.database, options.who, what, document.id, options.office)
    said = {"published": document.id, "office": options.office, **counted}
    return said | _warning(gateway, options.office)


def _publish_form(gateway: "Gateway", options: argparse.Namespace, _: str) -> _Published:
    from xincai_gateway.publishing import publish_form

    document = publish_form(gateway, options.file, options.office)
    return document, {"files": len(document.files)}


def _publish_notice(gateway: "Gateway", options: argparse.Namespace, name: str) -> _Published:
    from xincai_gateway.publishing import publish_notice

    notice = _notice(options, name)
    document = publish_notice(gateway, notice, options.office, options.device, move=options.move)
    return document, {"files": len(document.files)}


def _publish_assignment(gateway: "Gateway", options: argparse.Namespace, name: str) -> _Published:
    from xincai_gateway.publishing import publish_assignment
    from xincai_gateway.roster import read_roster

    forms = _forms(gateway, options.office, options.form)
    title = options.title or name
    assignment = read_roster(options.file, name=name, title=title, due=options.due, forms=forms)
    given = dataclasses.replace(assignment, officer=options.officer.strip())
    document = publish_assignment(gateway, given, options.office, options.device, move=options.move)
    return document, {"subjects": len(assignment.visits)}


def _warning(gateway: "Gateway", office: str) -> dict[str, object]:
    """What to say when nobody can fetch what is published."""
    from xincai_gateway import offices

    if not office or offices.is_known(gateway.database, office):
        return {}
    return {name: text.format(office=office) for name, text in _NOBODY.items()}


def _notice(options: argparse.Namespace, name: str) -> "NoticeText":
    from xincai.shelf.beside import decoded
    from xincai.wire.published import NoticeText

    words = "\n".join(decoded(options.file.read_bytes(), options.file.name).splitlines()).strip()
    if not 0 < len(words) <= _LONGEST or len(options.english) > _LONGEST:
        raise Problem("gateway.notice_length")
    return NoticeText(name, clock.stamp(clock.now()), words, options.english)


def _forms(gateway: "Gateway", office: str, names: list[str]) -> "dict[str, Form]":
    """The forms of an assignment: those published, else those on the shelf."""
    from xincai_gateway.publishing import published_form

    found: dict[str, Form] = {}
    if not names:
        raise Problem("gateway.no_forms_named")
    for name in names:
        form = published_form(gateway, office, name) or gateway.library.named(name)
        if form is None:
            raise Problem("gateway.unknown_form", form=name[:60])
        found[name] = form
    return found


def _withdraw(gateway: "Gateway", options: argparse.Namespace) -> Said:
    from xincai_gateway import acts
    from xincai_gateway.publishing import withdraw

    withdraw(gateway, options.kind, options.id, options.office)
    what = acts.WITHDRAW.format(options.kind)
    acts.note(gateway.database, options.who, what, options.id, options.office)
    return {"withdrawn": options.id, "office": options.office}


def _published(gateway: "Gateway", _: argparse.Namespace) -> Said:
    from xincai_gateway.publishing import standing

    return {"published": standing(gateway)}
