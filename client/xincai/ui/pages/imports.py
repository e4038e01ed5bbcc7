"""Forms of others on the forms page: what was wrong with one, and the card of one that was brought in."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from xincai.ui import language, messages, theme
from xincai.ui.parts import Badge, Card, button, clear, line, row, text

if TYPE_CHECKING:
    from xincai.desk import ImportedForm, Remark


class RemarksCard(Card):
    """What is wrong with a form, or doubtful, each with its row and column; hidden while there is nothing."""

    def __init__(self) -> None:
        super().__init__("choose.remarks")
        self._told = ""
        self._head = text("", "heading", name="choose.remarks.head")
        self._hint = text("", "muted")
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.UNIT)
        copy = button(self.tr("复制清单(&C)"), "choose.remarks.copy", "secondary", "copy")
        copy.clicked.connect(self._copy)
        away = button(self.tr("收起(&H)"), "choose.remarks.close", "quiet")
        away.clicked.connect(self.hide)
        self.body.addWidget(self._head)
        self.body.addWidget(self._hint)
        self.body.addLayout(self._list)
        self.body.addWidget(row(copy, away, None))
        self.hide()

    def show_remarks(self, name: str, remarks: tuple["Remark", ...], *, kept: bool) -> None:
        """List them under a heading that says what came of the form."""
        clear(self._list)
        self.set_tone("" if kept else "bad")
        self.set_heading(name, remarks, kept=kept)
        lines = [self._head.text()]
        for number, remark in enumerate(remarks):
            told = remark.told(language.current())
            where = messages.form_place(remark)
            if number:
                self._list.addWidget(line())
            self._list.addWidget(self._row(number, remark, where))
            lines.append(f"{remark.where}: {told.what} {told.next}")
        self._told = "\n".join(lines)
        self.show()

    def set_heading(self, name: str, remarks: tuple["Remark", ...], *, kept: bool) -> None:
        """Say what came of the form."""
        if kept:
            self._head.setText(self.tr("“%1”已导入，有 %n 处可以改进", "", len(remarks)).replace("%1", name))
            self._hint.setText(
                self.tr("现在就可以填报。有空时请按下面的提醒修改，换一个更大的版本号再导入。")
            )
            return
        count = sum(remark.grave for remark in remarks)
        self._head.setText(self.tr("“%1”有 %n 处错误，没有导入", "", count).replace("%1", name))
        self._hint.setText(self.tr("请在原文件中按行列逐处修改，保存后再导入。已有的表单和草稿不受影响。"))

    def _row(self, number: int, remark: "Remark", where: str) -> QWidget:
        told = remark.told(language.current())
        box = QWidget()
        theme.dress(box, "clear")
        across = QHBoxLayout(box)
        across.setContentsMargins(0, 2, 0, 2)
        across.setSpacing(12)
        badge = Badge(self.tr("错误") if remark.grave else self.tr("提醒"), "bad" if remark.grave else "warn")
        badge.setMinimumWidth(theme.px(48))
        across.addWidget(badge)
        words = QVBoxLayout()
        words.setSpacing(2)
        if where:
            words.addWidget(text(where, "label", name=f"choose.remark.{number}.where"))
        words.addWidget(text(told.what, name=f"choose.remark.{number}.what"))
        words.addWidget(text(told.next, "muted", name=f"choose.remark.{number}.next"))
        across.addLayout(words, 1)
        return box

    def _copy(self) -> None:
        QApplication.clipboard().setText(self._told)


class ImportedCard(Card):
    """A form that was brought in: fill it, or withdraw it."""

    started = Signal(str)
    """Its digest."""
    withdrawn = Signal(str)
    """Its id."""

    def __init__(self, form: "ImportedForm") -> None:
        card = form.card
        super().__init__(f"choose.imported.{card.form_id}")
        self._form = form
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.body.setContentsMargins(20, 16, 16, 14)
        name = language.pick(card.title)
        self.body.addWidget(text(name, "label"))
        self.body.addWidget(text(language.pick(card.summary) or card.form_id, "muted"))
        self.body.addStretch(1)
        foot = QHBoxLayout()
        version = self.tr("版本 %1").replace("%1", card.version) if card.version else self.tr("没有版本号")
        foot.addWidget(Badge(version, "info"))
        when = self.tr("%1 导入").replace("%1", messages.when(form.imported_at))
        foot.addWidget(text(when, "muted"), 1)
        away = button(self.tr("撤下"), f"choose.withdraw.{card.form_id}", "quiet")
        away.setAccessibleName(f"{self.tr('撤下')} {name}")
        away.setToolTip(self.tr("不再用它新建填报；已有的草稿和填报件保留。"))
        away.clicked.connect(self._withdraw)
        start = button(self.tr("填报"), f"choose.start_imported.{card.form_id}", "secondary", "forward")
        start.setAccessibleName(f"{self.tr('填报')} {name}")
        start.clicked.connect(self._start)
        foot.addWidget(away)
        foot.addWidget(start)
        self.body.addLayout(foot)
        self.setMinimumHeight(theme.px(128))

    def _start(self) -> None:
        self.started.emit(self._form.form_sm3)

    def _withdraw(self) -> None:
        self.withdrawn.emit(self._form.card.form_id)
