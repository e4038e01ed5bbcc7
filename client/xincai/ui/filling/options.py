"""Choices laid out to be read at a glance: radio buttons and check boxes with digits."""

from itertools import pairwise

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QCheckBox, QGridLayout, QRadioButton, QWidget

from xincai.desk import Choice, Entry
from xincai.ui import theme
from xincai.ui.filling.field import Departure, Field
from xincai.ui.filling.scribe import Scribe
from xincai.ui.guard import guarded

_WIDTH = 600
"""Pixels in which columns of options must find room."""
_MOST_COLUMNS = 10


class Options(QWidget):
    """A grid of buttons, as many columns as their words allow; a digit presses the button of that number."""

    pressed = Signal(int)
    """The button of this number was pressed; `moving` says whether by an arrow that went on to it."""
    onward = Signal()
    emptied = Signal()

    def __init__(self, ref: str, *, many: bool, style: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.dress(self, "clear")
        self.moving = False
        self._wanted = _columns_wanted(style)
        self._role = "tile" if "no-buttons" in style.split() else "option"
        self._ref = ref
        self._many = many
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self.buttons: list[QAbstractButton] = []
        self._group = QButtonGroup(self)
        self._group.setExclusive(not many)
        self._group.idClicked.connect(self.pressed)

    def lay(self, choices: tuple[Choice, ...], departure: Departure) -> None:
        """Lay the buttons out anew."""
        self._clear()
        self.buttons = [self._button(number, choice) for number, choice in enumerate(choices)]
        columns = self._columns(choices)
        for number, button in enumerate(self.buttons):
            self._put(number, columns)
            self._group.addButton(button, number)
            departure.watch(button)
        for before, after in pairwise(self.buttons):
            QWidget.setTabOrder(before, after)

    def _clear(self) -> None:
        for button in self.buttons:
            self._group.removeButton(button)
            button.setParent(None)
            button.deleteLater()

    def _put(self, number: int, columns: int) -> None:
        """Give a button its place in the grid."""
        self._grid.addWidget(self.buttons[number], number // columns, number % columns)
        for column in range(max(columns, self._grid.columnCount())):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def relabel(self, choices: tuple[Choice, ...]) -> None:
        """Change the words only."""
        for number, (button, choice) in enumerate(zip(self.buttons, choices, strict=True)):
            self._say(button, number, choice)

    def tick(self, numbers: set[int]) -> None:
        """Show these as chosen."""
        self._group.setExclusive(False)
        for number, button in enumerate(self.buttons):
            button.setChecked(number in numbers)
        self._group.setExclusive(not self._many)

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.key() - Qt.Key.Key_0
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.onward.emit()
        elif 1 <= digit <= min(9, len(self.buttons)) and not _held(event):
            button = self.buttons[digit - 1]
            button.setFocus()
            button.click()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.emptied.emit()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Down))
        else:
            event.ignore()

    def _step(self, forward: bool) -> None:
        focus = self.focusWidget()
        at = self.buttons.index(focus) if isinstance(focus, QAbstractButton) and focus in self.buttons else 0
        button = self.buttons[(at + (1 if forward else -1)) % len(self.buttons)]
        button.setFocus()
        if not self._many:
            self.moving = True
            button.click()
            self.moving = False

    def _button(self, number: int, choice: Choice) -> QAbstractButton:
        button: QAbstractButton = CheckOption(self) if self._many else RadioOption(self)
        button.setObjectName(f"q:{self._ref}={choice.value}")
        theme.dress(button, self._role)
        self._say(button, number, choice)
        return button

    def _say(self, button: QAbstractButton, number: int, choice: Choice) -> None:
        words = choice.label.replace("&", "&&")
        button.setText(f"{number + 1}  {words}" if number < 9 else words)
        button.setAccessibleName(choice.label)

    def _columns(self, choices: tuple[Choice, ...]) -> int:
        if self._wanted:
            return min(self._wanted, max(len(choices), 1))
        metrics = QFontMetrics(theme.font())
        widest = max((metrics.horizontalAdvance(choice.label) for choice in choices), default=0) + theme.px(
            84
        )
        columns = max(1, min(4, theme.px(_WIDTH) // widest))
        rows = -(-len(choices) // columns) or 1
        return max(1, -(-len(choices) // rows))


def _columns_wanted(style: str) -> int:
    """The columns that the appearance names (`columns-3`); 0 when the words decide."""
    named = (word.removeprefix("columns-") for word in style.split() if word.startswith("columns-"))
    return next((min(int(count), _MOST_COLUMNS) for count in named if count.isdigit() and int(count)), 0)


def _held(event: QKeyEvent) -> bool:
    """Whether a key was pressed together with Ctrl, Alt or Shift."""
    return bool(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)


class RadioOption(QRadioButton):
    """One choice out of several; keys go to the grid."""

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        _press(self, event)

    @guarded(False)
    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)  # the whole frame, not its words alone


class CheckOption(QCheckBox):
    """One of several choices; keys go to the grid."""

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        _press(self, event)

    @guarded(False)
    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)  # the whole frame, not its words alone


def _press(button: QAbstractButton, event: QKeyEvent) -> None:
    """Space presses; every other key is the grid's."""
    if event.key() == Qt.Key.Key_Space:
        button.click()
    else:
        event.ignore()


class OptionsField(Field):
    """A question answered by pressing options: one or several."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        super().__init__(entry, scribe, parent)
        self._many = entry.control == "select"
        self._choices: tuple[Choice, ...] = ()
        self._quick = "quick" in entry.appearance.split() and not self._many
        self.options = self.make_options()
        self.options.setObjectName(f"q:{entry.ref}")
        self.options.setAccessibleName(entry.label)
        self.options.pressed.connect(self._on_pressed)
        self.options.onward.connect(self.onward)
        self.options.emptied.connect(self._on_emptied)
        self._departure = Departure(self)
        self._departure.departed.connect(self.departed)
        self.box.addWidget(self.options)
        self.show_choices()

    def make_options(self) -> Options:
        """The buttons, laid out as the appearance says."""
        return Options(self.entry.ref, many=self._many, style=self.entry.appearance, parent=self)

    def hand(self) -> QWidget:
        ticked = [button for button in self.options.buttons if button.isChecked()]
        buttons = ticked or self.options.buttons
        return buttons[0] if buttons else self.options

    def show_entry(self, entry: Entry) -> None:
        super().show_entry(entry)
        self._tick()

    def show_choices(self) -> None:
        choices = self.scribe.filling.choices(self.ref)
        if [choice.value for choice in choices] == [choice.value for choice in self._choices]:
            self.options.relabel(choices)
        else:
            self.options.lay(choices, self._departure)
        self._choices = choices
        self._tick()
        self._show_media()

    def _show_media(self) -> None:
        """Bring the pictures and sounds of the choices, where they have any."""
        if any(choice.media for choice in self._choices):
            from xincai.ui.filling.media.chosen import show_on

            show_on(self.options.buttons, self._choices, self.scribe)

    def _tick(self) -> None:
        chosen = self._chosen()
        self.options.tick({number for number, choice in enumerate(self._choices) if choice.value in chosen})

    def _chosen(self) -> list[str]:
        return self.entry.value.split() if self._many else [self.entry.value]

    def _on_pressed(self, number: int) -> None:
        value = self._choices[number].value
        if not self._many:
            self.given.emit(value)
            if self._quick and not self.options.moving:
                self.onward.emit()
            return
        chosen = self._chosen()
        chosen = [one for one in chosen if one != value] if value in chosen else [*chosen, value]
        chosen = [choice.value for choice in self._choices if choice.value in chosen]
        self.given.emit(" ".join(chosen))

    def _on_emptied(self) -> None:
        self.given.emit("")
