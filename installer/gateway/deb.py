"""Make the gateway's Debian package out of the frozen program.

    .venv/bin/python build/freeze.py DIST
    .venv/bin/python installer/gateway/deb.py DIST/xincai OUT [xz|gzip|none]

xz takes minutes and makes the smallest package. The program goes to /opt/xincai, the gateway's commands to
/usr/bin/xincai-gateway, the units to /lib/systemd/system, settings to /etc/xincai, the check of bundles by
openssl alone to /usr/share/xincai-gateway. The package makes the user `xincai` and starts nothing: the county
decides about ports and the database first.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
POSTINST = """#!/bin/sh
set -e
if [ "$1" = configure ]; then
    getent passwd xincai >/dev/null || \\
        adduser --system --group --home /var/lib/xincai --no-create-home xincai
    install -d -o xincai -g xincai -m 0700 /var/lib/xincai
    chown root:xincai /etc/xincai/gateway.env
    chmod 0640 /etc/xincai/gateway.env
    if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
fi
"""
COMMAND = """#!/bin/sh
# The gateway's commands as the gateway itself runs: its user, its settings, its data.
# Its books name who asked.
set -e
if [ "$(id -un)" != xincai ]; then
    export SUDO_USER="${SUDO_USER:-$(id -un)}"
    exec runuser -u xincai -- "$0" "$@"
fi
set -a
. /etc/xincai/gateway.env
set +a
export XINCAI_HOME=/var/lib/xincai
cd /var/lib/xincai
[ $# -gt 0 ] || exec /opt/xincai/xincai gateway --help
command=$1
shift
exec /opt/xincai/xincai gateway "$command" --data /var/lib/xincai/gateway "$@"
"""
PRERM = """#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then systemctl stop 'xincai-gateway*'; fi
"""


def make(program: Path, out: Path, compression: str = "xz") -> Path:
    """Lay the package out and build it; the package."""
    facts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    architecture = _say("dpkg", "--print-architecture")
    with tempfile.TemporaryDirectory(prefix="xincai-deb-") as place:
        root = Path(place) / "root"
        shutil.copytree(program, root / "opt/xincai", symlinks=True)
        for unit in sorted(HERE.glob("*.service")):
            _copy(unit, root / "lib/systemd/system")
        _copy(HERE / "gateway.env", root / "etc/xincai")
        for name in ("LICENSE", "NOTICE"):
            _copy(ROOT / name, root / "usr/share/doc/xincai-gateway")
        _copy(ROOT / "client/xincai_gateway/RUNNING.md", root / "usr/share/doc/xincai-gateway")
        _copy(ROOT / "client/xincai_gateway/verify-bundle.sh", root / "usr/share/xincai-gateway")
        _script(root / "usr/share/xincai-gateway/verify-bundle.sh")
        _script(root / "usr/bin/xincai-gateway", COMMAND)
        about = {
            "Package": "xincai-gateway",
            "Version": facts["version"],
            "Architecture": architecture,
            "Maintainer": "Xincai <xincai@example.invalid>",
            "Section": "net",
            "Priority": "optional",
            "Depends": f"libc6 (>= {_glibc(program)}), adduser, util-linux",
            "Installed-Size": str(_kilobytes(root)),
            "Description": "Xincai gateway: takes in signed batches of credit records\n"
            " It verifies, keeps and answers with signed receipts, and lays accepted\n"
            " records out in plain tables for the platform to read.",
        }
        control = root / "DEBIAN"
        control.mkdir()
        (control / "control").write_text(
            "".join(f"{name}: {value}\n" for name, value in about.items()), encoding="utf-8"
        )
        (control / "conffiles").write_text("/etc/xincai/gateway.env\n", encoding="utf-8")
        for name, script in (("postinst", POSTINST), ("prerm", PRERM)):
            _script(control / name, script)
        _plain_modes(root)
        out.mkdir(parents=True, exist_ok=True)
        made = out / f"xincai-gateway_{facts['version']}_{architecture}.deb"
        packing = ["dpkg-deb", "--root-owner-group", f"-Z{compression}"]
        subprocess.run([*packing, "--build", str(root), str(made)], check=True)
    return made


def _copy(source: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, folder / source.name)


def _script(path: Path, text: str = "") -> None:
    """A file that can be run, of this text where one is given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if text:
        path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def _glibc(program: Path) -> str:
    """The oldest C library on which everything that was frozen still runs."""
    needed = {(2, 28)}
    for path in program.rglob("*"):
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            if data[:4] == b"\x7fELF":
                found = re.findall(rb"\0GLIBC_(\d+)\.(\d+)", data)
                needed.update((int(major), int(minor)) for major, minor in found)
    return ".".join(map(str, max(needed)))


def _plain_modes(root: Path) -> None:
    """Readable by all, writable by root, whatever the builder's umask was."""
    root.chmod(0o755)
    for path in root.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def _kilobytes(root: Path) -> int:
    return sum(path.lstat().st_size for path in root.rglob("*") if path.is_file()) // 1024


def _say(*command: str) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


if __name__ == "__main__":
    print(make(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]))
