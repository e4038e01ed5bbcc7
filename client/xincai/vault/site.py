"""Where a vault stands: on this computer's own disk, on a share of the network, or in a folder that another
program copies to a cloud.

Rules: a lock does not hold across a network, and a program that syncs files may carry half of a change
away or put an older file back. So such places are named, at making and at opening; nothing is refused.
Nothing is asked of the network: what is mounted where, and how folders are called, must do.
"""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from xincai.errors import Problem

MOUNTS: Final = Path("/proc/mounts")
_SHARES: Final = frozenset(
    ("cifs", "smb3", "smbfs", "nfs", "nfs4", "ncpfs", "afs", "davfs", "davfs2", "ceph", "glusterfs", "lustre")
)
_FUSE_SHARES: Final = ("fuse.sshfs", "fuse.rclone", "fuse.davfs", "fuse.gvfs", "fuse.smb", "fuse.curlftpfs")
_SYNCED: Final = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "坚果云": "坚果云 Nutstore",
    "我的坚果云": "坚果云 Nutstore",
    "nutstore": "坚果云 Nutstore",
    "nutstore files": "坚果云 Nutstore",
    "baidusyncdisk": "百度网盘 Baidu",
    "baidunetdiskworkspace": "百度网盘 Baidu",
    "百度网盘同步空间": "百度网盘 Baidu",
    "icloud drive": "iCloud",
    "iclouddrive": "iCloud",
    "google drive": "Google Drive",
    "wps云盘": "WPS 云盘",
    "腾讯微云": "微云",
    "nextcloud": "Nextcloud",
}
"""Folders that a program keeps in step with a cloud, by the names those programs give them."""
_SYNCED_BY_SYSTEM: Final = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
"""Variables of Windows that name such a folder, whatever it is called."""
_REMOTE_DRIVE: Final = 4


def warning(folder: Path, mounts: Path = MOUNTS) -> Problem | None:
    """What speaks against a place for a vault: `vault.on_network`, `vault.in_synced_folder`, or None."""
    place = folder.absolute()
    service = synced_by(place)
    if service:
        return Problem("vault.in_synced_folder", service=service)
    if _is_remote(place, mounts):
        return Problem("vault.on_network")
    return None


def synced_by(folder: Path) -> str:
    """The service that keeps this folder in step, "" if none is known."""
    for name in _SYNCED_BY_SYSTEM:
        root = os.environ.get(name)
        if root and folder.is_relative_to(root):
            return "OneDrive"
    for part in folder.parts:
        plain = part.casefold()
        if plain in _SYNCED:
            return _SYNCED[plain]
        if plain.startswith("onedrive - "):  # of an organisation: «OneDrive - 某某局»
            return "OneDrive"
        if plain.startswith("dropbox ("):
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
