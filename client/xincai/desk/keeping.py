"""How a person looks after the vault: backs it up, restores it, lets what has arrived be erased.

Rules: a reminder is a reminder, nothing is locked for the lack of a backup. Erasing is on after 30 days for
who collects for others and off for who files for themselves; it waits while this computer's clock is known to
be wrong. Restoring makes a vault only where no vault's file is.
"""

import datetime
from collections.abc import Callable
from pathlib import Path

from xincai import clock
from xincai.desk.part import Part
from xincai.desk.rights import rights_of
from xincai.desk.views import Leaving, RecordCard, RecordDetail, Restored, Saving, Upkeep
from xincai.errors import Problem
from xincai.records import KINDS, Subject
from xincai.sync.trust import clock_state
from xincai.vault import Vault, ballast, site
from xincai.vault.backup import read_backup
from xincai.vault.restore import clear_staging, has_file, is_waiting, moved_aside, restore
from xincai.vault.retention import Confirmed, Erasure

VAULT = "vault"
_REMIND, _ERASE = "backup-remind-days", "retention-days"
_WEEK, _MONTH = 7, 30
_DAY = datetime.timedelta(days=1)
_LIGHT = 1 << 16
"""Bytes of ballast of a vault that tests alone make."""
_BEFORE = 7
"""Days before its erasing that a record stands on the list."""


class Keeping(Part):
    """The part of the desk that looks after the vault."""

    # --- what is to be looked after
    def upkeep(self) -> Upkeep:
        """How the vault is looked after."""
        vault, now = self._vault, clock.now()
        last, remind, erase = vault.last_backup(), self._days(_REMIND, _WEEK), self._erase_after()
        since = last or vault.events(1)[0].at
        days = (now - since) // _DAY
        counts = vault.counts()
        worth = counts.records + counts.drafts > 0
        listed = vault.announce(now, erase) if erase and vault.writable else ()
        reads = "read" in rights_of(vault.me().roles)
        return Upkeep(
            last_backup=last,
            days_since_backup=max(days, 0),
            remind_after=remind,
            backup_due=bool(remind) and worth and not 0 <= days < remind,
            erase_after=erase,
            leaving=tuple(self._leaving(each, erase, named=reads) for each in listed),
            place=site.warning(vault.folder),
            read_only=vault.read_only,
            scarce=not vault.read_only and ballast.is_scarce(vault.folder),
        )

    def tidy(self) -> int:
        """What is done quietly after opening: what a cut restoring left is taken away, ballast is taken on,
        what is due is erased; how many were erased.
        """
        vault, days = self._vault, self._erase_after()
        clear_staging(vault.folder)
        if not vault.writable:
            return 0
        ballast.load(vault.folder, _LIGHT if vault.for_tests else ballast.SIZE)
        if not days or clock_state(vault) == "wrong":
            return 0
        return len(vault.erase_due(clock.now(), days))

    def place_warning(self) -> Problem | None:
        """What speaks against the place where the vault stands or will stand; before opening too."""
        return site.warning(self.folder / VAULT)

    def remind_after(self, days: int) -> None:
        """Remind of a backup after so many days; 0 never."""
        self._vault.set_setting(_REMIND, str(days))

    def erase_after(self, days: int) -> None:
        """Erase contents so many days after they were confirmed as accepted; 0 never."""
        vault = self._vault
        vault.set_setting(_ERASE, str(days))
        vault.add_event("retention", days=days)

    def keep_content(self, record_id: str, kept: bool) -> None:
        """Keep a record's content that is to be erased, or let it go again."""
        self._vault.keep_content(record_id, kept)

    def erase_now(self, record_id: str) -> None:
        """Erase a record's content at once; it does not come back."""
        self._vault.erase(record_id)

    # --- backups
    def back_up(
        self, folder: Path, progress: Callable[[Saving], None], cancelled: Callable[[], bool]
    ) -> Path | None:
        """Wire lane: write a backup into a folder and prove it; its path, None when cancelled."""
        made = self._vault.back_up(
            folder, lambda name, done, total: progress(Saving(name, done, total)), cancelled
        )
        return None if made is None else made.path

    def look_at_backup(self, source: Path) -> datetime.datetime:
        """When a backup was made; raises Problem when the file is none."""
        return read_backup(source).made_at

    def lacks_file(self) -> bool:
        """Before opening: whether the vault's folder is here and its file is not."""
        folder = self.folder / VAULT
        return Vault.is_there(folder) and not has_file(folder) and not is_waiting(folder)

    def restore(
        self,
        source: Path,
        secret: str,
        progress: Callable[[Saving], None],
        cancelled: Callable[[], bool],
        *,
        by_recovery: bool = False,
    ) -> Restored | None:
        """Wire lane: make this computer's vault of a backup and open it; None when cancelled.

        `secret` is a passphrase as it was on the day of the backup, or its recovery code.
        """

        def opening(folder: Path) -> Vault:
            return Vault.open(folder, recovery=secret) if by_recovery else Vault.open(folder, secret)

        folder = self.folder / VAULT
        before = moved_aside(folder)
        vault = restore(
            source,
            folder,
            opening,
            lambda name, done, total: progress(Saving(name, done, total)),
            cancelled,
        )
        if vault is None:
            clear_staging(folder)
            return None
        self._opened(vault)
        return Restored("".join(map(str, moved_aside(folder) - before)))

    # --- within
    def _erase_after(self) -> int:
        filer = self.profile().role == "filer"
        return self._days(_ERASE, 0 if filer else _MONTH)

    def _days(self, key: str, otherwise: int) -> int:
        kept = self._vault.setting(key)
        return int(kept) if kept is not None and kept.isdecimal() else otherwise

    def _leaving(self, each: Confirmed, days: int, *, named: bool) -> Leaving:
        """A line of the list; whose it is, only for who may read."""
        kind = next(kind for kind in KINDS if kind == each.subject_kind)
        subject = Subject(kind, each.subject_code, each.subject_name)
        announced = each.announced_at or clock.now()
        due = max(each.confirmed_at + days * _DAY, announced + min(_BEFORE, days) * _DAY)
        return Leaving(
            record_id=each.record_id,
            form_title=self._title(each.form_id),
            subject_name=subject.shown_name if named else "",
            subject_code=subject.shown_code if named else "",
            confirmed_at=each.confirmed_at,
            erased_on=due,
            kept=each.kept,
        )

    def _tombstone(self, erasure: Erasure) -> RecordDetail:
        """What is left of a record whose content was erased."""
        vault, record_id = self._vault, erasure.record_id
        return RecordDetail(
            card=RecordCard(
                record_id=record_id,
                version=erasure.version,
                form_id=erasure.form_id,
                form_title=self._title(erasure.form_id),
                subject_name="",
                subject_code="",
                sealed_at=erasure.sealed_at,
                status=vault.status(record_id, erasure.version),
                erased=True,
            ),
            sections=(),
            versions=vault.versions(record_id),
            letters=(),
            letter_kinds=(),
            sm3=erasure.submission_sm3,
            erased_at=erasure.at,
            receipt=erasure.receipt_id,
        )
