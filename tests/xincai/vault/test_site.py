"""Where a vault should not stand is told at making and at opening."""

from pathlib import Path

import pytest

from xincai.errors import explain
from xincai.vault import site

MOUNTS = """\
/dev/sda2 / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
tmpfs /run/user/1000 tmpfs rw 0 0
//server/share /mnt/局里共享 cifs rw,vers=3.0 0 0
//server/old /mnt/with\\040space smb3 rw 0 0
nas:/export /home/li/nas nfs4 rw 0 0
/dev/sdb1 /home/li/nas/local ext4 rw 0 0
li@host:/data /mnt/far fuse.sshfs rw 0 0
cloud: /mnt/cloud fuse.rclone rw 0 0
/dev/sdc1 /media/stick vfat rw 0 0
/dev/sdd1 /media/ntfs fuseblk rw 0 0
broken
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mounts"
    path.write_text(MOUNTS, "utf-8")
    return path


@pytest.mark.parametrize(
    ("folder", "code"),
    [
        ("/home/li/.local/share/xincai/vault", None),
        ("/media/stick/vault", None),
        ("/media/ntfs/vault", None),
        ("/mnt/局里共享/vault", "vault.on_network"),
        ("/mnt/with space/vault", "vault.on_network"),
        ("/mnt/with", None),
        ("/home/li/nas/vault", "vault.on_network"),
        ("/home/li/nas/local/vault", None),
        ("/home/li/nasty", None),
        ("/mnt/far/vault", "vault.on_network"),
        ("/mnt/cloud/vault", "vault.on_network"),
    ],
)
def test_a_share_of_the_network_is_known_by_its_mount(folder: str, code: str | None, mounts: Path) -> None:
    problem = site.warning(Path(folder), mounts)
    assert (problem.code if problem else None) == code


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        ("C/Users/li/OneDrive/xincai", "OneDrive"),
        ("C/Users/li/OneDrive - 某某县局/xincai", "OneDrive"),
        ("home/li/Nutstore/xincai", "坚果云 Nutstore"),
        ("D/我的坚果云/xincai", "坚果云 Nutstore"),
        ("D/BaiduSyncdisk/xincai", "百度网盘 Baidu"),
        ("home/li/Dropbox/xincai", "Dropbox"),
        ("home/li/Dropbox (Office)/xincai", "Dropbox"),
        ("D/WPS云盘/xincai", "WPS 云盘"),
        ("home/li/xincai", ""),
        ("home/li/onedriver/xincai", ""),
    ],
)
def test_a_synced_folder_is_known_by_its_name(folder: str, service: str, mounts: Path) -> None:
    problem = site.warning(Path("/") / folder, mounts)
    assert (problem.facts["service"] if problem else "") == service
    if problem is not None:
        assert service in explain(problem, "zh").what
        assert service in explain(problem, "en").what


def test_windows_tells_its_synced_folder_by_a_variable(
    tmp_path: Path, mounts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OneDriveCommercial", str(tmp_path / "云上的文件夹"))
    assert site.warning(tmp_path / "云上的文件夹" / "xincai", mounts) is not None
    assert site.warning(tmp_path / "另一个" / "xincai", mounts) is None


def test_a_system_without_a_table_of_mounts_is_not_accused(tmp_path: Path) -> None:
    assert site.warning(tmp_path, tmp_path / "none") is None


def test_the_table_of_this_system_is_read(tmp_path: Path) -> None:
    table = site.MOUNTS.read_text("utf-8").splitlines() if site.MOUNTS.exists() else []
    if "/" not in [line.split()[1] for line in table]:
        pytest.skip("no table of mounts here that knows the root")
    assert site.filesystem(tmp_path.resolve(), table)
