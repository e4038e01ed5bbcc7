"""The outline of a form: its sections, how far each is, where trouble is; a click or Enter jumps."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from xincai.ui import parts, theme
from xincai.ui.parts import Badge


@dataclass(frozen=True)
class Standing:
    """How a section stands: required answers given, all required, problems; hidden when irrelevant."""

    title: str
    done: int
    required: int
    problems: int
    relevant: bool


class SectionButton(QToolButton):
    """One section of the outline."""

    def __init__(self, ref: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ref = ref
        self.setObjectName(f"outline:{ref}")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._title = QLabel(self)
        self._title.setWordWrap(True)
        self._count = QLabel(self)
        self._count.setProperty("role", "muted")
        self._trouble = Badge("", "bad", parent=self)
        for label in (self._title, self._count, self._trouble):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 8, 12, 8)
        grid.setHorizontalSpacing(6)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self._title, 0, 0)
        grid.addWidget(self._count, 0, 1)
        grid.addWidget(self._trouble, 0, 2)
        self.setMinimumHeight(theme.px(42))
        theme.dress(self, "section")

    def show_standing(self, standing: Standing) -> None:
        """Show how the section stands."""
        self.setVisible(standing.relevant)
        self._title.setText(standing.title)
        finished = standing.required > 0 and standing.done >= standing.required and not standing.problems
        words = "✓" if finished else f"{standing.done}/{standing.required}" if standing.required else ""
        self._count.setText(words)
        if self._count.property("tone") != ("good" if finished else "muted"):
            theme.dress(self._count, "muted", "good" if finished else "muted")
        self._trouble.setVisible(standing.problems > 0)
        if self._trouble.text() != str(standing.problems):
            tip = self.tr("有 %n 处需要核对", "", standing.problems)
            self._trouble.show_words(str(standing.problems), "bad", tip)
        lines = -(-self._title.fontMetrics().horizontalAdvance(standing.title) // theme.px(168))
        self.setMinimumHeight(theme.px(22 + 20 * max(1, min(lines, 3))))
        spoken = self.tr("{title}，必填 {required} 项，已答 {done} 项，{problems} 处需要核对")
        self.setAccessibleName(
            spoken.format(
                title=standing.title,
                required=standing.required,
                done=standing.done,
                problems=standing.problems,
            )
        )


class Outline(QFrame):
    """All sections, one under the other."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.dress(self, "outline")
        self.setFixedWidth(theme.px(216))
        self.buttons: dict[str, SectionButton] = {}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        theme.dress(inner, "clear")
        self._box = QVBoxLayout(inner)
        self._box.setContentsMargins(0, 12, 0, 12)
        self._box.setSpacing(0)
        self._head = parts.text("", "muted")
        self._head.setContentsMargins(17, 0, 12, 6)
        self._box.addWidget(self._head)
        self._box.addStretch(1)
        area.setWidget(inner)
        outer.addWidget(area)

    def show_sections(self, standings: Mapping[str, Standing], current: str) -> None:
        """Show the sections in the order of the mapping."""
        self._head.setText(self.tr("目录"))
        for ref in [ref for ref in self.buttons if ref not in standings]:
            self.buttons.pop(ref).deleteLater()
        for number, (ref, standing) in enumerate(standings.items()):
            button = self.buttons.get(ref)
            if button is None:
                button = self.buttons[ref] = SectionButton(ref)
                button.clicked.connect(self._on_clicked)
                self._box.insertWidget(number + 1, button)
            button.show_standing(standing)
            button.setChecked(ref == current)

    def _on_clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, SectionButton):
            self.chosen.emit(sender.ref)
