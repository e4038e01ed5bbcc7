"""The administrator's commands besides serving: the pages, quality, flags, subjects' rights, deliveries."""

import argparse
import dataclasses
import getpass
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from xincai import log
from xincai.errors import Problem
from xincai_gateway.commands import Add, Said, add_who, over, port, private

if TYPE_CHECKING:
    from xincai_gateway.gateway import Gateway
    from xincai_gateway.rights import Report

_NAMED = {
    "next": "这些采集任务仍写有该主体：请从名单中去掉这一行后重新发布，或用 withdraw assignment 撤下。",
    "next_en": "These assignments still name the subject: take it out of the roster and publish that again, "
    "or withdraw the assignment.",
}
_UNPLACED = {
    "next": "unplaced 中的填报件没有写明地区，可能是别村同号主体的，没有删除；"
    "核对是本人的，请用 --record 逐件撤回。",
    "next_en": "The records under unplaced tell no region and may be those of another village's subject with "
    "this number; they were left. Withdraw those that are this subject's one by one with --record. ",
}


def add_commands(add: Add) -> None:
    """Add the commands."""
    admin = add("admin", over(_admin), "管理页面与管理员口令", "先设口令，再启动页面。", begins=True)
    admin.add_argument(
        "action",
        choices=["serve", "passphrase", "list", "remove"],
        help="启动页面；设口令（从键盘或标准输入读一行，至少 12 个字符）；列出管理员；删除管理员",
    )
    admin.add_argument("--login", default="admin", help="登录名；缺省 %(default)s")
    admin.add_argument("--host", default="127.0.0.1", help="页面监听的地址；缺省 %(default)s")
    admin.add_argument("--port", type=port, default=8766, help="端口，0 为任意空闲端口；缺省 %(default)s")
    add_who(admin)
    office = add(
        "office", over(_office), "采集单位", "name、close、reopen 需要单位代码；name 还需要 --name。"
    )
    office.add_argument(
        "action", choices=["list", "name", "close", "reopen"], help="列出；登记名称；停办；恢复"
    )
    office.add_argument("office", nargs="?", default="", help="采集单位代码")
    office.add_argument("--name", default="", help="名称")
    office.add_argument("--contact", default="", help="联系人与电话")
    add_who(office)
    device = add("device", over(_device), "设备及其使用人", "officer 需要 --office 和 --device。")
    device.add_argument("action", choices=["list", "officer"], help="列出；登记使用人")
    device.add_argument("--office", default="", help="采集单位代码")
    device.add_argument("--device", default="", help="设备编号")
    device.add_argument("--officer", default="", help="使用人；缺省为无人")
    add_who(device)
    quality = add("quality", over(_quality), "数据质量", "缺省列出所有单位。")
    quality.add_argument("--office", default="", help="采集单位代码")
    quality.add_argument("--by", choices=["region", "form"], help="分地区或分表单")
    quality.add_argument("--tell", action="store_true", help="以通知发给各单位，在采集员的首页显示")
    add_who(quality)
    flagging = add("flags", over(_flags), "查找疑点", "需要单位代码；结果在管理页面核查。")
    flagging.add_argument("--office", required=True, help="采集单位代码")
    subject = add("subject", over(_subject), "主体的权利：报告、异议、撤回", "需要主体代码和理由；都会记录。")
    subject.add_argument(
        "action", choices=["report", "object", "withdraw"], help="列出全部数据；登记异议；撤回并删除"
    )
    subject.add_argument("code", type=str.strip, help="主体代码")
    subject.add_argument("--record", default="", help="只对这一件")
    subject.add_argument("--region", default="", help="本村编号要写明区划代码（12位，或其开头）")
    add_who(subject)
    subject.add_argument("--reason", required=True, help="用途、主体的说法或撤回的理由")
    subject.add_argument("--out", type=Path, help="报告写入此文件")
    subject.add_argument("--language", choices=["zh", "en"], default="zh", help="报告中题目与选项的语言")
    _add_delivering(add)
    spreading = add(
        "partition",
        over(_partition),
        "把数据表按采集单位分区（PostgreSQL）",
        "要独占数据库，先停下全部进程。",
    )
    spreading.add_argument("--parts", type=int, default=16, help="分成几区；缺省 %(default)s")


def _add_delivering(add: Add) -> None:
    delivering = add(
        "deliver",
        over(_deliver),
        "把已受理的填报件送往别处",
        "folder 需要文件夹；http 需要接口地址、--key 和 --secret。送完即止，可由定时任务运行。",
    )
    delivering.add_argument("way", choices=["folder", "http"], help="文件夹；平台接口")
    delivering.add_argument("place", help="文件夹，或平台接口地址")
    delivering.add_argument("--attachments", action="store_true", help="附件一并写入文件夹")
    delivering.add_argument("--key", default="", help="http：appKey")
    delivering.add_argument("--secret", type=Path, help="http：密钥文件")
    listing = add("deliveries", over(_deliveries), "列出送出的批次", "有退回的在前。")
    listing.add_argument("--office", default="", help="采集单位代码；缺省为全部")
    again = add("resend", over(_resend), "把对方退回的件重新排入送出", "需要送出编号、单位代码和理由。")
    again.add_argument("delivery", help="送出编号，deliveries 可查")
    again.add_argument("--office", required=True, help="采集单位代码")
    add_who(again)
    again.add_argument("--reason", required=True, help="为何重新送出")


def _admin(gateway: "Gateway", options: argparse.Namespace) -> Said | None:
    from xincai_gateway import acts

    if options.action == "passphrase":
        from xincai_gateway.administrators import set_passphrase

        hidden = sys.stdin.isatty()
        given = getpass.getpass("口令：") if hidden else sys.stdin.readline().rstrip("\n")
        if hidden and getpass.getpass("再输入一遍：") != given:
            raise Problem("gateway.passphrases_differ")
        set_passphrase(gateway.database, options.login, given)
        acts.note(gateway.database, options.who, acts.PASSPHRASE, options.login)
        return {"administrator": options.login}
    if options.action in {"list", "remove"}:
        from xincai_gateway.administrators import names, remove

        if options.action == "remove":
            remove(gateway.database, options.login)
            acts.note(gateway.database, options.who, acts.REMOVE, options.login)
        return {"administrators": names(gateway.database)}
    from xincai_gateway.admin.app import create_app
    from xincai_gateway.server import serve

    log.start(options.data, f"admin-{options.port}" if options.port else "admin")
    try:
        serve(create_app(gateway), options.host, options.port, ready={"admin": True}, closing=gateway.closing)
    except OSError as error:
        raise Problem("gateway.no_address", host=options.host, port=options.port) from error
    return None


def _office(gateway: "Gateway", options: argparse.Namespace) -> Said:
    from xincai_gateway import acts, offices

    if options.action == "name":
        offices.describe(gateway.database, options.office, options.name, options.contact)
    elif options.action == "close":
        offices.close(gateway.database, options.office, options.who)
    elif options.action == "reopen":
        offices.reopen(gateway.database, options.office)
    if options.action != "list":
        acts.note(gateway.database, options.who, options.action, office=options.office)
    rows = [dict(row) for row in offices.standing(gateway.database)]
    return {"offices": [row for row in rows if options.office in {"", row["office"]}]}


def _device(gateway: "Gateway", options: argparse.Namespace) -> Said:
    from xincai_gateway import acts, enrol, offices

    if options.action == "officer":
        offices.set_officer(gateway.database, options.office, options.device, options.officer)
        acts.note(gateway.database, options.who, acts.OFFICER, options.device, options.office)
        return {"device": options.device, "officer": options.officer}
    return {"devices": [dict(row) for row in enrol.standing(gateway.database, options.office)]}


def _quality(gateway: "Gateway", options: argparse.Namespace) -> Said:
    from xincai_gateway.quality import measure

    found = measure(gateway.database, options.office, options.by)
    if options.tell:
        from xincai_gateway import acts
        from xincai_gateway.publishing import tell_quality

        told = measure(gateway.database, options.office)
        tell_quality(gateway, told)
        for each in told:
            acts.note(gateway.database, options.who, acts.PUBLISH.format("notice"), "quality", each.office)
    return {"quality": [dataclasses.asdict(each) for each in found]}


def _flags(gateway: "Gateway", options: argparse.Namespace) -> Said:
    from xincai_gateway.flags import look

    return {"raised": look(gateway.database, options.office)}


def _subject(gateway: "Gateway", options: argparse.Namespace) -> Said:
    return {"report": _report, "object": _object, "withdraw": _withdraw}[options.action](gateway, options)


def _report(gateway: "Gateway", options: argparse.Namespace) -> Said:
    told = _told(gateway, options)
    if options.out is None:
        return dataclasses.asdict(told)
    text = json.dumps(dataclasses.asdict(told), ensure_ascii=False, indent=1)
    with open(options.out, "w", encoding="utf-8", opener=private) as file:
        file.write(text)
    return {"records": len(told.held), "rosters": len(told.rosters)}


def _told(gateway: "Gateway", options: argparse.Namespace) -> "Report":
    from xincai_gateway import rights
    from xincai_gateway.accesses import Asking

    asking = Asking(options.who, options.reason)
    return rights.report(gateway, options.code, asking, options.language, region=options.region)


def _object(gateway: "Gateway", options: argparse.Namespace) -> Said:
    from xincai.wire.receipt import ACCEPTED
    from xincai_gateway import rights

    chosen = {
        (str(entry["office"]), str(entry["record"]))
        for entry in _told(gateway, options).held
        if entry["state"] == ACCEPTED
        and (entry["record"] == options.record if options.record else not entry["unplaced"])
    }
    if not chosen:
        raise Problem("gateway.record_unknown")
    marks = [
        rights.object_to(gateway.database, office, record, options.reason, options.who)
        for office, record in sorted(chosen)
    ]
    return {"objections": marks}


def _withdraw(gateway: "Gateway", options: argparse.Namespace) -> Said:
    from xincai_gateway import rights, subjects
    from xincai_gateway.accesses import Asking
    from xincai_gateway.subjects import Whose

    asking = Asking(options.who, options.reason)
    said: dict[str, object] = {
        "withdrawn": rights.withdraw(gateway, options.code, asking, options.record, region=options.region)
    }
    if options.record:
        return said
    whose = Whose(options.code, options.region)
    if left := subjects.unplaced(gateway, whose):
        said |= {"unplaced": left, **_UNPLACED}
    if visits := subjects.rosters(gateway, whose):
        said["rosters"] = [{key: visit[key] for key in ("office", "document", "title")} for visit in visits]
        said |= {name: f"{said.get(name, '')}{words}" for name, words in _NAMED.items()}
    return said


def _deliver(gateway: "Gateway", options: argparse.Namespace) -> Said:
    from xincai_gateway.outgoing import deliver

    if options.way == "folder":
        from xincai_gateway.outgoing.folder import Folder

        return {"delivered": deliver(gateway, Folder(Path(options.place), gateway, options.attachments))}
    from xincai_gateway.outgoing.platform import Platform, read_secret

    platform = Platform(options.place, options.key, read_secret(options.secret), gateway.identity.gateway)
    return {"delivered": deliver(gateway, platform)}


def _deliveries(gateway: "Gateway", options: argparse.Namespace) -> Said:
    from xincai_gateway.outgoing.again import latest

    return {"deliveries": [dict(row) for row in latest(gateway.database, options.office)]}


def _resend(gateway: "Gateway", options: argparse.Namespace) -> Said:
    from xincai_gateway.outgoing.again import send_again

    given = (options.office, options.delivery, options.who, options.reason)
    return {"delivery": send_again(gateway.database, *given), "follows": options.delivery}


def _partition(gateway: "Gateway", options: argparse.Namespace) -> Said:
    from xincai_gateway.partitions import spread

    return {"parts": options.parts, "rows": spread(gateway.database, options.parts)}
