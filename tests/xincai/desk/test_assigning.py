"""What the platform publishes, taken up at a desk: forms on the shelf, visits, their progress."""

from pathlib import Path

import pytest

from desk_office import STORY, Office
from forms import farms
from gateway_here import OFFICE, GatewayHere, running
from xincai.desk import Step
from xincai.errors import Problem, explain
from xincai.wire.parcel import parcel_path
from xincai.wire.published import Assignment, NoticeText, Visit
from xincai_gateway import publishing, sticks

FORM = "| survey | type | name | label |\n| | text | crop | {label} |\n"


@pytest.fixture
def enrolled(office: Office, here: GatewayHere) -> Office:
    office.desk.enrol(here.url, here.code())
    return office


def never() -> bool:
    return False


def publish_form(here: GatewayHere, folder: Path, label: str) -> None:
    path = folder / "crop_flash.md"
    path.write_text(FORM.format(label=label), "utf-8")
    publishing.publish_form(here.gateway, path)


def publish_visit(here: GatewayHere, form_id: str, kind: str, *held: str) -> None:
    visit = Visit("v1", kind, "", "王测䶮", "410499101201", "柳河村", (), held)
    publishing.publish_assignment(
        here.gateway, Assignment("a1", "走访", "2026-12-31", (form_id,), (visit,)), OFFICE
    )


def test_a_published_form_is_on_the_shelf_and_a_draft_keeps_its_version(
    enrolled: Office, here: GatewayHere, tmp_path: Path
) -> None:
    desk = enrolled.desk
    publish_form(here, tmp_path, "作物")
    assert "crop_flash" not in [card.form_id for card in desk.forms()]
    desk.pull(never)
    assert "crop_flash" in [card.form_id for card in desk.forms()]
    filling = desk.start("crop_flash")
    (question,) = [entry for entry in filling.children() if entry.name == "crop"]
    filling.answer(question.ref, "小麦")
    filling.snapshot().save()
    publish_form(here, tmp_path, "今年的作物")
    desk.pull(never)
    again = desk.resume(filling.draft_id)
    assert again.entry(question.ref).label == "作物"
    assert desk.start("crop_flash").entry(question.ref).label == "今年的作物"
    publishing.withdraw(here.gateway, "form", "crop_flash")
    desk.pull(never)
    assert "crop_flash" not in [card.form_id for card in desk.forms()]
    assert desk.resume(filling.draft_id).entry(question.ref).value == "小麦"


def test_a_published_form_that_cannot_be_read_is_set_aside_and_the_rest_is_used(
    enrolled: Office, here: GatewayHere
) -> None:
    publishing.publish_notice(here.gateway, NoticeText("n1", "2026-11-20T08:00:00Z", "通知"))
    publishing._publish(here.gateway, "", "form", "broken", {"form.xml": b"<h:html", "card.json": b"{}"})
    problem = enrolled.desk.pull(never).problem
    assert [card.words["zh"] for card in enrolled.desk.notices()] == ["通知"]
    assert problem is not None
    assert problem.code == "desk.set_aside"
    assert "broken" in explain(problem).what
    assert "broken" not in [card.form_id for card in enrolled.desk.forms()]
    publish_visit(here, "broken", "HH")
    ((visit,),) = [card.visits for card in enrolled.desk.pull(never).cards]
    with pytest.raises(Problem) as caught:
        enrolled.desk.start_visit(visit.visit_id)
    assert "broken" in explain(caught.value).what
    publishing.withdraw(here.gateway, "form", "broken")
    assert enrolled.desk.pull(never).problem is None


def test_what_the_platform_holds_is_not_asked(enrolled: Office, here: GatewayHere) -> None:
    publish_visit(here, "household", "HH", "9/re")
    enrolled.desk.pull(never)
    ((visit,),) = [card.visits for card in enrolled.desk.assignments().cards]
    assert (visit.subject_name, visit.held, visit.status) == ("王**", 1, None)
    told = enrolled.desk.start_visit(visit.visit_id)
    asked = enrolled.desk.start("household")
    group = next(path for path in told.session.form.places if path.endswith("/held_group"))
    assert told.entry(group).relevant
    assert not asked.entry(group).relevant


def test_what_is_given_to_whoever_works_here_comes_first(enrolled: Office, here: GatewayHere) -> None:
    me, visit = enrolled.desk.profile().name, Visit("v1", "HH", "", "王测䶮", "410499101201", "柳河村")
    for name, due, officer in (
        ("a1", "2026-12-01", "别人"),
        ("a2", "2026-12-31", me),
        ("a3", "2026-12-15", ""),
    ):
        publishing.publish_assignment(
            here.gateway, Assignment(name, "走访", due, ("commitment",), (visit,), officer), OFFICE
        )
    enrolled.desk.pull(never)
    cards = enrolled.desk.assignments().cards
    assert [(card.assignment_id, card.officer, card.mine) for card in cards] == [
        ("a3", "", True),
        ("a2", me, True),
        ("a1", "别人", False),
    ]


def test_a_delivery_brings_what_is_published_and_progress_follows_the_record(
    enrolled: Office, here: GatewayHere
) -> None:
    desk = enrolled.desk
    publish_visit(here, "commitment", "HH")
    enrolled.seal("subsidy")
    desk.sign_batch()
    desk.deliver(lambda _: None, never)
    (card,) = desk.assignments().cards
    assert (card.done, len(card.visits)) == (0, 1)
    filling = desk.start_visit(card.visits[0].visit_id)
    filling.clear_copied()
    farms.play(STORY["commitment"], filling, lambda step: enrolled.attach(filling, step))
    filling.snapshot().save()
    record = desk.seal(filling)
    (card,) = desk.assignments().cards
    assert (card.done, card.visits[0].status, card.visits[0].record_id) == (1, "sealed", record.record_id)
    with pytest.raises(Problem, match=r"desk\.visit_sealed"):
        desk.start_visit(card.visits[0].visit_id)
    desk.sign_batch()
    desk.deliver(lambda _: None, never)
    (card,) = desk.assignments().cards
    assert card.visits[0].status == "accepted"


def test_a_visit_that_was_withdrawn_begins_nothing(enrolled: Office, here: GatewayHere) -> None:
    publish_visit(here, "household", "HH")
    enrolled.desk.pull(never)
    ((visit,),) = [card.visits for card in enrolled.desk.assignments().cards]
    publishing.withdraw(here.gateway, "assignment", "a1", OFFICE)
    enrolled.desk.pull(never)
    with pytest.raises(Problem, match=r"desk\.visit_withdrawn"):
        enrolled.desk.start_visit(visit.visit_id)
    assert enrolled.desk.drafts() == ()


def test_what_another_gateway_published_is_not_shown(
    enrolled: Office, here: GatewayHere, tmp_path: Path
) -> None:
    publish_visit(here, "household", "HH")
    enrolled.desk.pull(never)
    with running(tmp_path / "other") as other:
        enrolled.desk.enrol(other.url, other.code())
        assert enrolled.desk.assignments().cards == ()
        assert enrolled.desk.assignments().as_of is None
        enrolled.desk.pull(never)
        assert enrolled.desk.assignments().as_of is not None


def test_a_stick_that_comes_back_brings_new_forms_without_any_line(
    enrolled: Office, here: GatewayHere, tmp_path: Path
) -> None:
    desk = enrolled.desk
    enrolled.seal()
    batch = desk.sign_batch()
    publish_form(here, tmp_path, "作物")
    publish_visit(here, "crop_flash", "HH")
    back = tmp_path / "receipts.json"
    sticks.take(here.gateway, back, *desk.export_batch(batch.manifest_id, tmp_path))
    assert "crop_flash" not in [card.form_id for card in desk.forms()]
    assert desk.take_return(back).settled == 1
    assert "crop_flash" in [card.form_id for card in desk.forms()]
    assignments = desk.assignments()
    assert [card.title for card in assignments.cards] == ["走访"]
    assert assignments.problem is None
    parcel = parcel_path(back)
    parcel.write_bytes(parcel.read_bytes()[:-1])
    assert desk.take_return(back).settled == 1
    problem = desk.assignments().problem
    assert problem is not None
    assert problem.code == "wire.bad_envelope"


def test_how_far_a_pull_is_is_told(enrolled: Office, here: GatewayHere, tmp_path: Path) -> None:
    publish_form(here, tmp_path, "作物")
    steps: list[Step] = []
    enrolled.desk.pull(never, steps.append)
    assert {step.name for step in steps} == {"pull"}
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert steps[-1].done == steps[-1].total > 0
    assert all(step.bytes_per_second > 0 for step in steps)
