"""Forms of others: dropped on the forms page, looked through, filled, sealed, withdrawn."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel

from hand import Hand
from xincai.desk import Desk
from xincai.ui.pages.choose import ChoosePage

CENSUS = """
| settings | form_id | form_title | version | instance_name |
| | village_census | 村情调查表 | {version} | ${{head}} |
| survey | type | name | label | constraint | required |
| | text | head | 户主姓名 | | yes |
| | select_one crop | crop | 种什么 | | yes |
| | integer | size | 几口人 | . > 0 | |
| choices | list_name | name | label |
| | crop | wheat | 小麦 |
| | crop | corn | 玉米 |
"""
WRONG = """
| settings | form_id | form_title | version |
| | broken | 有错的表 | 1 |
| survey | type | name | label | relevant | constraint | calculation |
| | text | head | 户主姓名 | | | |
| | integer | size | 几口人 | ${haed} != '' | . > 0 and nosuch(.) | |
| | intger | age | 年龄 | | | |
| | calculate | one | | | | ${two} + 1 |
| | calculate | two | | | | ${one} + 1 |
"""


def written(folder: Path, text: str, name: str = "census.md") -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def drop(hand: Hand, *files: Path) -> None:
    """Drag files over the forms page and let go."""
    page = hand.find("choose", ChoosePage)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    over = QDragEnterEvent(QPoint(20, 20), Qt.DropAction.CopyAction, data, left, none)
    hand.app.sendEvent(page, over)
    assert over.isAccepted()
    assert hand.find("choose.drop").isVisible()
    hand.app.sendEvent(page, QDropEvent(QPointF(20, 20), Qt.DropAction.CopyAction, data, left, none))
    hand.rest()


def brought_in(hand: Hand, *files: Path) -> None:
    hand.click("rail.choose")
    drop(hand, *files)


def remarks(hand: Hand) -> list[tuple[str, str]]:
    """Place and words of each remark in view."""
    page = hand.find("choose", ChoosePage)
    found = []
    for number in range(60):
        place = page.findChild(QLabel, f"choose.remark.{number}.where")
        what = page.findChild(QLabel, f"choose.remark.{number}.what")
        if what is None:
            break
        found.append((place.text() if place else "", what.text()))
    return found


def sealed(desk: Desk, form_sm3: str, head: str) -> str:
    filling = desk.start_imported(form_sm3)
    filling.answer("/data/head", head)
    filling.answer("/data/crop", "corn")
    return desk.seal(filling).record_id


def test_a_form_dropped_on_the_page_can_be_filled_and_sealed(inside: Hand, tmp_path: Path) -> None:
    brought_in(inside, written(tmp_path, CENSUS.format(version="2026.1")))
    assert "村情调查表" in inside.words("window.said") or inside.find("window.said").isVisible()
    (form,) = inside.desk.imported()
    assert (form.card.form_id, form.card.version) == ("village_census", "2026.1")
    inside.click("choose.start_imported.village_census")
    assert inside.window.place == "filling"
    record = inside.desk.record(sealed(inside.desk, form.form_sm3, "王测试"))
    assert record.card.form_title["zh"] == "村情调查表"
    assert [(answer.level, answer.masked[:1]) for s in record.sections for answer in s.answers] == [
        ("L3", "王"),
        ("L3", "玉"),
    ]
    assert record.card.subject_name == "王**"


def test_every_mistake_is_shown_with_its_row_and_column(inside: Hand, tmp_path: Path) -> None:
    brought_in(inside, written(tmp_path, WRONG, "wrong.md"))
    assert inside.desk.imported() == ()
    told = remarks(inside)
    assert len(told) == 4
    places = [place for place, _ in told]
    assert any("第 6 行" in place and "relevant" in place for place in places)
    assert any("第 6 行" in place and "constraint" in place for place in places)
    assert any("第 7 行" in place and "type" in place for place in places)
    assert any("nosuch" in what for _, what in told)
    inside.click("choose.remarks.copy")
    assert "wrong.md:survey:6:relevant" in inside.app.clipboard().text()
    inside.click("choose.remarks.close")
    assert not inside.window.findChild(ChoosePage).remarks.isVisible()


def test_a_form_with_files_comes_in_together(inside: Hand, tmp_path: Path) -> None:
    text = CENSUS.format(version="1").replace("select_one crop", "select_one_from_file crops.csv")
    form = written(tmp_path, text)
    crops = written(tmp_path, "name,label\ncorn,玉米\n", "crops.csv")
    brought_in(inside, form, crops)
    (kept,) = inside.desk.imported()
    assert kept.card.files == ("crops.csv",)
    filling = inside.desk.start_imported(kept.form_sm3)
    assert [choice.label for choice in filling.choices("/data/crop")] == ["玉米"]


def test_what_is_no_form_is_said_at_the_top(inside: Hand, tmp_path: Path) -> None:
    brought_in(inside, written(tmp_path, "not a form", "letter.docx"))
    assert "letter.docx" in inside.find("choose.trouble").words()  # type: ignore[attr-defined]


def test_a_withdrawn_form_is_offered_no_longer(
    inside: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought_in(inside, written(tmp_path, CENSUS.format(version="1")))
    (form,) = inside.desk.imported()
    filling = inside.desk.start_imported(form.form_sm3)
    filling.answer("/data/head", "王测试")
    filling.snapshot().save()
    asked: list[str] = []
    monkeypatch.setattr("xincai.ui.work.choose.sure", lambda _page, words, _act: asked.append(words) or True)
    inside.click("choose.withdraw.village_census")
    assert len(asked) == 1
    assert not inside.window.findChildren(QLabel, "choose.imported.village_census")
    assert inside.desk.imported() == ()
    again = inside.desk.resume(filling.draft_id)
    assert again.entry("/data/head").value == "王测试"


def test_importing_can_be_stopped(inside: Hand, tmp_path: Path) -> None:
    inside.click("rail.choose")
    errand = inside.window._errands["choose"]
    errand.import_files((written(tmp_path, CENSUS.format(version="1")),))
    assert not inside.find("choose.import").isEnabled()
    errand._cancel()
    inside.rest()
    assert inside.desk.imported() == ()
    assert inside.find("choose.import").isEnabled()


def test_a_countys_list_dropped_here_is_what_forms_offer_from_then_on(inside: Hand, tmp_path: Path) -> None:
    rows = "county,code,name\n410499,410499111000,新河镇\n410499,410499111201,柳林村\n"
    wrong = written(tmp_path, f"{rows}410499,410499112201,孤村\n", "wrong.csv")
    brought_in(inside, wrong)
    assert "4" in inside.find("choose.trouble").words()  # type: ignore[attr-defined]
    assert "410499112000" in inside.find("choose.trouble").words()  # type: ignore[attr-defined]
    assert len(towns(inside.desk)) > 1
    brought_in(inside, written(tmp_path, rows, "list.csv"))
    assert towns(inside.desk) == ["新河镇"]


def towns(desk: Desk) -> list[str]:
    filling = desk.start("household")
    filling.answer("/data/consent/pc_general", "1")
    return [choice.label for choice in filling.choices("/data/place/region_town")]
