"""The commands about who may deliver and whom devices trust: enrolment codes, revoking, the signing keys."""

import argparse
import errno
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from xincai.errors import Problem
from xincai_gateway.commands import Add, Said, add_who, opened, over, private

if TYPE_CHECKING:
    from xincai.wire.keys import KeyList
    from xincai_gateway.gateway import Gateway

_ROOM = 256 * 1024
"""What a slip needs on its disk, with plenty to spare."""
_ON = (
    "本机各进程随即改用新密钥，不必重启；前置机在几台机器上的，请马上把 identity.json 复制到其余各台。"
    "请重新备份它。"
)
_ON_EN = (
    "All processes on this machine use the new key from now on, without a restart; where the gateway has "
    "several machines, copy identity.json to the others at once. Back it up again. "
)
_ROTATED = {
    "next": _ON + "未用的登记码仍然有效。",
    "next_en": _ON_EN + "Unused enrolment codes stay good.",
}
_REVOKED = {
    "next": _ON + "未用的登记码作废 {voided} 个，请重新签发。设备还没取走的回执会用新密钥重新签名。",
    "next_en": _ON_EN + "Unused enrolment codes that are void now: {voided}; issue new ones. "
    "Receipts that devices have not fetched yet are signed again with the new key.",
}


def add_commands(add: Add) -> None:
    """Add them to the command line."""
    code = add(
        "enrol-code", over(_code), "签发一次性登记码", "需要单位代码；七天内一台设备可用。", begins=True
    )
    code.add_argument("--office", required=True, help="采集单位代码，6 至 32 位数字或大写字母")
    code.add_argument("--address", default="", help="设备访问前置机的网址，写在登记单上；缺省为上一次写的")
    code.add_argument("--slip", type=Path, help="登记单写入此文件（HTML，带二维码），用浏览器打开打印")
    code.add_argument("--file", type=Path, help="登记文件写入此文件，放在U盘上")
    code.add_argument("--language", choices=["zh", "en"], default="zh", help="登记单的语言")
    add_who(code)
    revoking = add("revoke", over(_revoke), "停用设备", "需要单位代码和设备编号，device list 可查。")
    revoking.add_argument("--office", required=True, help="采集单位代码")
    revoking.add_argument("--device", required=True, help="设备编号")
    add_who(revoking)
    keys = add("keys", _keys, "签名密钥", "新密钥随即启用，不必重启。")
    keys.add_argument(
        "action", choices=["list", "rotate", "revoke"], help="列出；换新，旧的仍可核验；换新，旧的作废"
    )
    add_who(keys)


def _code(gateway: "Gateway", options: argparse.Namespace) -> Said:
    from xincai.wire.slip import encode_slip
    from xincai_gateway import acts, slips
    from xincai_gateway.admin.pages import printed_slip

    with ExitStack() as stack:
        page, line = (
            None if path is None else stack.enter_context(_kept(path))
            for path in (options.slip, options.file)
        )  # before the code is issued, which nobody would see else
        slip = slips.issue(gateway, options.office, options.address)
        acts.note(gateway.database, options.who, acts.CODE, office=slip.office)
        text = encode_slip(slip)
        if page is not None:
            _replace(page, printed_slip(options.language, gateway, slip))
        if line is not None:
            _replace(line, text)
    told = {"enrol_code": slip.code, "office": slip.office, "expires": slip.expires}
    return {**told, "address": slip.address, "text": text}


@contextmanager
def _kept(path: Path) -> Iterator[TextIO]:
    """A file that can be written anew and has room; what it holds stays until then."""
    with open(path, "a", encoding="utf-8", opener=private) as file:
        try:
            file.truncate()
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(path)) from error
        if shutil.disk_usage(path).free < _ROOM:
            raise Problem("gateway.file_trouble", file=path.name, errno=errno.ENOSPC)
        yield file


def _replace(file: TextIO, text: str) -> None:
    file.truncate(0)
    file.write(text)


def _revoke(gateway: "Gateway", options: argparse.Namespace) -> Said:
    from xincai_gateway import acts
    from xincai_gateway.enrol import revoke

    if revoke(gateway.database, options.office, options.device, options.who):
        acts.note(gateway.database, options.who, acts.REVOKE, options.device, options.office)
    return {"revoked": options.device}


def _keys(options: argparse.Namespace) -> Said:
    from xincai.wire.keys import decode_key_list
    from xincai.wire.suites import PublicKey
    from xincai_gateway import acts, identity

    identity.expect(options.data)
    more: dict[str, object] = {}
    if options.action == "list":
        keys = decode_key_list(identity.load(options.data, practice=options.practice).keys.data)
    elif options.action == "rotate":
        with opened(options) as gateway:
            keys = identity.rotate(options.data)
            acts.note(gateway.database, options.who, acts.ROTATE)
        more = {**_ROTATED}
    else:
        with opened(options) as gateway:
            keys, voided = _revoke_key(gateway)
            acts.note(gateway.database, options.who, acts.REVOKE_KEY)
        more = {"voided": voided, **{name: words.format(voided=voided) for name, words in _REVOKED.items()}}
    listed = [
        {"key": PublicKey.from_pem(key.pem).key_id, "use": key.use, "status": key.status} for key in keys.keys
    ]
    return {"gateway": keys.gateway, "version": keys.version, "keys": listed, **more}


def _revoke_key(gateway: "Gateway") -> "tuple[KeyList, int]":
    """Revoke the key in use and make the codes void that name it; the list, and how many they were."""
    from xincai_gateway import enrol, identity

    voided = enrol.void_codes(gateway.database)
    return identity.rotate(gateway.settings.folder, revoke=True), voided
