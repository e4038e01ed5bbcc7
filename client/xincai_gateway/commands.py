"""What the administrator's commands share: how one is added, the gateway it works over, what people type."""

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from xincai_gateway.gateway import Gateway

Said = Mapping[str, object]
"""What a command tells: one JSON object."""
Command = Callable[[argparse.Namespace], Said | None]
_PRACTICE_NAME = "演练前置机"
_LONGEST_PERSON = 40


class Add(Protocol):
    """How the command line takes a command in; what `begins` a gateway makes one where there is none."""

    def __call__(
        self, name: str, command: Command, words: str = "", needs: str = "", *, begins: bool = False
    ) -> argparse.ArgumentParser: ...


@contextmanager
def opened(options: argparse.Namespace) -> "Iterator[Gateway]":
    """The gateway that the options name.

    Raises:
        Problem: `gateway.none_here` where there is none and the command begins none.

    """
    from xincai_gateway.gateway import Gateway, Settings
    from xincai_gateway.identity import expect

    if not options.begins or getattr(options, "action", "") in {"list", "remove"}:
        expect(options.data)
    gateway = Gateway.open(
        Settings(
            folder=options.data,
            database_url=options.db_url,
            blob_url=options.blob_url,
            practice=options.practice,
            name=getattr(options, "name", "") or (_PRACTICE_NAME if options.practice else ""),
            forms=options.forms,
            authorised_forms=frozenset(getattr(options, "require_authorisation", ())),
        )
    )
    try:
        yield gateway
    finally:
        gateway.close()


def over(work: "Callable[[Gateway, argparse.Namespace], Said | None]") -> Command:
    """The command that does this work over the gateway that the options name."""

    def command(options: argparse.Namespace) -> Said | None:
        with opened(options) as gateway:
            return work(gateway, options)

    return command


def _this_user() -> str:
    """Who works at the command line, also behind sudo; the number where the system has no name for it."""
    try:
        name = os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError, ImportError):  # the last on Windows
        return str(os.getuid()) if sys.platform != "win32" else "?"
    shown = "".join(letter if letter.isprintable() else "?" for letter in name).strip()
    return shown[:_LONGEST_PERSON] or "?"


def _person(text: str) -> str:
    """Whose name goes into the books, as it was typed."""
    name = text.replace("\u3000", " ").strip()
    if not 1 <= len(name) <= _LONGEST_PERSON:
        raise argparse.ArgumentTypeError(f"1–{_LONGEST_PERSON} 字")
    if not name.isprintable():
        raise argparse.ArgumentTypeError("不能有换行等控制字符")
    return name


def port(text: str) -> int:
    """A port as it was typed."""
    number = int(text)
    if not 0 <= number < 65_536:
        raise ValueError(text)
    return number


def add_who(parser: argparse.ArgumentParser) -> None:
    """Take who does it, for the books."""
    parser.add_argument("--who", type=_person, default=_this_user(), help="办理人；缺省 %(default)s")


def private(path: str, flags: int) -> int:
    """Open a file that is for one person alone."""
    return os.open(path, flags, 0o600)
