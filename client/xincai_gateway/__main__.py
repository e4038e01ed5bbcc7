"""The gateway's command line.

    xincai-gateway serve [--host H] [--port P] [--data DIR] [--db-url URL] [--blob-url URL] [--practice]
    xincai-gateway enrol-code --office CODE [--address URL] [--slip FILE.html] [--file FILE.txt]
                                                     a one-time code for one device; its slip with a QR code
    xincai-gateway revoke --office CODE --device ID  shut a device out
    xincai-gateway office list|name|close|reopen [CODE] [--name N] [--contact C]
    xincai-gateway device list|officer [--office CODE --device ID --officer NAME]
    xincai-gateway register import FILE.csv          the platform's register of subjects (columns code, name)
    xincai-gateway form add FILE                     take a form of others (XLSForm or XForm) into the library
    xincai-gateway regions FILE                      the county's list of towns and villages, as desks have it
    xincai-gateway verify FILE.zip...                check a batch on a stick, keep nothing
    xincai-gateway take FILE.zip... --receipts OUT   take a batch from a stick in, and write what goes back:
                                                     its receipts, and OUT-published.zip beside them
    xincai-gateway blob SM3 --office CODE --purpose TEXT --out FILE      a submission or attachment as it came
    xincai-gateway publish form|assignment|notice FILE [--office CODE]   to all offices, or to one
    xincai-gateway withdraw form|assignment|notice ID [--office CODE]    publish it no longer
    xincai-gateway published                         what is published, office by office
    xincai-gateway keys list|rotate|revoke           signing keys; a fresh one; the same, the old one revoked
    xincai-gateway admin serve|passphrase|list|remove                 the pages on 127.0.0.1; who may log in
    xincai-gateway quality [--office CODE] [--tell]  how good what an office delivers is; tell the offices
    xincai-gateway flags --office CODE               look for signs of made-up data
    xincai-gateway subject report|object|withdraw CODE --reason TEXT     what a subject may ask
    xincai-gateway deliver folder|http PLACE         send accepted records on
    xincai-gateway deliveries                        what was sent on, and what of it was refused
    xincai-gateway resend DELIVERY --office CODE --reason TEXT           what was refused goes again
    xincai-gateway partition [--parts 16]            spread the tables by office (PostgreSQL; RUNNING.md)
    xincai-gateway sweep                             drop uploads abandoned for a week, and what nobody needed
                                                     for 30 days; finish what a withdrawal was to erase

Everything prints one JSON line; on a terminal lists are tables. Exit codes: 0 done; 1 not done, with the
reason on stderr, a line in Chinese and one in English; 2 the command line is wrong; 130 interrupted. Commands
that only look, or that need what is there already, make no gateway where there is none.
"""

import argparse
import dataclasses
import errno
import gc
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xincai import log, paths
from xincai.errors import Problem, explain
from xincai_gateway import administering, enrolling, offering
from xincai_gateway.commands import Command, Said, add_who, opened, over, port, private
from xincai_gateway.listing import shown

if TYPE_CHECKING:
    from xincai_gateway.gateway import Gateway

PRACTICE_OFFICE = "410499000000"
_TAKEN = {
    "next": "请把 {receipts} 和 {published} 这两个文件一起放回U盘的同一文件夹，不要改名，交还该设备："
    "前者是回执、密钥和时间，后者是发布给它的表单、任务和通知。",
    "next_en": "Put both files, {receipts} and {published}, back on the stick, in one folder and under these "
    "names, for the same device: the first holds receipts, keys and time, the second the forms, tasks and "
    "notices that are published to it.",
}
_TAKEN_ALONE = {
    "next": "请把 {receipts} 放回U盘，交还该设备：其中是回执、密钥和时间。"
    "发布的表单、任务和通知不能随U盘带回，请该设备联网同步。",
    "next_en": "Put {receipts} back on the stick for the same device: it holds receipts, keys and time. The "
    "forms, tasks and notices that are published cannot go by stick; let the device synchronise.",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        said = _run(options)
        if said is not None:
            _tell(said)
    except Problem as problem:
        zh, en = explain(problem, "zh"), explain(problem, "en")
        sys.stderr.write(f"{zh.what}{zh.next}\n{en.what} {en.next}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _tell(said: Said) -> None:
    """Say it to a person or to a program; whoever hears no more ends it in peace."""
    text = shown(said) if sys.stdout.isatty() else json.dumps(said, ensure_ascii=False) + "\n"
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is tried again at the end
        if not isinstance(error, BrokenPipeError):
            raise _trouble(error) from error


def _run(options: argparse.Namespace) -> Said | None:
    """Run a command; a file that cannot be read or written is a Problem with its name."""
    command: Command = options.command
    try:
        return command(options)
    except OSError as error:
        raise _trouble(error) from error


def _trouble(error: OSError) -> Problem:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Problem("gateway.storage_full")
    if not error.filename:
        return Problem("gateway.storage_fault", errno=error.errno or 0)
    return Problem("gateway.file_trouble", file=Path(str(error.filename)).name, errno=error.errno or 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="xincai-gateway", description="信采前置机")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(
        name: str,
        command: Command,
        words: str = "",
        needs: str = "",
        *,
        begins: bool = False,
    ) -> argparse.ArgumentParser:
        """Add a command; one without words is not for people, and is not listed. What `begins` a gateway
        makes one where there is none.
        """
        described = f"{words}。{needs}"
        made = (
            commands.add_parser(name, help=words, description=described)
            if words
            else commands.add_parser(name)
        )
        made.set_defaults(command=command, begins=begins)
        made.add_argument(
            "--data", type=Path, default=paths.data() / "gateway", help="前置机的数据目录；缺省 %(default)s"
        )
        made.add_argument(
            "--db-url",
            default=os.environ.get("DB_URL", ""),
            help="postgresql://用户@主机/库；缺省取环境变量 DB_URL，再缺省为数据目录中的加密库",
        )
        made.add_argument(
            "--blob-url",
            default=os.environ.get("BLOB_URL", ""),
            help="s3://存储桶/前缀?endpoint=https://…；缺省取环境变量 BLOB_URL，再缺省为数据目录",
        )
        made.add_argument("--forms", type=Path, default=paths.forms(), help="随程序的表单目录")
        made.add_argument("--practice", action="store_true", help="演练模式")
        return made

    serving = add("serve", _serve, "启动前置机", "数据目录不在时新建；Ctrl+C 或 SIGTERM 停止。", begins=True)
    serving.add_argument("--host", default="127.0.0.1", help="监听的地址；缺省 %(default)s")
    serving.add_argument("--port", type=port, default=8765, help="端口，0 为任意空闲端口；缺省 %(default)s")
    serving.add_argument("--name", default="", help="前置机名称")
    serving.add_argument("--office", default=PRACTICE_OFFICE, help="演练模式的采集单位代码")
    serving.add_argument("--parent", type=int, default=0, help="演练模式：随此进程结束")
    judging = add("judge", _judge, begins=True)
    judging.add_argument("--diary", required=True)
    for asked in (serving, judging):
        asked.add_argument(
            "--require-authorisation", action="append", default=[], metavar="FORM", help="须附授权书的表单"
        )
    registering = add(
        "register", over(_register), "导入主体登记簿", "需要 CSV 文件，第一行是列名 code、name。", begins=True
    )
    registering.add_argument("action", choices=["import"])
    registering.add_argument("file", type=Path, help="CSV 文件，UTF-8 或 GB 18030")
    add_who(registering)
    taking_form = add(
        "form",
        _form,
        "收下一张表单",
        "需要 XLSForm（.xlsx、.md、.csv）或 XForm（.xml）文件；只收不发。",
        begins=True,
    )
    taking_form.add_argument("action", choices=["add"])
    taking_form.add_argument("file", type=Path, help="表单文件")
    add_who(taking_form)
    listing = add(
        "regions", _regions, "换上本县的乡镇村名单", "需要 CSV 文件，列名 county、code、name。", begins=True
    )
    listing.add_argument("file", type=Path, help="名单文件，与各设备上的相同")
    add_who(listing)
    verifying = add("verify", over(_verify), "核验离线包，不收下", "需要同一批次的全部文件。")
    verifying.add_argument("files", type=Path, nargs="+", metavar="FILE", help="离线包")
    taking = add("take", over(_take), "接收离线包", "需要离线包（可分几个文件、分几次）和回执写在何处。")
    taking.add_argument("files", type=Path, nargs="+", metavar="FILE", help="离线包")
    taking.add_argument("--receipts", type=Path, required=True, help="回执写入此文件，发布的内容写在它旁边")
    fetching = add(
        "blob",
        over(_blob),
        "取出填报件原文或附件，不遮盖",
        "需要文件摘要、单位代码和用途；谁、何时、为何会记录。",
    )
    fetching.add_argument("sm3", help="文件摘要，64 位")
    fetching.add_argument("--office", required=True, help="采集单位代码")
    fetching.add_argument("--purpose", required=True, help="用途，2 至 200 字")
    add_who(fetching)
    fetching.add_argument("--out", type=Path, required=True, help="写入此文件")
    enrolling.add_commands(add)
    offering.add_commands(add)
    administering.add_commands(add)
    add("sweep", over(_sweep), "清理中断的上传、满30天无人需要的文件", "可由定时任务每天运行。", begins=True)
    return parser


def _serve(options: argparse.Namespace) -> None:
    from xincai_gateway.api import create_app
    from xincai_gateway.enrol import issue_code
    from xincai_gateway.server import serve

    options.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    diary = f"diary-{options.port}" if options.port else "diary"
    log.start(options.data, diary)
    with opened(options) as gateway:
        if gateway.identity.practice != options.practice:
            raise Problem("gateway.other_mode", folder=options.data.name)
        ready: dict[str, object] = {"gateway": gateway.identity.gateway, "practice": options.practice}
        if options.practice:
            code = issue_code(gateway.database, options.office, gateway.identity.key_id, practice=True)
            ready |= {"enrol_code": code, "office": options.office}
        try:
            serve(
                create_app(gateway, diary=diary),
                options.host,
                options.port,
                ready=ready,
                closing=gateway.closing,
                with_parent=options.practice,
                parent=options.parent,
            )
        except OSError as error:
            raise Problem("gateway.no_address", host=options.host, port=options.port) from error


def _judge(options: argparse.Namespace) -> None:
    """Judge beside a gateway that serves; it starts this itself (`judges`)."""
    from xincai_gateway.judges import attend

    log.start(options.data, options.diary)
    with opened(options) as gateway, open(0, "rb", closefd=False) as lines:
        gc.collect()
        gc.freeze()  # as where it serves
        attend(gateway, lines)


def _register(gateway: "Gateway", options: argparse.Namespace) -> Said:
    from xincai_gateway import acts
    from xincai_gateway.register import import_file

    subjects = import_file(gateway.database, options.file)
    acts.note(gateway.database, options.who, acts.REGISTER)
    return {"subjects": subjects}


def _form(options: argparse.Namespace) -> Said:
    from xincai.shelf.reading import read_any
    from xincai.xforms import read_form
    from xincai_gateway import acts
    from xincai_gateway.library import FORMS, keep, share

    source = read_any(options.file)
    read_form(source.xml, source.files)
    with opened(options) as gateway:
        gateway.database.write(lambda connection: share(connection, source.xml, source.files))
        acts.note(gateway.database, options.who, acts.FORM, source.card.form_id)
    digest = keep(options.data / FORMS, source.xml, source.files)
    return {"form": source.card.form_id, "version": source.card.version, "sm3": digest}


def _regions(options: argparse.Namespace) -> Said:
    from xincai.shelf import Shelf
    from xincai.shelf.county import adopt, shelf_of
    from xincai_gateway import acts
    from xincai_gateway.library import FORMS, Library

    shipped = Shelf(options.forms)
    with opened(options) as gateway:
        county = adopt(options.file, options.data, shipped)
        acts.note(gateway.database, options.who, acts.REGIONS, county.code)
    library = Library(shelf_of(options.data, shipped), options.data / FORMS, shipped)
    forms = len(library.cards)
    return {"county": county.code, "towns": county.towns, "villages": county.villages, "forms": forms}


def _verify(gateway: "Gateway", options: argparse.Namespace) -> Said:
    from xincai_gateway.sticks import verify

    return dataclasses.asdict(verify(gateway, *options.files))


def _take(gateway: "Gateway", options: argparse.Namespace) -> Said:
    from xincai_gateway.sticks import take

    taken = take(gateway, options.receipts, *options.files)
    words = _TAKEN if taken.published else _TAKEN_ALONE
    facts = dataclasses.asdict(taken)
    return facts | {name: text.format_map(facts) for name, text in words.items()}


def _blob(gateway: "Gateway", options: argparse.Namespace) -> Said:
    from xincai_gateway.accepted import take_file
    from xincai_gateway.accesses import Asking

    asking = Asking(options.who, options.purpose)
    data = take_file(gateway.database, gateway.store, options.office, options.sm3, asking)
    with open(options.out, "wb", opener=private) as file:
        file.write(data)
    return {"bytes": len(data)}


def _sweep(gateway: "Gateway", _: argparse.Namespace) -> Said:
    from xincai_gateway import clearing

    return {"dropped": gateway.blobs.sweep(), "erased": clearing.sweep(gateway)}


if __name__ == "__main__":
    raise SystemExit(main())
