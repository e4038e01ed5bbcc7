"""`xincai verify FILE`: whether a letter is what it says, told without a network.

The file is a PDF, a scan or a photograph. Of a paper from elsewhere its seal is checked against the public
keys given; with `--vault` the vault of this computer is opened and letter, words, record and signature are
checked against what it holds. Ends with 0 when nothing speaks against the paper, with 1 when something does.
"""

import argparse
import getpass
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from xincai.command.form import say
from xincai.errors import Problem, explain
from xincai.wire.suites import PublicKey

if TYPE_CHECKING:
    from xincai.desk import PaperCheck

_WORDS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("seal", "good"): ("二维码的签名有效", "the seal's signature is good"),
    ("wording", "good"): ("文书用的文本是", "the letter's wording is"),
    ("letter", "good"): ("本机存有这份文书", "this computer holds the letter"),
    ("letter", "unknown"): (
        "本机没有这份文书，内容未能核对",
        "this computer does not hold the letter: its words were not checked",
    ),
    ("words", "good"): ("文字与原件逐字相同", "every word is as in the letter kept"),
    ("words", "unknown"): (
        "图片不能逐字比对，请与原件对照",
        "a picture has no words to compare: look at both",
    ),
    ("record", "good"): ("填报件与数据摘要相符", "the record agrees with its digest"),
    ("signature", "good"): (
        "手写签名与签署声明相符（不是可靠的电子签名）",
        "the handwriting agrees with its signed statement (not a reliable electronic signature)",
    ),
    ("signature", "unknown"): (
        "没有屏幕手写签名，以纸面签名为准",
        "nothing was signed on a screen: ink counts",
    ),
}
_MARKS = {"good": "✓", "warn": "!", "bad": "✗", "unknown": "-"}


class Options(argparse.Namespace):
    """What is to be verified, and against what."""

    file: Path
    key: list[Path]
    vault: bool
    data: Path | None
    json: bool


def main(words: list[str], ask: Callable[[], str] | None = None) -> int:
    """Verify a paper; 0 when nothing speaks against it. `ask` gives the passphrase."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a text stream
    try:
        options = _parser().parse_args(words, namespace=Options())
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 2
    try:
        return _verify(options, ask or (lambda: getpass.getpass("口令 Passphrase: ")))
    except Problem as problem:
        say(problem)
        return 1
    except OSError as trouble:
        sys.stderr.write(f"{trouble.filename or ''}: {trouble.strerror or trouble}\n")
        return 1


def _verify(options: Options, ask: Callable[[], str]) -> int:
    from xincai.desk import Desk
    from xincai.desk.checking import check

    data = options.file.read_bytes()
    if options.vault:
        desk = Desk(options.data)
        desk.unlock(ask())
        try:
            found = desk.check_paper(data)
        finally:
            desk.close()
    else:
        keys = [PublicKey.from_pem(path.read_text("ascii", "replace")) for path in options.key]
        found = check(data, {key.key_id: key for key in keys})
    sys.stdout.write(_as_json(found) if options.json else _as_words(found))
    return 0 if found.valid else 1


def _as_json(found: "PaperCheck") -> str:
    seal = found.seal
    told = {
        "valid": found.valid,
        "seal": seal and {
            "number": seal.number, "kind": seal.typ, "form": seal.form, "subject": seal.subject_masked,
            "sm3": seal.sm3, "time": seal.time, "key": seal.key_id,
        },
        "wording": found.wording and {
            "title": found.wording.title, "version": found.wording.version,
            "language": found.wording.language, "sm3": seal.text if seal else "",
        },
        "findings": [
            {"name": each.name, "state": each.state, "problem": each.problem and each.problem.code}
            for each in found.findings
        ],
        "differences": [{"page": each.page, "was": each.was, "now": each.now} for each in found.differences],
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False) + "\n"


def _as_words(found: "PaperCheck") -> str:
    seal = found.seal
    head = f"{seal.number}  {seal.typ}  {seal.subject_masked}  {seal.time}  {seal.key_id}" if seal else ""
    lines = [head] if head else []
    text = found.wording
    for each in found.findings:
        zh, en = _said(each.name, each.state, each.problem)
        if each.name == "wording" and text is not None and seal is not None:
            zh += f"“{text.title}”第 {text.version} 版（摘要 {seal.text}）"
            en += f" “{text.title}”, version {text.version} (digest {seal.text})"
        lines.append(f"{_MARKS[each.state]} {zh}\n  {en}")
    lines += [f"  p.{each.page}  - {each.was}\n        + {each.now}" for each in found.differences]
    return "\n".join(lines) + "\n"


def _said(name: str, state: str, problem: Problem | None) -> tuple[str, str]:
    if problem is not None:
        zh, en = explain(problem, "zh"), explain(problem, "en")
        return f"{zh.what}{zh.next}", f"{en.what} {en.next}"
    return _WORDS[name, state]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="xincai verify", description="离线核验文书。Verify a letter without a network."
    )
    parser.add_argument("file", type=Path, help="PDF、扫描件或照片。A PDF, a scan or a photograph.")
    parser.add_argument(
        "--key", type=Path, action="append", default=[], metavar="KEY.pem",
        help="出具单位的公钥，可以多次给出。A public key of the issuer; may be given again.",
    )  # fmt: skip
    parser.add_argument(
        "--vault", action="store_true",
        help="打开本机的保险库，一并核对原件。Open this computer's vault and check against what it holds.",
    )  # fmt: skip
    parser.add_argument("--data", type=Path, help="数据目录。The data folder; else the person's own.")
    parser.add_argument("--json", action="store_true", help="输出 JSON。Tell it as JSON.")
    return parser
