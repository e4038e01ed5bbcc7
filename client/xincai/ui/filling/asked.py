"""What the form wants beside its questions: a position, a recording, who fills it in, why it was changed.

Rules: nothing is recorded without the person's knowledge. One line over the page says what is asked, one
matter at a time; it takes no pen by itself, and what is not given keeps nothing from being sealed, except
the reason for a change where the form insists on one. This program has no way to the computer's position or
microphone (those parts of Qt are not shipped): a position is typed, a recording picked.
"""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QPushButton, QWidget

from xincai import errors
from xincai.desk import Changes, Request
from xincai.errors import Problem
from xincai.ui import language, messages, parts, theme
from xincai.ui.filling import markup, picture, shape
from xincai.ui.filling.board import Board
from xincai.ui.filling.field import Line
from xincai.ui.guard import guarded
from xincai.ui.parts.button import plain

_TALL = 48
"""Pixels, at the standard text size, with buttons or without."""
_WIDE = 260


class AskBar(QFrame):
    """One line over the page: what is asked, and the ways to give it or not."""

    explained = Signal()
    """The reason for a change was given."""

    def __init__(self, board: Board, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("filling.asked")
        theme.dress(self, "strip", "info")
        self.setMinimumHeight(theme.px(_TALL))
        self._board = board
        self._matter = ""
        """What is asked: "log", "reason", "geopoint", "audio", "why" (not given), or "" for nothing."""
        self._request: Request | None = None
        self._tells_log = board.filling.log_settings is not None
        self._wants_reason = False
        self._words = parts.text("", name="filling.asked.words")
        self.line = Line(parent=self)
        self.line.setObjectName("filling.asked.line")
        self.line.setFixedWidth(theme.px(_WIDE))
        self.give = parts.button("", "filling.asked.give")
        self.withhold = parts.button("", "filling.asked.withhold", "quiet")
        self.whys = {
            reason: parts.button("", f"filling.asked.why.{reason}")
            for reason, _ in messages.withheld_reasons()
        }
        self._lay_out()
        self._show()

    def _lay_out(self) -> None:
        box = QHBoxLayout(self)
        box.setContentsMargins(20, 6, 16, 6)
        box.setSpacing(8)
        box.addWidget(self._words, 1)
        for widget in (self.line, self.give, *self.whys.values(), self.withhold):
            box.addWidget(widget)
        self.line.returnPressed.connect(self._on_give)
        self.give.clicked.connect(self._on_give)
        self.withhold.clicked.connect(self._on_withhold)
        for reason, button in self.whys.items():
            button.clicked.connect(partial(self._on_why, reason))
        self._board.scribe.changed.connect(self._on_changed)

    def stop(self) -> QWidget | None:
        """Where the pen stops here; None when nothing is shown."""
        widgets = (self.line, self.give, *self.whys.values())
        return next((one for one in widgets if not self.isHidden() and not one.isHidden()), None)

    def ask_reason(self) -> bool:
        """Ask why answers were changed, if the form wants to know; whether it does."""
        self._wants_reason = self._board.filling.wants_reason
        if self._wants_reason:
            self._show()
            self.line.setFocus()
        return self._wants_reason

    def _on_changed(self, _changes: Changes) -> None:
        self._show()

    # --- giving
    def _on_give(self) -> None:
        if self._matter == "log":
            self._board.filling.identify(self.line.text().strip() or self._board.filling.log_user)
            self._tells_log = False
            self._go_on()
        elif self._matter == "reason":
            self._on_reason(self.line.text().strip())
        elif self._matter == "geopoint":
            self._on_position(self.line.text())
        elif self._matter == "audio":
            self._on_recording()

    def _on_reason(self, reason: str) -> None:
        if reason:
            self._board.filling.explain(reason)
            self._wants_reason = False
            self._show()
            self.explained.emit()

    def _on_position(self, text: str) -> None:
        point = shape.read_point(text)
        if point is None or self._request is None:
            self._say(self.tr("请填纬度和经度两个数，例如 33.97, 113.21。"), "bad")
            return
        ref, value = self._request.ref, shape.write_point(point, *shape.read_height(text))
        if self._board.filling.entry(ref).value == value:
            self._board.filling.withhold(ref)  # it stands there already
        problem = self._board.scribe.answer(ref, value)
        self._refused(problem) if problem is not None else self._go_on()

    def _on_recording(self) -> None:
        kinds = self.tr("录音 (*.mp3 *.m4a *.wav *.ogg *.amr *.aac *.flac *.opus)")
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("选一段录音"), "", kinds)
        if chosen:
            self.take(Path(chosen))

    def take(self, path: Path) -> None:
        """Take a file as the recording that is asked for."""
        if self._request is not None:
            read = partial(picture.read_upload, path)
            self._board.scribe.attach(self._request.ref, read, self._refused, path.name)

    def _refused(self, problem: Problem) -> None:
        told = errors.explain(problem, language.current())
        self._say(f"{told.what}{told.next}", "bad")

    # --- not giving
    def _on_withhold(self) -> None:
        """Ask why, or go back to what was asked."""
        self._show("" if self._matter == "why" else "why")

    def _on_why(self, reason: str) -> None:
        request, board = self._request, self._board
        if request is not None:
            board.filling.withhold(request.ref)
            board.scribe.tasks.run(
                self, partial(board.filling.withheld, request.ref, reason), _nothing, self._refused
            )
        self._go_on()

    def _go_on(self) -> None:
        """Show what is asked next, or put the pen back into the form."""
        self._show()
        if self._matter and self.stop() is not None:
            QTimer.singleShot(0, self, self._take_pen)
        else:
            self._board.onward.emit("")

    def _take_pen(self) -> None:
        stop = self.stop()
        if stop is not None:
            stop.setFocus()

    # --- showing
    def _show(self, matter: str = "") -> None:
        filling = self._board.filling
        requests = filling.requests()
        before = self._matter, self._request
        if matter == "":
            self._request = requests[0] if requests else None
            matter = self._request.kind if self._request is not None else ""
            matter = "log" if self._tells_log else matter
            matter = "reason" if self._wants_reason else matter
        elif self._request not in requests:
            matter = ""
        self._matter = matter
        if before != (self._matter, self._request):
            self.line.setText(filling.log_user if matter == "log" else "")
        self._say(self._asked(), "info")
        self._dress()
        self.setVisible(bool(matter))

    def _say(self, words: str, tone: theme.Tone) -> None:
        self._words.setText(words)
        theme.dress(self._words, str(self._words.property("role") or ""), "bad" if tone == "bad" else "")

    def _asked(self) -> str:
        if self._matter == "log":
            return self._log_words()
        if self._matter == "reason":
            return self.tr("以前填的答案这次有改动，本表要求写明原因：")
        if self._matter == "why":
            return self.tr("为什么不提供？只记下所选的原因，不影响封存。")
        if self._matter == "geopoint":
            return self.tr("本表请求记录当前位置{what}。这台电脑不能定位，请填经纬度，或不提供。").format(
                what=self._what()
            )
        if self._matter == "audio":
            return self.tr("本表请求一段录音{what}。信采不会自己录音，请选录好的文件，或不提供。").format(
                what=self._what()
            )
        return ""

    def _what(self) -> str:
        """What the place that is asked for is called, if it has a name for people."""
        entry = None if self._request is None else self._board.filling.entry(self._request.ref)
        named = entry is not None and entry.label != entry.name
        if entry is None or not named:
            return ""
        return self.tr("（{label}）").format(label=markup.plain(entry.label).strip())

    def _log_words(self) -> str:
        settings = self._board.filling.log_settings
        if settings is None:
            return ""
        said = self.tr("本表会随件记录填报过程：打开过哪些题、何时打开。")
        if settings.changes:
            said = self.tr("本表会随件记录填报过程：打开过哪些题、何时打开，以及答案改动前后的内容。")
        if settings.location:
            said += self.tr("本表还要记录位置，这台电脑不能定位，留空。")
        return said + (self.tr("填报人：") if settings.user else "")

    def _dress(self) -> None:
        settings = self._board.filling.log_settings
        named = self._matter == "log" and settings is not None and settings.user
        self.line.setVisible(self._matter in ("geopoint", "reason") or named)
        self.line.setPlaceholderText(self.tr("纬度, 经度") if self._matter == "geopoint" else "")
        self.line.setAccessibleName(self._words.text())
        self.give.setText(
            {
                "geopoint": self.tr("记下位置"),
                "audio": self.tr("选文件……"),
                "log": self.tr("确定") if named else self.tr("知道了"),
            }.get(self._matter, self.tr("确定"))
        )
        self.give.setVisible(self._matter not in ("", "why"))
        self.withhold.setText(self.tr("返回") if self._matter == "why" else self.tr("不提供……"))
        self.withhold.setVisible(self._matter in ("geopoint", "audio", "why"))
        for reason, words in messages.withheld_reasons():
            self.whys[reason].setText(words)
            self.whys[reason].setVisible(self._matter == "why")
        for button in self.findChildren(QPushButton):
            button.setAccessibleName(plain(button.text()))

    @guarded(None)
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._show(self._matter if self._matter == "why" else "")
        super().changeEvent(event)


def _nothing(_result: object) -> None:
    """Nobody waits for it."""
