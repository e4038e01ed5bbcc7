"""`xincai form ...`: which word starts what.

Each part is a module with `main(options) -> int`, brought in only when its word is said, so that a server
starts as fast as the engine alone.
"""

import argparse
import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, cast

from xincai.errors import Problem

_ABOUT = "表单工具。Tools for forms."


class Options(argparse.Namespace):
    """What was asked for; each part reads what is its own."""

    part: str
    property: list[str]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong in both languages and end with 2."""
        self.print_usage(sys.stderr)
        sys.stderr.write(f"无法识别的命令或参数，用 --help 查看用法。\n{self.prog}: {message}; see --help.\n")
        sys.exit(2)


def main(words: list[str]) -> int:
    """Run `xincai form WORDS`; the exit code."""
    _speak_utf8()
    try:
        options = _parser().parse_args(words, namespace=Options())
        part = importlib.import_module(f"xincai.command.{options.part}")
        return cast("Callable[[Options], int]", part.main)(options)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 2
    except Problem as problem:
        say(problem)
        return 1
    except OSError as trouble:
        sys.stderr.write(f"{trouble.filename or ''}: {trouble.strerror or trouble}\n")
        return 1


def say(problem: Problem) -> None:
    """A problem's words on stderr: Chinese, then English."""
    from xincai.errors import explain

    for language in ("zh", "en"):
        told = explain(problem, language)
        sys.stderr.write(f"{told.what} {told.next}\n")


def properties_of(options: Options) -> dict[str, str]:
    """The properties given as NAME=VALUE."""
    return {name: value for name, _, value in (pair.partition("=") for pair in options.property)}


def _properties(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--property", action="append", default=[], metavar="NAME=VALUE",
        help="设备属性，如 deviceid=dev-1。A property that preloads read.",
    )  # fmt: skip


def _speak_utf8() -> None:
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="xincai form", description=_ABOUT)
    parts = parser.add_subparsers(dest="part", required=True, metavar="serve|run|check|export|import|regions")
    _serve(parts)
    _run(parts)
    _check(parts)
    _export(parts)
    _import(parts)
    _regions(parts)
    return parser


def _serve(parts: "argparse._SubParsersAction[_Parser]") -> None:
    parser = parts.add_parser(
        "serve",
        help="按行收发 JSON 操作。Operations as JSON lines on stdin and stdout.",
        description="每行一个 JSON 操作，每行一个答复。One JSON operation a line in, one reply a line out.",
    )
    _properties(parser)


def _run(parts: "argparse._SubParsersAction[_Parser]") -> None:
    parser = parts.add_parser(
        "run",
        help="用答案文件填写一份表单。Fill a form from a file of answers.",
        description="用答案文件填写表单，写出提交 XML。Fill a form from a file and write its submission.",
    )
    parser.add_argument(
        "form",
        help="表单：.xml、.md、.xlsx、.csv 文件或已有表单的编号。The form: a file, or an id on the shelf.",
    )
    parser.add_argument("--answers", type=Path, required=True, help="答案 (JSON)。Answers as JSON.")
    parser.add_argument("--lang", help="语言。Language of messages and labels.")
    parser.add_argument("--out", type=Path, help="写到此文件，缺省为标准输出。Where to write; else stdout.")
    parser.add_argument(
        "--draft", action="store_true", help="未完成也写出草稿。Write a draft even when it is not finished."
    )
    _properties(parser)


def _check(parts: "argparse._SubParsersAction[_Parser]") -> None:
    parser = parts.add_parser(
        "check",
        help="检查表单并指出问题所在的行列。Check forms; tell mistakes by row and column.",
        description="检查 XLSForm 或 XForm。Check XLSForms (.md, .xlsx, .csv) or XForms (.xml).",
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="表单文件。Form files.")
    parser.add_argument("--lang", choices=("zh", "en"), help="说明的语言。Language of the words.")
    parser.add_argument("--json", action="store_true", help="每张表单一行 JSON。One JSON line a form.")
    parser.add_argument("--into", type=Path, help="写出转换好的表单。Write the form made ready.")


def _export(parts: "argparse._SubParsersAction[_Parser]") -> None:
    parser = parts.add_parser(
        "export", help="把表单写成 Excel。Write a form as Excel.", description="写成 Excel。Write as Excel."
    )
    parser.set_defaults(part="sheets", way="export")
    parser.add_argument("form", type=Path, help="表单文件或编号。A form's file or id.")
    parser.add_argument("--to", type=Path, required=True, metavar="X.xlsx", help="写到哪里。Where to write.")
    parser.add_argument(
        "--keep", action="store_true", help="保留题块、规则等简写。Keep blocks, rules and lists as they are."
    )


def _import(parts: "argparse._SubParsersAction[_Parser]") -> None:
    parser = parts.add_parser(
        "import",
        help="把 Excel 表单写成 Markdown。Write an Excel form as Markdown.",
        description="写成 Markdown。Write as Markdown.",
    )
    parser.set_defaults(part="sheets", way="import", keep=True)
    parser.add_argument("form", type=Path, metavar="X.xlsx", help="表单文件。The form's file.")
    parser.add_argument("--to", type=Path, required=True, metavar="X.md", help="写到哪里。Where to write.")


def _regions(parts: "argparse._SubParsersAction[_Parser]") -> None:
    parser = parts.add_parser(
        "regions",
        help="换上本县的乡镇村名单。Take a county's own list of towns and villages.",
        description="表单改用本县的乡镇村名单。Forms offer the county's own towns and villages.",
    )
    parser.add_argument(
        "file",
        type=Path,
        help="CSV 或 Excel，列名 county、code、name、english。CSV or Excel with these columns.",
    )
    parser.add_argument("--data", type=Path, help="数据目录。The data folder; else the person's own.")
