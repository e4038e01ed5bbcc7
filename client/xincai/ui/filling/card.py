"""One question as it stands on the page: label, hint, field, remark, and what is wrong in words that help.

A problem is shown when the pen has left the question, or when the person asked for a check.
"""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from xincai.desk import Entry
from xincai.ui import messages, parts, theme
from xincai.ui.filling import markup, outside
from xincai.ui.filling.board import Board
from xincai.ui.filling.choices.grid import HeadField
from xincai.ui.filling.copied import CopiedBadge
from xincai.ui.filling.field import Field
from xincai.ui.filling.kinds import Make, kind_of
from xincai.ui.filling.media.medium import MediaRow
from xincai.ui.filling.told import CalculatedField, NoteField, tone_of

_READ_ALOUD = 4
"""Characters read aloud in a second."""
_LONG = 80
"""Characters from which a note is something to be read aloud."""


class QuestionCard(QFrame):
    """A question with its field."""

    field: Field

    def __init__(self, entry: Entry, board: Board, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"card:{entry.ref}")
        self.entry = entry
        self.board = board
        self.touched = bool(entry.value)
        self._refusal = ""
        self._make: Make | None = None
        self._extra: dict[str, QLabel] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(21, 9, 24, 10)
        self._box.setSpacing(5)
        self._label = _label(self)
        self._label.linkActivated.connect(self._on_link)
        self._star: QLabel | None = None
        self._media: MediaRow | None = None
        self._help: QPushButton | None = None
        self._copied: CopiedBadge | None = None
        self._head = QHBoxLayout()
        self._head.setSpacing(4)
        self._head.addWidget(self._label, 1)
        self._box.addLayout(self._head)
        self.setProperty("role", "question")
        self._set_field()
        self._show()

    @property
    def takes_pen(self) -> bool:
        """Whether there is something to answer here."""
        return not isinstance(self.field, NoteField | CalculatedField | HeadField)

    def refresh(self) -> None:
        """Show the entry as it stands now."""
        before = self.entry.value
        self.entry = self.board.filling.entry(self.entry.ref)
        if self.entry.value != before:
            self._refusal = ""
        if kind_of(self.entry, self.board.scribe) is self._make:
            self.field.show_entry(self.entry)
        else:
            self.field.hide()
            self.field.deleteLater()
            self._set_field()
        self._show()

    def refresh_choices(self) -> None:
        """Show the choices as they stand now."""
        if kind_of(self.entry, self.board.scribe) is self._make:
            self.field.show_choices()
        else:
            self.refresh()

    def retranslate(self) -> None:
        """Say everything in the screen's language."""
        self.field.retranslate()
        self.field.show_choices()
        if self._media is not None:
            self._media.retranslate()
        if self._help is not None:
            self._help.setText(self.tr("说明"))
        self.refresh()

    def take_pen(self) -> None:
        """Put the keyboard into the field."""
        self.field.hand().setFocus(Qt.FocusReason.TabFocusReason)

    def set_active(self, active: bool) -> None:
        """Show that the pen is here."""
        tone = "active" if active else ("bad" if self._message() else "")
        if self.property("tone") != tone:
            theme.dress(self, "question", tone)

    def show_guidance(self) -> None:
        """Open or close the help for this question."""
        guidance = self.entry.guidance or self.tr("这一题没有更多说明。")
        shown = self._extra.get("guidance")
        self._say("guidance", "" if shown is not None and not shown.isHidden() else guidance, tone="info")

    def _set_field(self) -> None:
        """Make the field that this kind of question wants and put it under the label."""
        self._make = kind_of(self.entry, self.board.scribe)
        field = self.field = self._make(self.entry, self.board.scribe, self)
        field.given.connect(self._on_given)
        field.refused.connect(self._on_refused)
        field.onward.connect(self._on_onward)
        field.departed.connect(self._on_departed)
        field.remarked.connect(self._on_remarked)
        if field.beside:
            self._head.addWidget(field, 1)
        else:
            self._box.insertWidget(1 + ("hint" in self._extra) + (self._media is not None), field)
        field.retranslate()
        field.show_entry(self.entry)
        if isinstance(field, NoteField):
            field.hide()
        self._label.setBuddy(field.hand())

    def _show_media(self) -> None:
        """Show the pictures and sounds of the question; a drawing with regions is the field's own."""
        drawn = "image-map" in self.entry.appearance.split()
        wanted = {kind: uri for kind, uri in self.entry.media.items() if not (drawn and kind == "image")}
        if wanted == (self._media.media if self._media is not None else {}):
            return
        if self._media is not None:
            self._media.hide()
            self._media.deleteLater()
            self._media = None
        if wanted:
            self._media = MediaRow(wanted, self.board.scribe, self)
            self._box.insertWidget(1 + ("hint" in self._extra), self._media)

    def _show_help(self) -> None:
        """A small button that opens what the form explains beyond the hint."""
        if self._help is None and self.entry.guidance:
            self._help = parts.button(self.tr("说明"), f"help:{self.entry.ref}", "link")
            self._help.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._help.clicked.connect(self.show_guidance)
            self._head.addWidget(self._help, 0, Qt.AlignmentFlag.AlignTop)
        if self._help is not None:
            self._help.setVisible(bool(self.entry.guidance))

    def _show_copied(self) -> None:
        """A quiet badge on an answer that was taken over and not looked at since."""
        copied = self.board.filling.is_copied(self.entry.ref)
        if self._copied is None and copied:
            self._copied = CopiedBadge(self.entry.ref, self)
            self._copied.confirmed.connect(self._on_confirmed)
            self._head.addWidget(self._copied, 0, Qt.AlignmentFlag.AlignTop)
        if self._copied is not None:
            self._copied.retranslate()
            self._copied.setVisible(copied)

    def _on_confirmed(self) -> None:
        self.board.scribe.confirm(self.entry.ref)

    def _on_link(self, link: str) -> None:
        outside.open_address(self, link)

    def _show(self) -> None:
        self._show_label()
        self._show_media()
        self._show_help()
        if isinstance(self.field, NoteField):
            self._show_note()
            return
        self._show_copied()
        self._say("hint", self.entry.hint, at=1)
        message = self._message()
        self._say("message", message, tone="bad")
        self.field.mark("bad" if message else "")
        self.field.hand().setAccessibleDescription(f"{self.entry.hint} {message}".strip())
        self.set_active(self._has_pen())

    def _show_label(self) -> None:
        """Plain words are laid out four times as fast as rich text, so that is only for those with markup."""
        nameless = isinstance(self.field, HeadField) and self.entry.label == self.entry.name
        _say_words(self._label, "" if nameless else self.entry.label)
        hand = self.field.hand()
        if hand.accessibleName() == self.entry.label:
            hand.setAccessibleName(markup.plain(self.entry.label))
        if self._star is None and self.entry.required:
            self._star = _star(self)
            self._head.insertWidget(0, self._star, 0, Qt.AlignmentFlag.AlignTop)
        if self._star is not None:
            self._star.setVisible(self.entry.required)

    def _show_note(self) -> None:
        theme.dress(self._label, "note", tone_of(self.entry))
        self._say("hint", self.entry.hint, at=1)
        if len(self.entry.label) > _LONG:
            seconds = -(-len(self.entry.label) // _READ_ALOUD // 10) * 10
            self._say("length", self.tr("读给对方听约需 {seconds} 秒").format(seconds=seconds))

    def _message(self) -> str:
        if self._refusal:
            return self._refusal
        kind = self.entry.problem_kind
        if not kind or not (self.board.checked or (self.touched and kind != "required")):
            return ""
        words = {
            "required": self.tr("这一题必须回答。"),
            "choice": self.tr("原来的选择已不在选项中，请重新选。"),
        }
        return self.entry.problem or words.get(kind, self.tr("这个答案没有通过核对，请检查。"))

    def _say(self, name: str, words: str, *, tone: str = "muted", at: int = -1) -> None:
        """Show a line of words of this name, made when first needed; "" hides it."""
        label = self._extra.get(name)
        if label is None:
            if not words:
                return
            label = _extra_label(self, tone)
            label.linkActivated.connect(self._on_link)
            self._extra[name] = label
            self._box.insertWidget(at, label)
        _say_words(label, words)
        label.setVisible(bool(words))

    def _has_pen(self) -> bool:
        focus = self.window().focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _on_given(self, value: str) -> None:
        self._refusal = ""
        problem = self.board.scribe.answer(self.entry.ref, value)
        if problem is not None:
            self._on_refused(messages.told(problem))
        elif self._extra.get("message") is not None:
            self._show()

    def _on_refused(self, sentence: str) -> None:
        self._refusal = sentence
        self._show()

    def _on_onward(self) -> None:
        self.touched = True
        self._show()
        if not self._refusal:
            self.board.scribe.confirm(self.entry.ref)
            self.board.onward.emit(self.entry.ref)

    def _on_remarked(self, words: str) -> None:
        self._say("remark", words, at=max(self._box.indexOf(self.field), 0) + 1)

    def _on_departed(self) -> None:
        self.touched = True
        self._show()


def card_around(widget: QWidget | None) -> QuestionCard | None:
    """The question that a widget stands in."""
    while widget is not None and not isinstance(widget, QuestionCard):
        widget = widget.parentWidget()
    return widget


def _star(parent: QWidget) -> QLabel:
    star = QLabel("*", parent)
    star.setProperty("role", "star")
    star.setAccessibleName(QCoreApplication.translate("QuestionCard", "必填"))
    return star


def _label(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("role", "label")
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label


def _extra_label(parent: QWidget, tone: str) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("role", "muted" if tone == "muted" else "message")
    label.setProperty("tone", tone)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label


def _say_words(label: QLabel, words: str) -> None:
    """Put a form's words into a label: as rich text when they carry markup, as they are otherwise."""
    styled = markup.rich(words)
    shown = styled or words
    if label.text() != shown:
        label.setTextFormat(Qt.TextFormat.RichText if styled else Qt.TextFormat.PlainText)
        label.setText(shown)
        links = (
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        if "<a href" in styled:
            label.setTextInteractionFlags(links)
            label.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
