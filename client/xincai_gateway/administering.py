"""The administrator's commands besides serving: the pages, quality, flags, subjects' rights, deliveries."""

import argparse
import dataclasses
import getpass
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from xincai import log
from xincai.errors import Problem

if TYPE_CHECKING:
    from xincai_gateway.gateway import Gateway

Said = Mapping[str, object]
Command = Callable[[argparse.Namespace], Said | None]


class Add(Protocol):
    """Adds a command to the parser."""

    def __call__(self, name: str, command: Command, words: str) -> argparse.ArgumentParser: ...


def add_commands(add: Add, opened: "Callable[[argparse.Namespace], Gateway]") -> None:
    """Add the commands; `opened` opens the gateway that the options name."""

    @contextmanager
    def gateway_of(options: argparse.Namespace) -> "Iterator[Gateway]":
        gateway = opened(options)
        try:
            yield gateway
        finally:
            gateway.close()

    def bound(work: "Callable[[Gateway, argparse.Namespace], Said | None]") -> Command:
        def run(options: argparse.Namespace) -> Said | None:
            with gateway_of(options) as gateway:
                return work(gateway, options)

        return run

    admin = add("admin", bound(_admin), "管理页面与管理员口令")
    admin.add_argument("action", choices=["serve", "passphrase"])
    admin.add_argument("--login", default="admin", help="登录名")
    admin.add_argument("--host", default="127.0.0.1")
    admin.add_argument("--port", type=int, default=8766, help="0 为任意空闲端口")
    quality = add("quality", bound(_quality), "数据质量")
    quality.add_argument("--office", default="")
    quality.add_argument("--by", choices=["region", "form"])
    add("flags", bound(_flags), "查找疑点").add_argument("--office", required=True)
    subject = add("subject", bound(_subject), "主体的权利：报告、异议、撤回")
    subject.add_argument("action", choices=["report", "object", "withdraw"])
    subject.add_argument("code", help="主体代码")
    subject.add_argument("--record", default="", help="只对这一件")
    subject.add_argument("--who", default=getpass.getuser(), help="办理人")
    subject.add_argument("--reason", required=True, help="用途、主体的说法或撤回的理由")
    subject.add_argument("--out", type=Path, help="报告写入此文件")
    delivering = add("deliver", bound(_deliver), "把已受理的填报件送往别处")
    delivering.add_argument("way", choices=["folder", "http"])
    delivering.add_argument("place", help="文件夹，或平台接口地址")
    delivering.add_argument("--attachments", action="store_true", help="附件一并写入文件夹")
    delivering.add_argument("--key", default="", help="http：appKey")
    delivering.add_argument("--secret", type=Path, help="http：密钥文件")


def _admin(gateway: "Gateway", options: argparse.Namespace) -> Said | None:
    if options.action == "passphrase":
        from xincai_gateway.administrators import set_passphrase

        hidden = sys.stdin.isatty()
        given = getpass.getpass("口令：") if hidden else sys.stdin.readline().rstrip("\n")
        set_passphrase(gateway.database, options.login, given)
        return {"administrator": options.login}
    from xincai_gateway.admin.app import create_app
    from xincai_gateway.server import serve

    log.start(options.data)
    try:
        serve(create_app(gateway), options.host, options.port, ready={"admin": True}, closing=gateway.closing)
    except OSError as error:
        raise Problem("gateway.no_address", host=options.host, port=options.port) from error
    return None


def _quality(gateway: "Gateway", options: argparse.Namespace) -> Said:
    from xincai_gateway.quality import measure

    found = measure(gateway.database, options.office, options.by)
    return {"quality": [dataclasses.asdict(each) for each in found]}


def _flags(gateway: "Gateway", options: argparse.Namespace) -> Said:
    from xincai_gateway.flags import look

    return {"raised": look(gateway.database, options.office)}


def _subject(gateway: "Gateway", options: argparse.Namespace) -> Said:
    from xincai_gateway import rights
    from xincai_gateway.accesses import Asking

    asking = Asking(options.who, options.reason)
    if options.action == "withdraw":
        return {"withdrawn": rights.withdraw(gateway, options.code, asking, options.record)}
    held = rights.report(gateway.database, options.code, asking)
    if options.action == "report":
        text = json.dumps(held, ensure_ascii=False, indent=1)
        if options.out is None:
            return {"held": held}
        options.out.write_text(text, encoding="utf-8")
        return {"records": len(held)}
    chosen = {
        (str(entry["office"]), str(entry["record"]))
        for entry in held
        if options.record in {"", entry["record"]}
    }
    marks = [
        rights.object_to(gateway.database, office, record, options.reason, options.who)
        for office, record in sorted(chosen)
    ]
    return {"objections": marks}


def _deliver(gateway: "Gateway", options: argparse.Namespace) -> Said:
    from xincai_gateway.outgoing import deliver

    if options.way == "folder":
        from xincai_gateway.outgoing.folder import Folder

        return {"delivered": deliver(gateway, Folder(Path(options.place), gateway, options.attachments))}
    from xincai_gateway.outgoing.platform import Platform, read_secret

    platform = Platform(options.place, options.key, read_secret(options.secret), gateway.identity.gateway)
    return {"delivered": deliver(gateway, platform)}
