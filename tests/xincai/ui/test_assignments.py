"""采集任务: a roster that the platform publishes, through a real gateway, to visits filled in the window."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from gateway_here import OFFICE, GatewayHere
from hand import Hand
from xincai.desk import VisitCard
from xincai.ui.parts import EmptyState, PagingTable
from xincai_gateway.__main__ import main


def publish(here: GatewayHere, *words: str) -> None:
    """Run the gateway's own command line over its data."""
    folder = str(here.gateway.settings.folder)
    assert main([*words, "--data", folder, "--practice"]) == 0


def household(name: str, phone: str = "13800000000") -> str:
    return f"HH,,{name},410499101201,柳河村,9/re,local,{phone}\n"


@pytest.fixture
def officer(inside: Hand, here: GatewayHere, tmp_path: Path) -> Hand:
    """An officer enrolled at a gateway that gives out a roster of three households in two villages."""
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "kind,code,name,region,village,held,code_kind,household.hh_phone\n"
        + household("王测䶮")
        + household("李示例", "13900000000")
        + "HH,,赵样本,410499101202,东坡村,,,\n",
        "utf-8",
    )
    words = (
        "--office",
        OFFICE,
        "--id",
        "liuhe",
        "--title",
        "柳河乡 2026 秋季农户采集",
        "--due",
        "2099-12-31",
    )
    publish(here, "publish", "assignment", str(roster), *words, "--form", "household")
    notice = tmp_path / "notice.txt"
    notice.write_text("本周五前完成柳河村采集。", "utf-8")
    publish(here, "publish", "notice", str(notice), "--english", "Finish Liuhe by Friday.")
    inside.desk.enrol(here.url, here.code())
    return inside


def cells(hand: Hand) -> list[list[str]]:
    model = hand.find("assignments.table", PagingTable).model()
    rows, columns = range(model.rowCount()), range(model.columnCount())
    return [[str(model.index(row, column).data()) for column in columns] for row in rows]


def test_before_enrolment_the_page_says_what_is_missing(inside: Hand) -> None:
    inside.click("rail.assignments")
    assert inside.find("assignments.none", EmptyState).isVisible()
    assert inside.find("assignments.link").isVisible()
    assert not inside.find("assignments.pull").isEnabled()


def test_a_roster_becomes_visits_that_are_filled_and_counted(officer: Hand) -> None:
    officer.click("rail.assignments")
    assert officer.find("assignments.none").isVisible()
    officer.click("assignments.pull")
    assert [row[0] for row in cells(officer)] == ["赵**", "王**", "李**"]
    assert {row[5] for row in cells(officer)} == {"未开始"}
    assert officer.words("assignments.far") == "已封存 0/3"
    officer.pick("assignments.village", 2)
    assert [row[0] for row in cells(officer)] == ["王**", "李**"]
    assert [row[4] for row in cells(officer)] == ["1 类信息", "1 类信息"]
    officer.find("assignments.table").setFocus()
    officer.press(Qt.Key.Key_Return)
    assert officer.window.place == "filling"
    (draft,) = officer.desk.drafts()
    filling = officer.desk.resume(draft.draft_id)
    assert filling.session.form.form_id == "household"
    assert filling.subject_name() == "王测䶮"
    assert any(value == "9/re" for ref, value in answers(filling) if ref.endswith("/held"))
    assert filling.copied_origins()["/data/subject/subject_name"] == "platform"
    officer.click("rail.assignments")
    assert [row[5] for row in cells(officer)] == ["草稿", "未开始"]
    assert officer.find("assignments.village", QComboBox).currentIndex() == 2
    officer.find("assignments.table").setFocus()
    officer.press(Qt.Key.Key_Return)
    assert [each.draft_id for each in officer.desk.drafts()] == [draft.draft_id]


def test_whom_an_assignment_is_given_to_stands_beside_its_name(
    officer: Hand, here: GatewayHere, tmp_path: Path
) -> None:
    roster = tmp_path / "two.csv"
    roster.write_text("kind,name,region,village\nHH,孙例,410499101203,西坡村\n", "utf-8")
    words = ("--office", OFFICE, "--due", "2099-11-30", "--form", "household")
    for name, given in (("a-mine", officer.desk.profile().name), ("a-theirs", "别人")):
        publish(here, "publish", "assignment", str(roster), *words, "--id", name, "--officer", given)
    officer.click("rail.assignments")
    officer.click("assignments.pull")
    which = officer.find("assignments.which", QComboBox)
    assert [which.itemText(number) for number in range(which.count())] == [
        "a-mine（派给我）",
        "柳河乡 2026 秋季农户采集",
        "a-theirs（派给别人）",
    ]


def test_what_the_platform_knows_waits_for_the_consent_that_opens_it(officer: Hand) -> None:
    officer.desk.pull(lambda: False)
    visit = visits(officer)[1]
    filling = officer.desk.start_visit(visit.visit_id)
    phone = next(path for path in filling.session.form.places if path.endswith("/hh_phone"))
    assert not filling.entry(phone).relevant
    assert filling.taking_over is not None
    assert filling.taking_over.given[phone] == "13800000000"
    again = officer.desk.start_visit(visit.visit_id)
    assert again.draft_id == filling.draft_id
    assert again.taking_over is not None
    assert again.taking_over.given == filling.taking_over.given
    for name in ("pc_read", "pc_general"):
        ref = next(path for path in again.session.form.places if path.endswith(f"/{name}"))
        again.answer(ref, "1" if name == "pc_general" else again.choices(ref)[0].value)
    if not again.entry(phone).relevant:
        ref = next(path for path in again.session.form.places if path.endswith("/pc_id"))
        again.answer(ref, "1")
    assert again.entry(phone).value == "13800000000"
    assert again.copied_origins()[phone] == "platform"
    again.answer(phone, "13700000000")
    assert phone not in again.copied_origins()


def test_notices_stand_on_home_in_the_language_that_is_worn(officer: Hand) -> None:
    officer.desk.pull(lambda: False)
    officer.click("rail.assignments")
    officer.click("rail.home")
    assert "本周五前完成柳河村采集。" in officer.find("home.notice.0").words()  # type: ignore[attr-defined]


def test_without_the_platform_the_visits_stay_and_the_page_says_so(officer: Hand, here: GatewayHere) -> None:
    officer.desk.pull(lambda: False)
    device = officer.desk._vault.device()
    assert device is not None
    gone = type(device)(**{**vars(device), "gateway_url": "http://127.0.0.1:9"})
    officer.desk._vault.save_device(gone)
    officer.click("rail.assignments")
    officer.click("assignments.pull")
    assert len(cells(officer)) == 3
    assert "任务是" in officer.find("assignments.age").words()  # type: ignore[attr-defined]


def visits(hand: Hand) -> tuple[VisitCard, ...]:
    (card,) = hand.desk.assignments().cards
    return card.visits


def answers(filling: object) -> list[tuple[str, str]]:
    session = filling.session  # type: ignore[attr-defined]  # a filling
    return [(ref, value) for ref, _, value, _, _ in session.nodes() if value]
