"""The gateway's command line.

    xincai-gateway serve [--host H] [--port P] [--data DIR] [--db-url URL] [--blob-url URL] [--practice]
    xincai-gateway enrol-code --office CODE          a one-time code for one device
    xincai-gateway revoke --office CODE --device ID  shut a device out
    xincai-gateway office list|name|close|reopen [CODE] [--name N] [--contact C]
    xincai-gateway device list|officer [--office CODE --device ID --officer NAME]
    xincai-gateway register import FILE.csv          the platform's register of subjects (columns code, name)
    xincai-gateway form add FILE                     take a form of others (XLSForm or XForm) into the library
    xincai-gateway regions FILE                      the county's list of towns and villages, as desks have it
    xincai-gateway verify FILE.zip...                check a batch on a stick, keep nothing
    xincai-gateway take FILE.zip... --receipts OUT   take a batch from a stick in, and write what goes back:
                                                     its receipts, and OUT-published.zip beside them
    xincai-gateway blob SM3 --office CODE --out F    a submission or attachment as it arrived
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
    xincai-gateway sweep                             drop uploads abandoned for a week

Everything prints one JSON line; trouble goes to stderr in words, with exit code 1.
"""

import argparse
import dataclasses
import gc
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xincai import log, paths
from xincai.errors import Problem, explain
from xincai_gateway import administering, offering

if TYPE_CHECKING:
    from xincai_gateway.gateway import Gateway

PRACTICE_OFFICE = "410499000000"
PRACTICE_NAME = "演练前置机"
Said = Mapping[str, object]
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
    except Problem as problem:
        explanation = explain(problem)
        sys.stderr.write(f"{explanation.what}{explanation.next}\n")
        return 1
    if said is not None:
        sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
    return 0


def _run(options: argparse.Namespace) -> Said | None:
    """Run a command; a file that cannot be read or written is a Problem with its name."""
    command: Callable[[argparse.Namespace], Said | None] = options.command
    try:
        return command(options)
    except OSError as error:
        name = Path(str(error.filename)).name if error.filename else "?"
        raise Problem("gateway.file_trouble", file=name, errno=error.errno or 0) from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="xincai-gateway", description="信采前置机")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(
        name: str, command: Callable[[argparse.Namespace], Said | None], words: str = ""
    ) -> argparse.ArgumentParser:
        """Add a command; one without words is not for people, and is not listed."""
        made = commands.add_parser(name, help=words) if words else commands.add_parser(name)
        made.set_defaults(command=command)
        made.add_argument("--data", type=Path, default=paths.data() / "gateway", help="数据目录")
        made.add_argument(
            "--db-url", default=os.environ.get("DB_URL", ""), help="postgresql://…；缺省为数据目录中的加密库"
        )
        made.add_argument(
            "--blob-url",
            default=os.environ.get("BLOB_URL", ""),
            help="s3://存储桶/前缀?endpoint=https://…；缺省为数据目录",
        )
        made.add_argument("--forms", type=Path, default=paths.forms(), help="表单目录")
        made.add_argument("--practice", action="store_true", help="演练模式")
        return made

    serving = add("serve", _serve, "启动")
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--port", type=administering.port, default=8765, help="0 为任意空闲端口")
    serving.add_argument("--name", default="", help="前置机名称")
    serving.add_argument("--office", default=PRACTICE_OFFICE, help="演练模式的采集单位代码")
    serving.add_argument("--parent", type=int, default=0, help="演练模式：随此进程结束")
    judging = add("judge", _judge)
    judging.add_argument("--diary", required=True)
    for asked in (serving, judging):
        asked.add_argument("--require-authorisation", action="append", default=[], metavar="FORM")
    add("enrol-code", _enrol_code, "签发一次性入网码").add_argument("--office", required=True)
    revoking = add("revoke", _revoke, "停用设备")
    revoking.add_argument("--office", required=True)
    revoking.add_argument("--device", required=True)
    registering = add("register", _register, "导入主体登记簿")
    registering.add_argument("action", choices=["import"])
    registering.add_argument("file", type=Path)
    taking_form = add("form", _form, "收下一张表单")
    taking_form.add_argument("action", choices=["add"])
    taking_form.add_argument("file", type=Path)
    listing = add("regions", _regions, "换上本县的乡镇村名单")
    listing.add_argument("file", type=Path)
    add("verify", _verify, "核验离线包").add_argument("files", type=Path, nargs="+", metavar="FILE")
    taking = add("take", _take, "接收离线包")
    taking.add_argument("files", type=Path, nargs="+", metavar="FILE")
    taking.add_argument("--receipts", type=Path, required=True)
    fetching = add("blob", _blob, "取出原文或附件")
    fetching.add_argument("sm3")
    fetching.add_argument("--office", required=True)
    fetching.add_argument("--out", type=Path, required=True)
    offering.add_commands(add, _open)
    administering.add_commands(add, _open)
    add("sweep", _sweep, "清理中断一周以上的上传")
    return parser


def _open(options: argparse.Namespace) -> "Gateway":
    from xincai_gateway.gateway import Gateway, Settings

    return Gateway.open(
        Settings(
            folder=options.data,
            database_url=options.db_url,
            blob_url=options.blob_url,
            practice=options.practice,
            name=getattr(options, "name", "") or (PRACTICE_NAME if options.practice else ""),
            forms=options.forms,
            authorised_forms=frozenset(getattr(options, "require_authorisation", ())),
        )
    )


def _serve(options: argparse.Namespace) -> None:
    from xincai_gateway.api import create_app
    from xincai_gateway.enrol import issue_code
    from xincai_gateway.server import serve

    options.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    diary = f"diary-{options.port}" if options.port else "diary"
    log.start(options.data, diary)
    gateway = _open(options)
    try:
        if gateway.identity.practice != options.practice:
            raise Problem("gateway.other_mode", folder=options.data.name)
        ready: dict[str, object] = {"gateway": gateway.identity.gateway, "practice": options.practice}
        if options.practice:
            code = issue_code(gateway.database, options.office, gateway.identity.key_id, practice=True)
            ready |= {"enrol_code": code, "office": options.office}
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
    finally:
        gateway.close()


def _judge(options: argparse.Namespace) -> None:
    """Judge beside a gateway that serves; it starts this itself (`judges`)."""
    from xincai_gateway.judges import attend

    log.start(options.data, options.diary)
    gateway = _open(options)
    gc.collect()
    gc.freeze()  # as where it serves
    try:
        with open(0, "rb", closefd=False) as lines:
            attend(gateway, lines)
    finally:
        gateway.close()


def _enrol_code(options: argparse.Namespace) -> Said:
    from xincai_gateway.enrol import issue_code

    gateway = _open(options)
    try:
        code = issue_code(
            gateway.database, options.office, gateway.identity.key_id, practice=options.practice
        )
    finally:
        gateway.close()
    return {"enrol_code": code, "office": options.office}


def _revoke(options: argparse.Namespace) -> Said:
    from xincai_gateway.enrol import revoke

    gateway = _open(options)
    try:
        revoke(gateway.database, options.office, options.device)
    finally:
        gateway.close()
    return {"revoked": options.device}


def _register(options: argparse.Namespace) -> Said:
    from xincai_gateway.register import import_file

    gateway = _open(options)
    try:
        return {"subjects": import_file(gateway.database, options.file)}
    finally:
        gateway.close()


def _form(options: argparse.Namespace) -> Said:
    from xincai.shelf.reading import read_any
    from xincai.xforms import read_form
    from xincai_gateway.library import FORMS, keep

    source = read_any(options.file)
    read_form(source.xml, source.files)
    digest = keep(options.data / FORMS, source.xml, source.files)
    return {"form": source.card.form_id, "version": source.card.version, "sm3": digest}


def _regions(options: argparse.Namespace) -> Said:
    from xincai.shelf import Shelf
    from xincai.shelf.county import adopt, shelf_of
    from xincai_gateway.library import FORMS, Library

    shipped = Shelf(options.forms)
    county = adopt(options.file, options.data, shipped)
    library = Library(shelf_of(options.data, shipped), options.data / FORMS, shipped)
    forms = len(library.cards)
    return {"county": county.code, "towns": county.towns, "villages": county.villages, "forms": forms}


def _verify(options: argparse.Namespace) -> Said:
    from xincai_gateway.sticks import verify

    gateway = _open(options)
    try:
        return dataclasses.asdict(verify(gateway, *options.files))
    finally:
        gateway.close()


def _take(options: argparse.Namespace) -> Said:
    from xincai_gateway.sticks import take

    gateway = _open(options)
    try:
        taken = take(gateway, options.receipts, *options.files)
    finally:
        gateway.close()
    words = _TAKEN if taken.published else _TAKEN_ALONE
    facts = dataclasses.asdict(taken)
    return facts | {name: text.format_map(facts) for name, text in words.items()}


def _blob(options: argparse.Namespace) -> Said:
    gateway = _open(options)
    try:
        data = gateway.store.read(options.office, [options.sm3])[options.sm3]
    finally:
        gateway.close()
    options.out.write_bytes(data)
    return {"bytes": len(data)}


def _sweep(options: argparse.Namespace) -> Said:
    from xincai_gateway import rights

    gateway = _open(options)
    try:
        return {"dropped": gateway.blobs.sweep(), "erased": rights.erase(gateway)}
    finally:
        gateway.close()


if __name__ == "__main__":
    raise SystemExit(main())
