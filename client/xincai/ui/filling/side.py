"""The right-hand panel: what is still wrong, whom the filling is about, what the form is for."""

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from xincai.desk import Finding
from xincai.ui import parts, theme
from xincai.ui.filling import markup

_LISTED = 40
_ROW = re.compile(r"\[(\d+)\]")


class FindingButton(QToolButton):
    """One problem; pressing it jumps to the question."""

    def __init__(self, finding: Finding, prefix: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ref = finding.ref
        self.setObjectName(f"{prefix}:{finding.ref}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        words = self._words(finding)
        label = parts.text(words)
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 5, 10, 5)
        box.addWidget(label)
        self.setAccessibleName(words)
        theme.dress(label, "message", {"required": "", "warning": "warn"}.get(finding.kind, "bad"))
        theme.dress(self, "finding")
        self._label = label

    def _words(self, finding: Finding) -> str:
        label = markup.plain(finding.label)
        row = _ROW.findall(finding.ref)
        if row:
            label = self.tr("第 {row} 行 {label}").format(row=row[-1], label=label)
        if finding.kind == "required":
            return self.tr("{label}：还没有回答").format(label=label)
        return f"{label}\n{finding.message}".strip()

    def fit(self, width: int) -> None:
        """Be as tall as the words at this width."""
        self.setMinimumHeight(self._label.heightForWidth(width - 20) + 12)


class FindingList(QWidget):
    """Problems to jump to."""

    chosen = Signal(str)

    def __init__(self, prefix: str, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.dress(self, "clear")
        self._prefix = prefix
        self._width = width
        self._shown: tuple[Finding, ...] | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """Show these."""
        if findings == self._shown:
            return
        self._shown = findings
        parts.clear(self._box)
        for finding in findings[:_LISTED]:
            button = FindingButton(finding, self._prefix)
            button.clicked.connect(self._on_clicked)
            button.fit(self._width)
            self._box.addWidget(button)
            button.show()
        if len(findings) > _LISTED:
            self._box.addWidget(
                parts.text(self.tr("……另有 {count} 项").format(count=len(findings) - _LISTED), "muted")
            )

    def _on_clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, FindingButton):
            self.chosen.emit(sender.ref)


class Side(QFrame):
    """Problems, subject, notice."""

    chosen = Signal(str)

    def __init__(self, notice: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.dress(self, "side")
        self.setFixedWidth(theme.px(248))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        theme.dress(inner, "clear")
        box = QVBoxLayout(inner)
        box.setContentsMargins(16, 16, 16, 16)
        box.setSpacing(6)
        self._head = parts.text("", "label")
        self._calm = parts.text("", "muted")
        self._list = FindingList("finding", theme.px(216))
        self._list.chosen.connect(self.chosen)
        self._subject_head = parts.text("", "label")
        self._subject = parts.text("", "")
        self._about_head = parts.text("", "label")
        self._about = parts.text(notice, "muted")
        self._keys_head = parts.text("", "label")
        self._keys = parts.text("", "muted")
        for widget in (self._head, self._calm, self._list):
            box.addWidget(widget)
        for head, words in (
            (self._subject_head, self._subject), (self._about_head, self._about),
            (self._keys_head, self._keys),
        ):  # fmt: skip
            box.addSpacing(8)
            box.addWidget(parts.line())
            box.addSpacing(4)
            box.addWidget(head)
            box.addWidget(words)
        box.addStretch(1)
        area.setWidget(inner)
        outer.addWidget(area)

    def show_state(self, findings: tuple[Finding, ...], missing: int, subject: str, notice: str) -> None:
        """Show what is wrong now, how many required answers are missing, and who the subject is."""
        self._head.setText(self.tr("需要核对（{count}）").format(count=len(findings)))
        if missing:
            self._calm.setText(self.tr("另有 {count} 个必填项还没有答。").format(count=missing))
        else:
            self._calm.setText("" if findings else self.tr("没有问题，可以检查并封存。"))
        self._calm.setVisible(bool(self._calm.text()))
        self._list.show_findings(findings)
        self._subject_head.setText(self.tr("信息主体"))
        self._subject.setText(subject or self.tr("还没有填写"))
        self._about_head.setText(self.tr("填写说明"))
        self._about.setText(notice)
        self._keys_head.setText(self.tr("快捷键"))
        self._keys.setText(
            self.tr(
                "回车 下一题\nCtrl+↓ 下一部分\nF8 下一个问题\n数字键 选选项\nCtrl+D 复制一行\nCtrl+Z 撤销"
            )
        )
