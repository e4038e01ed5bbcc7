"""Words about backups that several pages say."""

from PySide6.QtCore import QCoreApplication, QObject

from xincai.desk import Saving, Upkeep
from xincai.ui import messages
from xincai.ui.parts import ProgressRow

translate = QCoreApplication.translate
_PAGES_IN_MB = 256
_BYTES_IN_MB = 1 << 20


class Days(QObject):
    """Words that bend with a number of days."""

    def after(self, days: int) -> str:
        """So many days."""
        return self.tr("%n 天", "", days)

    def without(self, days: int) -> str:
        """So long without a backup."""
        return self.tr("已 %n 天没有备份。", "", days)

    def leaving(self, count: int) -> str:
        """So many records are to be erased soon."""
        return self.tr("%n 件已受理的填报件将在 7 天内清除内容，需要的可以先保留。", "", count)

    def erased(self, count: int) -> str:
        """So many records were erased just now."""
        return self.tr("%n 件已受理并到期的填报件已清除内容，编号和回执还在。", "", count)


def backup_words(upkeep: Upkeep) -> str:
    """When the last backup was made."""
    if upkeep.last_backup is None:
        return translate("saving", "还没有做过备份。")
    words = translate("saving", "上次备份：%1。").replace("%1", messages.when(upkeep.last_backup))
    return f"{words} {Days().without(upkeep.days_since_backup)}" if upkeep.backup_due else words


def moving_words() -> tuple[str, ...]:
    """How to move to another computer, in four lines."""
    return (
        translate("saving", "1. 在这台电脑上“立即备份”，把备份文件存到U盘。"),
        translate("saving", "2. 在另一台电脑上装好信采，第一次打开时选“从备份恢复”，选这个文件，输入口令。"),
        translate("saving", "3. 那台电脑是一台新设备：请管理员发新的登记码重新登记；已送出的不会重复送。"),
        translate("saving", "4. 确认那边都在之后，这台电脑就不要再用同一个保险库填报了。"),
    )


def show_saving(progress: ProgressRow, saving: Saving) -> None:
    """Show how far a backup or a restoring is."""
    words = {
        "copy": translate("saving", "正在复制"),
        "check": translate("saving", "正在打开核对"),
    }[saving.name]
    if saving.name == "check":
        progress.step(words, 0, 0)
        return
    unit = _BYTES_IN_MB if saving.total > _BYTES_IN_MB else _PAGES_IN_MB
    progress.step(f"{words} (MB)", saving.done // unit, max(saving.total // unit, 1))
