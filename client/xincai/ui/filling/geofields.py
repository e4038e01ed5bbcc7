"""Places: a point typed as two numbers; an outline drawn, typed, pasted or imported."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPlainTextEdit, QWidget

from xincai import errors
from xincai.desk import Entry
from xincai.errors import Problem
from xincai.ui import language, parts, theme
from xincai.ui.filling import shape
from xincai.ui.filling.field import Departure, Field, Line, TypedField
from xincai.ui.filling.geo import Canvas
from xincai.ui.filling.scribe import Scribe
from xincai.ui.guard import guarded

_LARGEST = 5 * 1024 * 1024
_ENOUGH = 3
"""Corners an outline needs."""


class PointField(TypedField):
    """One place, as latitude and longitude in either order."""

    def read(self, text: str) -> str | None:
        if not text.strip():
            return ""
        if text == self.write(self.entry.value):
            return self.entry.value
        point = shape.read_point(text)
        return shape.write_point(point, *shape.read_height(text)) if point else None

    def write(self, value: str) -> str:
        return ", ".join(value.split()[:2])

    def complaint(self) -> str:
        return self.tr("请填纬度和经度两个数，例如 33.97, 113.21。")

    def remark(self, value: str) -> str:
        if not value:
            return ""
        latitude, longitude = value.split()[:2]
        said = self.tr("纬度 {latitude}°，经度 {longitude}°").format(latitude=latitude, longitude=longitude)
        return said + self._accuracy(value)

    def _accuracy(self, value: str) -> str:
        """How exact the place is, and whether the form wants it more exact."""
        accuracy = shape.read_height(value)[1]
        if not accuracy:
            return ""
        wanted = self.entry.parameters.get("unacceptableAccuracyThreshold", "")
        said = self.tr("，精度 {metres} 米").format(metres=f"{accuracy:g}")
        if wanted.replace(".", "", 1).isdecimal() and accuracy > float(wanted):
            return said + self.tr("，不够准：要求在 {metres} 米以内").format(metres=wanted)
        return said

    def retranslate(self) -> None:
        self.line.setPlaceholderText(self.tr("纬度, 经度，如 33.97, 113.21"))


class OutlineField(Field):
    """An outline (geoshape) or a line (geotrace): canvas, coordinates as text, GeoJSON."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        super().__init__(entry, scribe, parent)
        self._closed = entry.type == "geoshape"
        self.canvas = Canvas(closed=self._closed, parent=self)
        self.canvas.setObjectName(f"q:{entry.ref}")
        self.canvas.setAccessibleName(entry.label)
        self.place = Line(parent=self)
        self.place.setObjectName(f"locate:{entry.ref}")
        self.corners = QPlainTextEdit(self)
        self.corners.setObjectName(f"coords:{entry.ref}")
        self.corners.setTabChangesFocus(True)
        self.corners.setFixedHeight(theme.px(112))
        self._lay_out()
        departure = Departure(self)
        for widget in (self.canvas, self.place, self.corners):
            departure.watch(widget)
        departure.departed.connect(self._on_departed)
        self.canvas.changed.connect(self._on_drawn)
        self.canvas.pasted.connect(self._on_pasted)
        self.place.returnPressed.connect(self._on_place)
        self.place.departed.connect(self._on_place)
        self._drawn = ""
        self.retranslate()
        self._show(fit=True)

    def _lay_out(self) -> None:
        ref = self.entry.ref
        self._undo = parts.button("", f"undo:{ref}", "quiet")
        self._fit = parts.button("", f"fit:{ref}", "quiet")
        self._import = parts.button("", f"import:{ref}", "quiet")
        self._clear = parts.button("", f"clear:{ref}", "quiet")
        self._typed = parts.button("", f"type:{ref}", "quiet")
        self._typed.setCheckable(True)
        self._size = parts.text("", "label")
        bar = QHBoxLayout()
        bar.setSpacing(0)
        bar.addWidget(self.place, 1)
        bar.addSpacing(8)
        for button in (self._undo, self._fit, self._typed, self._import, self._clear):
            bar.addWidget(button)
        self.box.addLayout(bar)
        self.box.addWidget(self.canvas)
        self.box.addWidget(self.corners)
        self.box.addWidget(self._size)
        self.corners.hide()
        self._undo.clicked.connect(self._on_undo)
        self._fit.clicked.connect(self.canvas.fit)
        self._import.clicked.connect(self._on_import)
        self._clear.clicked.connect(self._on_clear)
        self._typed.toggled.connect(self.corners.setVisible)

    def hand(self) -> QWidget:
        self._find_place()
        return self.canvas if self.canvas.is_placed else self.place

    def show_entry(self, entry: Entry) -> None:
        changed = entry.value != self._drawn
        super().show_entry(entry)
        if changed:
            self.canvas.forget()
            self._show(fit=True)
        else:
            self._show_size()

    @property
    def is_unread(self) -> bool:
        typed = self.corners.isVisible() and self.corners.toPlainText().strip() != self._as_text()
        return typed or self._unfinished()

    def settle(self) -> None:
        """Take in coordinates typed as text."""
        if self.corners.isVisible() and self.corners.toPlainText().strip() != self._as_text():
            self._read_text(self.corners.toPlainText())

    def retranslate(self) -> None:
        self.place.setPlaceholderText(self.tr("定位到：纬度, 经度"))
        self.canvas.words = (
            self.tr("沿地块边界依次点出拐点。拖动拐点可移动，选中后按 Delete 删除，滚轮缩放，右键拖动平移。")
            if self.canvas.is_placed
            else self.tr("先在上面填一个坐标定位，或者粘贴、导入坐标。")
        )
        self.corners.setPlaceholderText(self.tr("每行一个拐点：纬度, 经度（先经度后纬度也能识别）"))
        self._undo.setText(self.tr("撤销一点"))
        self._fit.setText(self.tr("看全图"))
        self._typed.setText(self.tr("填坐标"))
        self._import.setText(self.tr("导入"))
        self._import.setToolTip(self.tr("导入 GeoJSON 文件"))
        self._clear.setText(self.tr("清除"))
        self.canvas.update()
        self._show_size()

    def import_file(self, path: Path) -> None:
        """Take the first outline of a GeoJSON file."""
        try:
            data = path.read_bytes() if path.stat().st_size <= _LARGEST else b""
        except OSError:
            data = b""
        rings = shape.read_geojson(data)
        if not rings:
            self.refused.emit(
                self.tr("文件里没有找到经纬度的地块边界，请导出为 GeoJSON（CGCS2000 或 WGS84）。")
            )
            return
        if len(rings) > 1:
            self.remarked.emit(
                self.tr("文件里有 {count} 个地块，已取第一个；其余请另加一行再导入。").format(
                    count=len(rings)
                )
            )
        self._give(rings[0])

    def _show(self, *, fit: bool) -> None:
        ring, _ = shape.read_ring(self.entry.value)
        if not self._closed and self.entry.value:
            ring = tuple(p for p in map(shape.read_point, self.entry.value.split(";")) if p)
        self._drawn = self.entry.value
        if not ring:
            self._find_place()
        if ring or not self._unfinished():
            self.canvas.show_ring(ring, fit=fit)
        self.corners.setPlainText(self._as_text())
        self.retranslate()

    def _unfinished(self) -> bool:
        """Whether corners are being set that do not make an outline yet."""
        return 0 < len(self.canvas.ring) < self._least()

    def _least(self) -> int:
        return _ENOUGH if self._closed else 2

    def _as_text(self) -> str:
        return "\n".join(f"{latitude:.7f}, {longitude:.7f}" for latitude, longitude in self.canvas.ring)

    def _find_place(self) -> None:
        """Go where the filling is already, if the canvas does not know where it is."""
        known = None if self.canvas.is_placed else shape.known_place(self.scribe.filling.questions())
        if known is not None:
            self.canvas.look_at(known)
            self.retranslate()

    def _show_size(self) -> None:
        crossed = shape.crossing(self.canvas.ring) if self._closed else None
        if crossed:
            words = self.tr("第 {one} 条边与第 {other} 条边交叉，请把拐点按顺序排好。")
            self._size.setText(words.format(one=crossed[0], other=crossed[1]))
            theme.dress(self._size, "label", "bad")
            return
        theme.dress(self._size, "label")
        self._size.setText(self._size_words())

    def _size_words(self) -> str:
        count = len(self.canvas.ring)
        if not count:
            return ""
        if self._unfinished():
            return self.tr("已有 {count} 个拐点，至少要 {least} 个。").format(
                count=count, least=self._least()
            )
        if not self._closed:
            return self.tr("已有 {count} 个点。").format(count=count)
        try:
            parcel = self.scribe.filling.area(shape.write_ring(self.canvas.ring))
        except Problem as problem:
            return errors.explain(problem, language.current()).what
        return self.tr("面积 {mu} 亩（{hectares} 公顷），周长 {around} 米，{count} 个拐点").format(
            mu=f"{parcel.mu:,.2f}",
            hectares=f"{parcel.hectares:,.4f}",
            around=f"{parcel.perimeter:,.0f}",
            count=count,
        )

    def _on_drawn(self, ring: shape.Ring) -> None:
        self.corners.setPlainText(self._as_text())
        self._store(ring)
        self._show_size()

    def _give(self, ring: shape.Ring) -> None:
        self.canvas.show_ring(ring)
        self.canvas.forget()
        self._on_drawn(ring)
        self.retranslate()

    def _store(self, ring: shape.Ring) -> None:
        if 0 < len(ring) < self._least():
            value = ""
        elif self._closed:
            value = shape.write_ring(ring)
        else:
            value = "; ".join(map(shape.write_point, ring))
        self._drawn = value
        if value != self.entry.value:
            self.given.emit(value)

    def _read_text(self, text: str) -> None:
        ring, wrong = shape.read_ring(text)
        if wrong:
            self.refused.emit(
                self.tr("第 {line} 行不是一个坐标，每行要有纬度和经度两个数。").format(line=wrong)
            )
        elif ring != self.canvas.ring:
            self._give(ring)

    def _on_pasted(self) -> None:
        self._typed.setChecked(True)
        self._read_text(QGuiApplication.clipboard().text())

    def _on_place(self) -> None:
        text = self.place.text().strip()
        if not text:
            return
        point = shape.read_point(text)
        if point is None:
            self.refused.emit(self.tr("请填纬度和经度两个数，例如 33.97, 113.21。"))
            return
        self.place.clear()
        self.canvas.look_at(point)
        self.retranslate()
        self.canvas.setFocus()

    def _on_undo(self) -> None:
        self.canvas.undo()

    def _on_clear(self) -> None:
        self._give(())

    def _on_import(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, self.tr("导入地块边界"), "", self.tr("GeoJSON (*.geojson *.json)")
        )
        if chosen:
            self.import_file(Path(chosen))

    def _on_departed(self) -> None:
        self.settle()
        self.departed.emit()

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.settle()
            self.onward.emit()
        else:
            event.ignore()
