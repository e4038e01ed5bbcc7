"""Letters: is a paper what it says, and many letters at once."""

from collections.abc import Sequence
from typing import get_args

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy, QVBoxLayout, QWidget

from xincai.desk import LetterCard, LettersMade, PaperCheck, PaperFinding, Village
from xincai.desk.views import LetterKind
from xincai.ui import messages, theme
from xincai.ui.parts import (
    Badge,
    Card,
    DropPage,
    Notice,
    ProgressRow,
    SearchField,
    button,
    clear,
    labelled,
    row,
    text,
)

KINDS: tuple[LetterKind, ...] = get_args(LetterKind)


class LettersPage(DropPage):
    """Verify a paper at the top; print a village below."""

    choose_wanted = Signal()
    keep_wanted = Signal()
    letter_opened = Signal(object)
    counted = Signal(str, str, str)
    """Kind, words and village: how many letters would that be."""
    make_wanted = Signal(str, str, str)
    print_wanted = Signal()
    save_wanted = Signal(bool)
    """Whether all go into one file."""

    def __init__(self) -> None:
        invitation = Notice(self.tr("松开鼠标，核验这份文书"), "info", name="letterbox.drop")
        super().__init__("letters", self.tr("文书"), invitation)
        self._letter: LetterCard | None = None
        self.column.addWidget(self._verifying())
        self.column.addWidget(self._many())
        self.column.addStretch(1)

    # --- verifying
    def _verifying(self) -> Card:
        card = Card("letterbox.verify")
        card.body.addWidget(text(self.tr("核验文书"), "heading"))
        card.body.addWidget(
            text(
                self.tr(
                    "把 PDF、扫描件或照片拖到这里，不用联网就能知道文书、填报件和签名是否相符。"
                    "签好字的纸质件扫描后，也在这里收存。"
                ),
                "muted",
            )
        )
        choose = button(self.tr("选择文件(&V)…"), "letterbox.choose", "primary", "folder")
        choose.clicked.connect(self.choose_wanted)
        self._keep = button(self.tr("作为纸质签署件收存(&K)"), "letterbox.keep", "secondary", "sign")
        self._keep.clicked.connect(self.keep_wanted)
        self._see = button(self.tr("查看本机原件(&O)"), "letterbox.see", "secondary", "letter")
        self._see.clicked.connect(self._open)
        card.body.addWidget(row(choose, self._keep, self._see, None))
        self._verdict = Notice("", "good", name="letterbox.verdict")
        card.body.addWidget(self._verdict)
        self._findings = QVBoxLayout()
        self._findings.setSpacing(6)
        card.body.addLayout(self._findings)
        for widget in (self._keep, self._see, self._verdict):
            widget.hide()
        self._choose = choose
        return card

    def show_check(self, name: str, check: PaperCheck) -> None:
        """What was found of a paper."""
        clear(self._findings)
        self._letter = check.letter
        self._keep.setVisible(check.letter is not None and check.valid)
        self._see.setVisible(check.letter is not None)
        bad = not check.valid
        if bad:
            words = self.tr("“%1”不可采信")
        elif check.letter is not None:
            words = self.tr("“%1”与本机的文书和填报件相符")
        else:
            words = self.tr("“%1”的二维码签名有效；本机没有原件，内容未能核对")
        tone = "bad" if bad else "good" if check.letter is not None else "warn"
        self._verdict.show_words(words.replace("%1", name), tone)  # type: ignore[arg-type]  # one of the tones
        self._verdict.show()
        if check.seal is not None:
            facts = [check.seal.number, check.seal.subject_masked, check.seal.time, check.seal.key_id]
            if check.wording is not None:
                version = self.tr("文本：%1 第 %2 版（摘要 %3）").replace("%1", check.wording.title)
                version = version.replace("%2", check.wording.version).replace("%3", check.seal.text)
                facts.append(version)
            self._findings.addWidget(text("  ·  ".join(facts), "muted", name="letterbox.seal"))
        for finding in check.findings:
            self._findings.addWidget(self._finding(finding))
        for number, each in enumerate(check.differences):
            place = self.tr("第 %1 页").replace("%1", str(each.page))
            was = self.tr("原件：%1").replace("%1", each.was or self.tr("（没有）"))
            now = self.tr("这份：%1").replace("%1", each.now or self.tr("（没有）"))
            if not each.was and not each.now:
                was, now = self.tr("文字相同，版面看上去不同：可能盖住或换了图。"), ""
            self._findings.addWidget(
                text(
                    "\n".join(filter(None, (place, was, now))),
                    "message",
                    "bad",
                    f"letterbox.difference.{number}",
                )
            )

    def _finding(self, finding: PaperFinding) -> QWidget:
        tones = {"good": "good", "warn": "warn", "bad": "bad", "unknown": "muted"}
        badge = Badge(messages.check_state(finding.state), tones[finding.state])  # type: ignore[arg-type]  # tones
        words = (
            messages.told(finding.problem)
            if finding.problem is not None
            else messages.check_words(finding.name, finding.state)
        )
        badge.setMinimumWidth(theme.px(64))
        told = text(words, name=f"letterbox.finding.{finding.name}")
        told.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        return row(badge, told, gap=12)

    def _open(self) -> None:
        self.letter_opened.emit(self._letter)

    # --- many at once
    def _many(self) -> Card:
        card = Card("letterbox.many")
        card.body.addWidget(text(self.tr("批量出具和打印"), "heading"))
        card.body.addWidget(
            text(self.tr("按村、按表单一次出具许多文书，合成一个打印任务；中途停止后可以接着做。"), "muted")
        )
        self.kind = QComboBox()
        self.kind.setObjectName("letterbox.kind")
        for kind in KINDS:
            self.kind.addItem(messages.letter_kind(kind), kind)
        self.kind.setCurrentIndex(KINDS.index("receipt"))
        self.kind.currentIndexChanged.connect(self.count)
        self.search = SearchField("letterbox.search", self.tr("按主体名称、代码或表单查找，不填就是全部"))
        self.search.searched.connect(self.count)
        self.village = QComboBox()
        self.village.setObjectName("letterbox.village")
        self.village.setMaxVisibleItems(16)
        self.village.currentIndexChanged.connect(self.count)
        card.body.addWidget(labelled(self.tr("文书(&T)"), self.kind))
        card.body.addWidget(labelled(self.tr("村(&G)"), self.village))
        card.body.addWidget(labelled(self.tr("哪些填报件(&W)"), self.search))
        self._count = text("", "muted", name="letterbox.count")
        card.body.addWidget(self._count)
        self.progress = ProgressRow("letterbox.progress")
        card.body.addWidget(self.progress)
        self._made = Notice("", "good", name="letterbox.made")
        self._made.hide()
        card.body.addWidget(self._made)
        self._make = button(self.tr("出具(&M)"), "letterbox.make", "primary", "letter")
        self._print = button(self.tr("打印(&P)…"), "letterbox.print", "secondary", "print")
        self._one = button(self.tr("存为一个 PDF(&A)…"), "letterbox.one", "secondary", "export")
        self._each = button(self.tr("每份存一个文件(&E)…"), "letterbox.each", "secondary", "export")
        self._make.clicked.connect(self._want_made)
        self._print.clicked.connect(self.print_wanted)
        self._one.clicked.connect(self._want_one)
        self._each.clicked.connect(self._want_each)
        card.body.addWidget(row(self._make, self._print, self._one, self._each, None))
        self._offer(made=False)
        return card

    def count(self) -> None:
        """Ask how many letters that would be."""
        self._offer(made=False)
        self._made.hide()
        self.counted.emit(*self.wanted())

    def show_villages(self, villages: Sequence[Village]) -> None:
        """Offer the towns and villages there are, at the one shown before."""
        before = self.village.currentData()
        with QSignalBlocker(self.village):
            self.village.clear()
            self.village.addItem(self.tr("所有村"), "")
            for each in villages:
                whole = self.tr("%1（全部）").replace("%1", each.town)
                self.village.addItem(f"{each.town} {each.name}" if each.name else whole, each.code)
            self.village.setCurrentIndex(max(self.village.findData(before), 0))

    def wanted(self) -> tuple[str, str, str]:
        """The kind of letter, the words by which records are found, and the village's code or ""."""
        return (
            str(self.kind.currentData()),
            self.search.text().strip(),
            str(self.village.currentData() or ""),
        )

    def show_count(self, total: int, made: int) -> None:
        """How many there would be, and how many are there."""
        words = self.tr("共 %1 份填报件，已出具 %2 份。")
        self._count.setText(words.replace("%1", str(total)).replace("%2", str(made)))
        self._make.setEnabled(total > 0)

    def show_busy(self, words: str) -> None:
        """Long work began."""
        self._made.hide()
        for each in (self._make, self._print, self._one, self._each):
            each.setEnabled(False)
        self.progress.start(words)

    def show_made(self, made: LettersMade) -> None:
        """What came of it."""
        self.progress.finish()
        ready = str(len(made.letters))
        if made.cancelled:
            words = self.tr("已停止：%1 份已出具并保存，再按“出具”接着做。").replace("%1", ready)
        elif made.failed:
            why = messages.told(made.failed[0][1])
            words = self.tr("%1 份已备好，%2 份没有出具。第一份的原因：%3")
            words = words.replace("%1", ready).replace("%2", str(len(made.failed))).replace("%3", why)
        else:
            words = self.tr("%1 份文书已备好，可以打印或保存。").replace("%1", ready)
        self._made.show_words(words, "warn" if made.cancelled or made.failed else "good")
        self._made.show()
        self._offer(made=bool(made.letters))

    def show_printed(self, done: int, total: int) -> None:
        """How far printing came."""
        self.progress.finish()
        if done < total:
            words = self.tr("打印已停止：前 %1 份已送出，共 %2 份。再按“打印”从下一份接着打。")
            self._print.setText(self.tr("接着打印(&P)…"))
        else:
            words = self.tr("%2 份文书已送打印。")
            self._print.setText(self.tr("打印(&P)…"))
        said = words.replace("%1", str(done)).replace("%2", str(total))
        self._made.show_words(said, "good" if done == total else "warn")
        self._made.show()
        self._offer(made=True)

    def start_focus(self) -> None:
        """At choosing a file."""
        self._choose.setFocus()

    def _offer(self, *, made: bool) -> None:
        self._make.setEnabled(True)
        for each in (self._print, self._one, self._each):
            each.setEnabled(made)

    def _want_made(self) -> None:
        self.make_wanted.emit(*self.wanted())

    def _want_one(self) -> None:
        self.save_wanted.emit(True)

    def _want_each(self) -> None:
        self.save_wanted.emit(False)
