"""Dates, times and instants: typed the short way, or picked from a calendar."""

from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtGui import QAction, QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QLineEdit, QToolButton, QWidget

from xincai.desk import Entry
from xincai.ui import icons, language, theme
from xincai.ui.filling import calendars, dates
from xincai.ui.filling.field import TypedField, local_offset, local_today
from xincai.ui.filling.scribe import Scribe
from xincai.ui.guard import guarded

_LOCALES = {"zh": QLocale.Language.Chinese, "en": QLocale.Language.English}


class DateField(TypedField):
    """A day, a month or a year."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        self._grain = _grain(entry.appearance)
        super().__init__(entry, scribe, parent)
        self._open = QAction(icons.icon("calendar", "muted"), "", self)
        self._open.triggered.connect(self._toggle_calendar)
        self._calendar: QCalendarWidget | None = None
        if self._grain == "day" and "no-calendar" not in entry.appearance.split():
            self.line.addAction(self._open, QLineEdit.ActionPosition.TrailingPosition)
        self.retranslate()

    def read(self, text: str) -> str | None:
        if not text.strip():
            return ""
        return dates.read_date(text, local_today(), grain=self._grain) or None

    def write(self, value: str) -> str:
        return dates.show_date(value, grain=self._grain)

    def complaint(self) -> str:
        examples = {"year": "2026", "month": "202603", "day": "20260315"}
        return self.tr("没有这样的日期，请按 {example} 的样子填写。").format(example=examples[self._grain])

    def remark(self, value: str) -> str:
        if not value or self._grain != "day":
            return ""
        if value == "2099-12-31":
            return self.tr("长期有效")
        year, month, day = value[:10].split("-")
        said = self.tr("{year}年{month}月{day}日，星期{weekday}").format(
            year=year, month=int(month), day=int(day), weekday=_weekday(value)
        )
        return f"{said}　{self._elsewhere(value)}".strip()

    def _elsewhere(self, value: str) -> str:
        """The day in the calendar that the form names."""
        calendar = calendars.named(self.entry.appearance)
        shown = calendars.convert(value, calendar) if calendar else ""
        if not shown:
            return ""
        names = {
            "persian": self.tr("波斯历 {date}"),
            "islamic": self.tr("伊斯兰历 {date}"),
            "coptic": self.tr("科普特历 {date}"),
            "ethiopian": self.tr("埃塞俄比亚历 {date}"),
            "buddhist": self.tr("佛历 {date}"),
        }
        return names[calendar].format(date=shown)

    def retranslate(self) -> None:
        self._open.setText(self.tr("从日历中选"))
        hints = {
            "year": self.tr("如 2026"),
            "month": self.tr("如 202603"),
            "day": self.tr("如 20260315 或 3.15"),
        }
        self.line.setPlaceholderText(hints[self._grain])

    def _toggle_calendar(self) -> None:
        """Open the calendar under the field, or close it."""
        if self._calendar is None:
            self._calendar = _calendar(self)
            self._calendar.clicked.connect(self._pick)
            self._calendar.activated.connect(self._pick)
            self.box.addWidget(self._calendar)
        elif self._calendar.isVisible():
            self._calendar.hide()
            return
        day = QDate.fromString(self.entry.value[:10], Qt.DateFormat.ISODate)
        self._calendar.setSelectedDate(day if day.isValid() else QDate.currentDate())
        self._calendar.show()
        self._calendar.setFocus()

    def _pick(self, day: QDate) -> None:
        self._typing = False
        self._pause.stop()
        if self._calendar is not None:
            self._calendar.hide()
        self.given.emit(day.toString(Qt.DateFormat.ISODate))
        self.line.setFocus()

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._calendar is not None and self._calendar.isVisible():
            self._calendar.hide()
            self.line.setFocus()
        else:
            event.ignore()


class TimeField(TypedField):
    """A time of day."""

    def read(self, text: str) -> str | None:
        if text.strip() == self.write(self.entry.value):
            return self.entry.value
        return (dates.read_time(text, local_offset()) or None) if text.strip() else ""

    def write(self, value: str) -> str:
        return dates.show_time(value)

    def complaint(self) -> str:
        return self.tr("没有这样的时间，请按 930 或 9:30 的样子填写。")

    def retranslate(self) -> None:
        self.line.setPlaceholderText(self.tr("如 930 或 9:30"))


class InstantField(TypedField):
    """A day and a time of day."""

    def read(self, text: str) -> str | None:
        if text.strip() == self.write(self.entry.value):
            return self.entry.value
        return (dates.read_instant(text, local_today(), local_offset()) or None) if text.strip() else ""

    def write(self, value: str) -> str:
        return f"{dates.show_date(value)} {dates.show_time(value)}" if value else ""

    def complaint(self) -> str:
        return self.tr("没有看懂，请按 20260315 930 的样子填写日期和时间。")

    def retranslate(self) -> None:
        self.line.setPlaceholderText(self.tr("日期 空格 时间，如 20260315 930"))


def _weekday(value: str) -> str:
    """The weekday in the screen's language: 日 after 星期, Sun in English."""
    if language.current() == "zh":
        return dates.weekday(value)
    day = QDate.fromString(value[:10], Qt.DateFormat.ISODate)
    return QLocale(_LOCALES[language.current()]).dayName(day.dayOfWeek(), QLocale.FormatType.ShortFormat)


def _calendar(parent: QWidget) -> QCalendarWidget:
    calendar = QCalendarWidget(parent)
    calendar.setObjectName("calendar")
    calendar.setGridVisible(False)
    calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
    calendar.setMaximumWidth(theme.px(380))
    calendar.setLocale(QLocale(_LOCALES[language.current()]))
    for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        calendar.setWeekdayTextFormat(day, QTextCharFormat())
    for name, icon in (("qt_calendar_prevmonth", "back"), ("qt_calendar_nextmonth", "forward")):
        button = calendar.findChild(QToolButton, name)
        if button is not None:
            button.setIcon(icons.icon(icon))
    return calendar


def _grain(appearance: str) -> str:
    if "month-year" in appearance:
        return "month"
    return "year" if "year" in appearance.split() else "day"
