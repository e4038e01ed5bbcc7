"""Where a vault stands: on this computer's own disk, on a share of the network, or in a folder that another
program copies to a cloud.

Rules: a lock does not hold across a network, and a program that syncs files may carry half of a change
away or put an older file back. So such places are named, at making and at opening; nothing is refused.
Nothing is asked of the network: what is mounted where, how folders are called, and the marks that programs
leave in them must do. The names are those the installers use as far as known, compared part by part of the
path; a folder that a person gave another name, and that bears no mark, is not found.
"""

import os
import re
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from xincai.errors import Problem

MOUNTS: Final = Path("/proc/mounts")
_SHARES: Final = frozenset(
    ("cifs", "smb3", "smbfs", "nfs", "nfs4", "ncpfs", "afs", "davfs", "davfs2", "ceph", "glusterfs", "lustre")
)
_FUSE_SHARES: Final = ("fuse.sshfs", "fuse.rclone", "fuse.davfs", "fuse.gvfs", "fuse.smb", "fuse.curlftpfs")
_SERVICES: Final = {
    "OneDrive": "OneDrive",
    "Dropbox": "Dropbox",
    "坚果云 Nutstore": "坚果云 我的坚果云 Nutstore NutstoreFiles",
    "百度网盘 Baidu": """百度网盘 百度网盘同步空间 百度云同步盘 BaiduNetdisk BaiduNetdiskDownload
        BaiduNetdiskWorkspace BaiduSyncdisk""",
    "iCloud": "iCloud iCloudDrive iCloud云盘 com~apple~CloudDocs",
    "Google Drive": "GoogleDrive Google云端硬盘 谷歌云端硬盘 我的云端硬盘 MyDrive",
    "WPS 云盘": "WPS云盘 WPS网盘 WPSDrive WPSCloudFiles",
    "微云": "微云 微云同步助手 腾讯微云 Weiyun",
    "阿里云盘": "阿里云盘 aDrive",
    "天翼云盘": "天翼云盘 天翼云盘同步盘",
    "移动云盘": "移动云盘 中国移动云盘 和彩云 和彩云网盘",
    "360云盘": "360云盘 360安全云盘 360云盘同步版",
    "115": "115 115网盘",
    "夸克网盘": "夸克网盘 QuarkNetdisk",
    "飞书云盘": "飞书云盘 飞书云文档",
    "钉盘": "钉盘",
    "Nextcloud": "Nextcloud ownCloud",
    "Seafile": "Seafile SeaDrive",
    "Syncthing": "Syncthing",
    "MEGA": "MEGA MEGAsync",
    "Box": "Box BoxSync",
    "pCloud": "pCloud pCloudDrive pCloudSync",
    "Synology Drive": "SynologyDrive",
}
_SYNCED: Final = {name.casefold(): service for service, names in _SERVICES.items() for name in names.split()}
"""Folders that a program keeps in step with a cloud, by the names their installers give them, as far as they
are known to us; without spaces, in small letters.
"""
_SYNCED_WITH_WORDS: Final = (
    (re.compile(r"onedrive +[-–—] *\S"), "OneDrive"),  # of an organisation: «OneDrive - 某某局»
    (re.compile(r"dropbox *\("), "Dropbox"),
)
_MARKS: Final = {
    ".dropbox.cache": "Dropbox",
    ".stfolder": "Syncthing",
    ".SynologyWorkingDirectory": "Synology Drive",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "Nextcloud",
    ".megaignore": "MEGA",
    ".tmp.driveupload": "Google Drive",
    ".tmp.drivedownload": "Google Drive",
}
"""What such programs leave in the uppermost folder that they keep in step, whatever it is called."""
_SYNCED_BY_SYSTEM: Final = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
"""Variables of Windows that name such a folder, whatever it is called."""
_REMOTE_DRIVE: Final = 4


def warning(folder: Path, mounts: Path = MOUNTS) -> Problem | None:
    """What speaks against a place for a vault: `vault.on_network`, `vault.in_synced_folder`, or None."""
    place = folder.absolute()
    service = synced_by(place)
    if not service and _is_remote(
        place, mounts
    ):  # before anything is looked for there: a share may not answer
        return Problem("vault.on_network")
    real = _real(place)
    service = service or synced_by(real) or marked_by(real)
    return Problem("vault.in_synced_folder", service=service) if service else None


def synced_by(folder: Path) -> str:
    """The service that keeps this folder in step, by the names on its path; "" if none is known."""
    for name in _SYNCED_BY_SYSTEM:
        root = os.environ.get(name)
        if root and folder.is_relative_to(root):
            return "OneDrive"
    for part in folder.parts:
        plain = unicodedata.normalize("NFKC", part).casefold()
        service = _SYNCED.get("".join(plain.split()))
        if service:
            return service
        for shape, service in _SYNCED_WITH_WORDS:
            if shape.match(plain):
                return service
    return ""


def marked_by(folder: Path) -> str:
    """The service that left its mark in this folder or in one above; "" if there is none."""
    for place in (folder, *folder.parents):
        for name, service in _MARKS.items():
            if os.path.lexists(place / name):
                return service
        if os.path.isfile(place / ".dropbox"):  # noqa: PTH113 - raises nothing; a folder of that name, at home, is the program's own
            return "Dropbox"
    return ""


def filesystem(folder: Path, lines: Iterable[str]) -> str:
    """The kind of file system a folder stands on, by the table of mounts; "" when it tells nothing."""
    best, kind = -1, ""
    for line in lines:
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = Path(fields[1].encode().decode("unicode_escape").encode("latin-1").decode("utf-8", "replace"))
        if folder.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), fields[2]
    return kind


def _is_remote(folder: Path, mounts: Path) -> bool:
    if sys.platform == "win32":
        import ctypes

        drive = folder.drive
        return drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(drive + "\\") == _REMOTE_DRIVE
    try:
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    # as it is written first: to follow a path into a share whose line is cut would wait for ever
    kinds = (filesystem(place(folder), lines) for place in (Path, _real))
    return any(kind in _SHARES or kind.startswith(_FUSE_SHARES) for kind in kinds)


def _real(folder: Path) -> Path:
    try:
        return folder.resolve()
    except (OSError, RuntimeError):
        return folder
