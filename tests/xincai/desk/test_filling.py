"""A draft under the pen: nothing typed is lost, undo brings back what was, pictures are kept."""

import pytest
from desk_office import STORY, Office, picture

from forms import farms
from xincai.desk import Filling
from xincai.errors import Problem
from xincai.xforms import Session

NAME = "/data/subject/subject_name"
PRODUCT = "/data/operation/product"
SIGN = "/data/signature_group/subject_sign"
PHOTO = "/data/collector_group/site_photo"


def state(filling: Filling) -> bytes:
    return filling.session.draft_xml()


@pytest.fixture
def farm(office: Office) -> Filling:
    """A farm being visited, up to its products."""
    filling = office.desk.start("ff_collect")
    steps = STORY["ff_collect"]
    last = next(n for n, step in enumerate(steps) if step.ref.startswith(PRODUCT))
    farms.play(steps[:last], filling, lambda step: office.attach(filling, step))
    return filling


def test_a_draft_comes_back_to_the_letter(office: Office) -> None:
    told = office.fill("ff_collect")
    before, photo = state(told), told.attached(PHOTO)
    office.again().unlock("horse battery 42 staple")
    again = office.desk.resume(told.draft_id)
    assert state(again) == before
    assert again.findings() == ()
    for step in STORY["ff_collect"]:
        if isinstance(step, farms.Answer):
            assert again.entry(step.ref).value == step.value, step.ref
    assert again.attached(PHOTO) == photo
    assert photo
    assert again.attachments == told.attachments


def test_nothing_is_kept_before_the_first_saving(office: Office) -> None:
    filling = office.desk.start("commitment")
    assert office.desk.drafts() == ()
    filling.answer(NAME, "测试农场")
    assert filling.snapshot().save()
    (card,) = office.desk.drafts()
    assert (card.draft_id, card.subject_name, card.form_id) == (filling.draft_id, "测**", "commitment")


def test_a_snapshot_is_of_its_moment(farm: Filling, office: Office) -> None:
    early, before = farm.snapshot(), state(farm)
    farm.answer(NAME, "另一家")
    early.save()
    assert office.vault.draft(farm.draft_id).xml == before


def test_undo_takes_back_an_answer_a_row_and_a_removal(farm: Filling) -> None:
    states = [state(farm)]
    farm.answer(f"{PRODUCT}[1]/farm_product", "wheat")
    states.append(state(farm))
    farm.add_row(PRODUCT)
    states.append(state(farm))
    farm.answer(f"{PRODUCT}[2]/farm_product", "sheep")
    states.append(state(farm))
    changes = farm.remove_row(f"{PRODUCT}[1]")
    assert PRODUCT in changes.structure
    assert farm.entry(f"{PRODUCT}[1]/farm_product").value == "sheep"
    back = farm.undo()
    assert back is not None
    assert PRODUCT in back.structure
    for expected in reversed(states[1:]):
        assert state(farm) == expected
        farm.undo()
    assert state(farm) == states[0]


def test_undo_of_nothing_is_nothing(office: Office) -> None:
    assert office.desk.start("commitment").undo() is None


def test_a_refused_answer_changes_nothing_and_leaves_no_step(farm: Filling) -> None:
    farm.answer("/data/operation/farm_workers", "2")
    before = state(farm)
    with pytest.raises(Problem, match=r"xforms\.not_"):
        farm.answer("/data/operation/farm_workers", "two")
    assert state(farm) == before
    farm.undo()
    assert farm.entry("/data/operation/farm_workers").value == ""


def test_what_is_done_together_is_taken_back_together(farm: Filling) -> None:
    before = state(farm)
    with farm.together():
        farm.answer(f"{PRODUCT}[1]/farm_product", "wheat")
        farm.add_row(PRODUCT)
        farm.answer(f"{PRODUCT}[2]/farm_product", "peanut")
    assert farm.entry(PRODUCT).count == 2
    farm.undo()
    assert state(farm) == before


def test_together_without_a_change_is_no_step(farm: Filling) -> None:
    farm.answer(NAME, "另一家")
    with farm.together(), pytest.raises(Problem):
        farm.answer("/data/operation/farm_workers", "two")
    farm.undo()
    assert farm.entry(NAME).value == farms.farm().name


def test_undo_keeps_language_and_what_the_form_may_ask_of_this_device(farm: Filling) -> None:
    asked = "property('username')"
    farm.set_language("en")
    farm.answer(NAME, "另一家")
    assert farm.session.evaluate(asked) == "李秀兰"
    farm.undo()
    assert farm.session.evaluate(asked) == "李秀兰"
    assert farm.session.language == "English (en)"


def test_a_language_switch_changes_words_and_no_answer(farm: Filling) -> None:
    before, label = state(farm), farm.entry(NAME).label
    changes = farm.set_language("en")
    assert NAME in changes.labels
    assert farm.entry(NAME).label != label
    farm.set_language("zh")
    assert (state(farm), farm.entry(NAME).label) == (before, label)


def test_a_photograph_is_kept_and_found_by_its_question(office: Office, farm: Filling) -> None:
    ref = "/data/site/farm_photo"
    name = farm.attach(ref, picture(), "image/jpeg")
    assert farm.attached(ref) is None
    farm.answer(ref, name)
    kept = farm.attached(ref)
    assert kept is not None
    assert kept.startswith(b"\xff\xd8")
    farm.answer(ref, farm.attach(ref, picture(seed=90), "image/jpeg"))
    assert farm.attached(ref) != kept
    farm.undo()
    assert farm.attached(ref) == kept


def test_a_signature_needs_ink(office: Office) -> None:
    filling = office.desk.start("commitment")
    farms.play(STORY["commitment"][:-1], filling, lambda _: "")
    with pytest.raises(Problem, match=r"desk\.signature_empty"):
        filling.attach(SIGN, picture("paper"), "image/png")
    assert filling.attachments == ()
    filling.answer(SIGN, filling.attach(SIGN, picture("signature"), "image/png"))
    kept = filling.attached(SIGN)
    assert kept is not None
    assert kept.startswith(b"\x89PNG")


def test_only_pictures_are_attached(farm: Filling) -> None:
    for data, media_type, code in (
        (b"%PDF-1.7", "application/pdf", "attachment_kind"),
        (
            b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n",
            "image/jpeg",
            "picture_unreadable",
        ),
    ):
        with pytest.raises(Problem, match=rf"desk\.{code}"):
            farm.attach("/data/site/farm_photo", data, media_type)


def test_attachments_outlive_the_sweep_once_their_draft_is_saved(office: Office) -> None:
    told = office.fill("commitment")
    stray = office.desk.start("commitment")
    stray.attach(SIGN, picture("signature"), "image/png")
    office.again().unlock("horse battery 42 staple")
    assert office.desk.resume(told.draft_id).attached(SIGN) is not None
    assert office.vault.draft_attachments(stray.draft_id) == ()


def test_progress_counts_what_is_asked(office: Office) -> None:
    filling = office.desk.start("commitment")
    answered, required, broken = filling.progress()
    assert required > answered
    assert broken == 0
    farms.play(STORY["commitment"], filling, lambda step: office.attach(filling, step))
    answered, required, broken = filling.progress()
    assert answered >= required
    assert filling.subject_name() == farms.farm().name


def test_a_session_that_is_resumed_is_the_same_filling(office: Office) -> None:
    told = office.fill("land_transfer")
    again = Session.resume(told.session.form, state(told))
    assert again.draft_xml() == state(told)
