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
        ("D/ＷＰＳ 云盘/xincai", "WPS 云盘"),
        ("C/Users/li/OneDrive – 某某县局/xincai", "OneDrive"),
        ("home/li/Dropbox（Office）/xincai", "Dropbox"),
        ("home/li/xincai", ""),
        ("home/li/onedriver/xincai", ""),
        ("home/li/onedrive-notes/xincai", ""),
        ("home/li/boxes/xincai", ""),
        ("home/li/mega-county/xincai", ""),
        ("home/li/1150/xincai", ""),
        ("home/li/百度网盘使用说明/xincai", ""),
    ],
)
def test_a_synced_folder_is_known_by_its_name(folder: str, service: str, mounts: Path) -> None:
    problem = site.warning(Path("/") / folder, mounts)
    assert (problem.facts["service"] if problem else "") == service
    if problem is not None:
        assert service in explain(problem, "zh").what
        assert service in explain(problem, "en").what


@pytest.mark.parametrize(
    "name",
    [
        *("百度网盘", "BaiduNetdisk", "BaiduNetdiskDownload", "百度网盘同步空间", "BaiduSyncdisk"),
        *("微云", "微云同步助手", "Weiyun", "WPS网盘", "WPSDrive", "WPS 云盘", "阿里云盘", "aDrive"),
        *("天翼云盘", "和彩云", "移动云盘", "坚果云", "Nutstore", "Google 云端硬盘", "Google Drive"),
        *("Seafile", "Syncthing", "MEGA", "Box", "pCloud", "pCloud Drive", "Dropbox", "iCloud", "OneDrive"),
        *("360云盘", "115", "夸克网盘", "飞书云盘", "My Drive", "WPS Cloud Files", "腾讯微云", "我的坚果云"),
    ],
)
def test_the_folders_of_the_clouds_in_use_are_known(name: str) -> None:
    for written in (name, name.upper(), name.lower(), f"{name[:2]} {name[2:]}"):
        assert site.synced_by(Path("/home/li") / written / "xincai" / "vault"), written
    assert not site.synced_by(Path("/home/li") / f"{name}的说明" / "xincai" / "vault")


@pytest.mark.parametrize(
    ("mark", "service"),
    [(".stfolder/", "Syncthing"), (".dropbox", "Dropbox"), (".dropbox.cache/", "Dropbox")],
)
def test_a_synced_folder_is_known_by_the_mark_in_it(
    tmp_path: Path, mounts: Path, mark: str, service: str
) -> None:
    folder = tmp_path / "共享" / "办公"
    folder.mkdir(parents=True)
    (tmp_path / "desktop.ini").write_text("[.ShellClassInfo]")
    (folder / ".dropbox").mkdir()
    assert site.warning(folder / "vault", mounts) is None, "Dropbox's own folder at home is no mark"
    path = tmp_path / "共享" / mark
    path.mkdir() if mark.endswith("/") else path.write_bytes(b"")
    problem = site.warning(folder / "vault", mounts)
    assert problem is not None
    assert problem.facts["service"] == service


def test_a_link_into_a_synced_folder_is_followed(tmp_path: Path, mounts: Path) -> None:
    (tmp_path / "Nutstore").mkdir()
    (tmp_path / "资料").symlink_to(tmp_path / "Nutstore")
    problem = site.warning(tmp_path / "资料" / "vault", mounts)
    assert problem is not None
    assert problem.code == "vault.in_synced_folder"


def test_nothing_is_looked_for_on_a_share(mounts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may not answer."""

    def wait(folder: Path) -> str:
        raise AssertionError(folder)

    monkeypatch.setattr(site, "marked_by", wait)
    problem = site.warning(Path("/home/li/nas/vault"), mounts)
    assert problem is not None
    assert problem.code == "vault.on_network"


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
