"""Set this checkout up, from nothing but git, make and python3.

    python3 build/setup.py [--tests]

Idempotent and quick when all is there. In this order: the Python version; the system's libraries and programs
(installed with apt where root or sudo may be used, else named); the environment in .venv from the hashed
list build/requirements.txt; the package itself; the built forms and translations. `--tests` also asks for
what only the test suite needs.
"""

import argparse
import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
REQUIREMENTS = ROOT / "build" / "requirements.txt"
STAMP = VENV / "setup-stamp"
OLDEST = (3, 11)


@dataclass(frozen=True)
class Need:
    """Something of the system: how to see that it is there, and the Debian/Ubuntu package that brings it."""

    probe: str
    package: str
    kind: str = "library"

    def met(self) -> bool:
        if self.kind == "program":
            return shutil.which(self.probe) is not None
        if self.kind == "module":
            trial = [sys.executable, "-c", f"import {self.probe}"]
            return subprocess.run(trial, check=False, capture_output=True).returncode == 0
        if self.kind == "path":
            return any(Path("/").glob(self.probe))
        try:
            ctypes.CDLL(self.probe)
        except OSError:
            return False
        return True


RUN = [
    Need("ensurepip", "python3-venv", "module"),
    Need("etc/ssl/certs/ca-certificates.crt", "ca-certificates", "path"),
    Need("openssl", "openssl", "program"),
    Need("libEGL.so.1", "libegl1"),
    Need("libGL.so.1", "libgl1"),
    Need("libglib-2.0.so.0", "libglib2.0-0"),
    Need("libfontconfig.so.1", "libfontconfig1"),
    Need("libdbus-1.so.3", "libdbus-1-3"),
    Need("libxkbcommon.so.0", "libxkbcommon0"),
    Need("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    Need("libxcb-cursor.so.0", "libxcb-cursor0"),
    Need("libxcb-icccm.so.4", "libxcb-icccm4"),
    Need("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    Need("libxcb-shape.so.0", "libxcb-shape0"),
    Need("libX11-xcb.so.1", "libx11-xcb1"),
]
TEST = [
    Need("java", "default-jre-headless", "program"),
    Need("pdftotext", "poppler-utils", "program"),
    Need("gcc", "gcc", "program"),
    Need("usr/include/stdio.h", "libc6-dev", "path"),
    Need("usr/lib/postgresql/*/bin/initdb", "postgresql", "path"),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tests", action="store_true", help="also what only the test suite needs")
    options = parser.parse_args()
    if sys.version_info < OLDEST:
        sys.exit(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}.")
    if sys.platform.startswith("linux"):
        provide(RUN + TEST if options.tests else RUN)
    environment()
    compiled()
    make("forms", ROOT / "forms", "*.md", "*.txt", "blocks/*.md", "lists/*.csv", "rules.json")
    make("i18n", ROOT / "resources" / "i18n", "*.ts")


def compiled() -> None:
    """Byte code of the program beside its sources, so that a command starts at once."""
    subprocess.run([PYTHON, "-m", "compileall", "-q", ROOT / "client"], check=True)


def provide(needs: list[Need]) -> None:
    """Install what is missing of the system, or say what is."""
    missing = [need.package for need in needs if not need.met()]
    if "python3-venv" in missing and not in_debian():
        missing.remove("python3-venv")
    elif "python3-venv" in missing:
        missing[missing.index("python3-venv")] = f"python3.{sys.version_info.minor}-venv"
    if not missing:
        return
    apt = shutil.which("apt-get")
    prefix = administrator()
    names = " ".join(missing)
    if apt is None or prefix is None:
        sys.exit(
            f"These system packages are missing, and this account may not install them:\n\n    {names}\n\n"
            f"Ask an administrator to run:  apt-get install {names}\nThen run the same command again."
        )
    say(f"installing system packages: {names}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run([*prefix, apt, "update", "-qq"], env=quiet)
    run([*prefix, apt, "install", "-y", "-qq", "--no-install-recommends", *missing], env=quiet)


def in_debian() -> bool:
    return Path("/etc/debian_version").exists()


def administrator() -> list[str] | None:
    """How to become administrator here: [] as root, sudo where it works, None otherwise."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    ask = [] if sys.stdin.isatty() else ["-n"]
    allowed = subprocess.run([sudo, *ask, "true"], check=False, stderr=subprocess.DEVNULL).returncode == 0
    return [sudo, *ask, "env", "DEBIAN_FRONTEND=noninteractive"] if allowed else None


def environment() -> None:
    """Make .venv hold exactly what the hashed list names, and this package."""
    digest = hashlib.sha256()
    for source in (REQUIREMENTS, ROOT / "pyproject.toml"):
        digest.update(source.read_bytes())
    digest.update(sys.version.encode() + str(ROOT).encode())
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == digest.hexdigest():
        return
    say("making the environment in .venv (the first time this takes a minute or two)")
    run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    run([*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(REQUIREMENTS)])
    run([*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    STAMP.write_text(digest.hexdigest())


def make(what: str, folder: Path, *patterns: str) -> None:
    """Build forms or translations when their sources have changed."""
    sources = [
        ROOT / "build" / f"{what}.py",
        *(f for pattern in patterns for f in sorted(folder.glob(pattern))),
    ]
    if what == "forms":
        sources += sorted((ROOT / "client" / "xincai" / "shelf").glob("*.py"))
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.name.encode() + source.read_bytes())
    stamp = VENV / f"{what}-stamp"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    say(f"building {what}")
    run([str(PYTHON), str(ROOT / "build" / f"{what}.py")])
    stamp.write_text(digest.hexdigest())


def run(command: list[str], env: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=ROOT, env=env, check=False)
    if done.returncode:
        sys.exit(f"set-up stopped: {' '.join(command[:6])} … ended with {done.returncode}")


def say(text: str) -> None:
    print(f"set-up: {text}", flush=True)


if __name__ == "__main__":
    main()
