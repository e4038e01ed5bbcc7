"""A private PostgreSQL for tests: started in a temporary folder, as a user that is not root, gone afterwards.

`XINCAI_TEST_DB_URL` names a server to use instead. Where neither can be had, `start` raises Unavailable,
and the tests that ask for PostgreSQL skip with its message.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

_SERVICE_USERS = ("postgres", "nobody")
_INSTALLED = Path("/usr/lib/postgresql")
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=16MB")


class Unavailable(Exception):  # noqa: N818 - a fact, not a failure
    """There is no PostgreSQL here."""


@dataclass
class Postgres:
    """A server on which each test gets a database of its own."""

    url: str
    made: int = 0

    def database(self) -> str:
        """The URL of a fresh, empty database."""
        self.made += 1
        name = f"xincai_{os.getpid()}_{self.made}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
            connection.execute(f'CREATE DATABASE "{name}"')
        return f"{self.url.rpartition('/')[0]}/{name}"

    def drop_lines(self, url: str) -> None:
        """End all connections to a database, as a failing server does."""
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(end, [url.rpartition("/")[2]])


@contextlib.contextmanager
def start(*, fast: bool = True) -> Iterator[Postgres]:
    """A server for as long as the context lasts, where `fast` one that waits for no disk; raises
    Unavailable.
    """
    given = os.environ.get("XINCAI_TEST_DB_URL")
    if given:
        yield Postgres(given)
        return
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="xincai-pg-"))
    try:
        user = _user(folder)
        _run(
            user,
            [
                programs / "initdb",
                "-D",
                folder / "data",
                "-U",
                "xincai",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-locale",
                "--no-sync",
            ],
        )
        port = _free_port()
        options = " ".join(
            [f"-p {port} -k {folder} -h 127.0.0.1", *(f"-c {option}" for option in _FAST if fast)]
        )
        control: list[Path | str] = [programs / "pg_ctl", "-D", folder / "data", "-w", "-t", "30"]
        _run(user, [*control, "-l", folder / "log", "-o", options, "start"])
        try:
            yield Postgres(f"postgresql://xincai@127.0.0.1:{port}/postgres")
        finally:
            _run(user, [*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    on_path = shutil.which("initdb")
    found = [Path(on_path)] if on_path else []
    found += sorted(_INSTALLED.glob("*/bin/initdb"), reverse=True)
    if not found:
        raise Unavailable("PostgreSQL is not installed: initdb was not found")
    return found[0].parent


def _user(folder: Path) -> str:
    """Who runs the server: the present user, or a service user when that is root; owns the folder."""
    if sys.platform == "win32":
        raise Unavailable("a private PostgreSQL is started on Linux only")
    import pwd

    if os.geteuid() != 0:
        return ""
    for name in _SERVICE_USERS:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
            return name
    raise Unavailable("PostgreSQL does not run as root, and there is no service user")


def _run(user: str, command: "list[Path | str]") -> None:
    words = [str(word) for word in command]
    if user:
        if shutil.which("runuser") is None:
            raise Unavailable("PostgreSQL does not run as root, and runuser is missing")
        words = ["runuser", "-u", user, "--", *words]
    done = subprocess.run(
        words,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd="/",
    )
    if done.returncode != 0:
        raise Unavailable(f"{words[-1]}: {done.stdout.decode(errors='replace')[-500:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
