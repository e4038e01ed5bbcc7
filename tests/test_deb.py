"""The gateway's Debian package: built here, and unpacked, to see that everything is where the unit looks."""

import configparser
import importlib.util
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
FROZEN = ROOT / "dist" / "xincai"

pytestmark = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="dpkg-deb is on Debian only")


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("deb", ROOT / "installer" / "gateway" / "deb.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def package(maker: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the frozen program where there is one; else from a folder with this Python in its place."""
    folder = tmp_path_factory.mktemp("deb")
    program = FROZEN
    if not program.is_dir():
        program = folder / "xincai"
        program.mkdir()
        shutil.copy(Path(sys.executable).resolve(), program / "xincai")
    made: Path = maker.make(program, folder, "none")
    return made


@pytest.fixture(scope="module")
def unpacked(package: Path) -> Path:
    root = package.parent / "root"
    subprocess.run(["dpkg-deb", "--extract", package, root], check=True)
    subprocess.run(["dpkg-deb", "--control", package, root / "DEBIAN"], check=True)
    return root


def field(package: Path, name: str) -> str:
    done = subprocess.run(["dpkg-deb", "-f", package, name], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.mark.parametrize("name", ["xincai-gateway@.service", "xincai-gateway-admin@.service"])
def test_the_units_find_the_program_and_its_settings(unpacked: Path, name: str) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # as configparser documents it
    unit.read(unpacked / "lib/systemd/system" / name, encoding="utf-8")
    program = unit["Service"]["ExecStart"].split()[0]
    assert os.access(unpacked / program[1:], os.X_OK)
    settings = unit["Service"]["EnvironmentFile"].removeprefix("-")
    assert (unpacked / settings[1:]).is_file()
    assert (unpacked / "DEBIAN/conffiles").read_text() == f"{settings}\n"


def test_scripts_can_be_run_and_are_plain_shell(unpacked: Path) -> None:
    scripts = [unpacked / "DEBIAN/postinst", unpacked / "DEBIAN/prerm", unpacked / "usr/bin/xincai-gateway"]
    for script in (*scripts, unpacked / "usr/share/xincai-gateway/verify-bundle.sh"):
        assert os.access(script, os.X_OK), script
        subprocess.run(["sh", "-n", script], check=True)


@pytest.mark.parametrize("sudo", ["chen", ""])
def test_the_command_changes_its_user_and_tells_who_asked(unpacked: Path, tmp_path: Path, sudo: str) -> None:
    (tmp_path / "runuser").write_text('#!/bin/sh\necho "$SUDO_USER" "$@"\n')
    (tmp_path / "runuser").chmod(0o755)
    command = unpacked / "usr/bin/xincai-gateway"
    place = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "SUDO_USER": sudo}
    told = subprocess.run([command, "keys", "list"], env=place, check=True, capture_output=True, text=True)
    who = sudo or subprocess.run(["id", "-un"], check=True, capture_output=True, text=True).stdout.strip()
    assert told.stdout.split() == [who, "-u", "xincai", "--", str(command), "keys", "list"]


def test_nothing_is_writable_by_others_or_belongs_to_the_builder(package: Path, unpacked: Path) -> None:
    for path in unpacked.rglob("*"):
        if not path.is_symlink():
            assert not path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH), path
    listed = subprocess.run(["dpkg-deb", "-c", package], check=True, capture_output=True, text=True)
    assert {line.split()[1] for line in listed.stdout.splitlines()} == {"root/root"}


def test_the_c_library_that_is_asked_for_is_the_one_that_is_needed(
    package: Path, maker: ModuleType, tmp_path: Path
) -> None:
    depends = field(package, "Depends")
    assert depends.startswith("libc6 (>= 2.")
    (tmp_path / "new").write_bytes(b"\x7fELF\0GLIBC_2.17\0GLIBC_2.99\0GLIBC_PRIVATE\0")
    (tmp_path / "text").write_bytes(b"no program\0GLIBC_3.1\0")
    assert maker._glibc(tmp_path) == "2.99"


def test_the_version_is_the_projects(package: Path) -> None:
    assert f'version = "{field(package, "Version")}"' in (ROOT / "pyproject.toml").read_text("utf-8")
