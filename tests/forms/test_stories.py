"""The stories fill every form to the end, and refusing is honoured."""

import pytest

from forms import farms
from synthetic import Synthetic
from xincai.shelf import Shelf
from xincai.xforms import Entry, Session

STORIES = [("farm", form_id) for form_id in farms.farm_story()] + [
    ("firm", form_id) for form_id in farms.firm_story()
]


def told(shelf: Shelf, form_id: str, steps: list[farms.Step]) -> Session:
    session = Session.new(shelf.open(form_id))
    farms.play(steps, session, lambda step: step.ref.rsplit("/", 1)[-1] + ".png")
    return session


def questions(session: Session, ref: str | None = None) -> list[Entry]:
    found = []
    for entry in session.children(ref):
        if entry.kind == "question":
            found.append(entry)
        elif entry.relevant:
            found += questions(session, entry.ref)
    return found


@pytest.mark.parametrize(("teller", "form_id"), STORIES)
def test_a_story_leaves_nothing_open(shelf: Shelf, teller: str, form_id: str) -> None:
    story = farms.farm_story() if teller == "farm" else farms.firm_story()
    session = told(shelf, form_id, story[form_id])
    assert session.findings() == ()
    assert session.finalize()
    subject = farms.farm() if teller == "farm" else farms.firm()
    marked = {marks["subject"]: value for _, value, marks in session.leaves() if value and "subject" in marks}
    assert marked["name"] == subject.name
    assert marked["code"] == subject.uscc
    assert marked["kind"] == subject.kind
    assert subject.name in session.instance_name


def test_stories_are_the_same_each_time() -> None:
    assert farms.farm_story() == farms.farm_story()
    assert farms.farm_story(1) != farms.farm_story(2)


@pytest.mark.parametrize("form_id", ["agri_insurance", "ff_collect", "land_transfer", "subsidy"])
def test_refusing_everything_asks_nothing_more_about_the_person(shelf: Shelf, form_id: str) -> None:
    session = Session.new(shelf.open(form_id))
    story = farms.farm_story()[form_id]
    for step in story:
        if isinstance(step, farms.Answer) and step.ref.startswith("/data/subject/"):
            session.answer(step.ref, step.value)
    session.answer("/data/consent/pc_handler", farms.OFFICE)
    session.answer("/data/consent/pc_hotline", farms.HOTLINE)
    session.answer("/data/consent/pc_read", "1")
    session.answer("/data/consent/pc_general", "0")
    for step in story:
        if isinstance(step, farms.Answer) and step.ref.startswith("/data/collector_group/"):
            if step.ref.endswith("site_point"):
                continue
            session.answer(step.ref, step.value)
    assert session.findings() == ()
    asked = [entry for entry in questions(session) if entry.relevant]
    assert not [entry.ref for entry in asked if entry.attributes.get("level") == "L4"]
    assert session.entry("/data/consent/pc_refused").relevant
    assert session.finalize()


@pytest.mark.parametrize("form_id", ["agri_insurance", "ff_collect", "land_transfer", "subsidy", "ent_basic"])
@pytest.mark.parametrize("refused", ["pc_id", "pc_finance", "pc_location"])
def test_refusing_one_consent_closes_what_it_gates(shelf: Shelf, form_id: str, refused: str) -> None:
    story = {**farms.farm_story(), **farms.firm_story()}[form_id]
    session = told(shelf, form_id, story)
    ref = f"/data/consent/{refused}"
    if f"{ref}=" not in " ".join(f"{step.ref}=" for step in story):
        return
    before = session.finalize()
    session.answer(ref, "0")
    left = [
        entry for entry in questions(session) if entry.attributes.get("consent") == refused and entry.relevant
    ]
    assert not left
    assert session.findings() == ()
    assert len(session.finalize()) < len(before)


def test_a_household_without_any_register_number_can_be_filed(shelf: Shelf) -> None:
    session = Session.new(shelf.open("ff_collect"))
    session.answer("/data/subject/subject_kind", "HH")
    session.answer("/data/subject/subject_name", "孙测二")
    session.answer("/data/subject/code_kind", "LOCAL")
    session.answer("/data/subject/local_code", "柳河-023")
    codes = [value for _, value, marks in session.leaves() if marks.get("subject") == "code" and value]
    assert codes == ["柳河-023"]
    assert not session.entry("/data/subject/uscc").relevant


def test_the_county_of_the_list_is_offered(shelf: Shelf) -> None:
    session = Session.new(shelf.open("ent_basic"))
    session.answer("/data/consent/pc_read", "1")
    session.answer("/data/consent/pc_general", "1")
    assert session.entry("/data/place/region_county").value == "410499"
    towns = [choice.label for choice in session.choices("/data/place/region_town")]
    assert "柳河镇" in towns
    assert len(towns) == 9


def test_the_officers_name_comes_from_the_sign_in(shelf: Shelf) -> None:
    session = Session.new(shelf.open("subsidy"), properties={"username": "刘测员"})
    assert session.entry("/data/collector_group/collector").value == "刘测员"


def test_a_form_speaks_english(shelf: Shelf) -> None:
    session = Session.new(shelf.open("ff_collect"))
    session.set_language("English (en)")
    session.answer("/data/subject/subject_name", " ")
    assert session.entry("/data/subject/subject_name").label == "Name"
    session.answer("/data/subject/code_kind", "USCC")
    session.answer("/data/subject/uscc", Synthetic(3).uscc()[:-1] + "I")
    assert "Compare it with the licence" in session.entry("/data/subject/uscc").problem
