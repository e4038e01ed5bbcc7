"""What is taken over from the last record of the same form and subject, and what never is."""

import pytest
from desk_office import STORY, Office

from forms import farms
from xincai.desk import Filling
from xincai.desk.carry import carry_over
from xincai.desk.copying import Earlier, is_same
from xincai.records import Record, Subject
from xincai.xforms import Session

SUBJECT = "/data/subject/"
CONSENT = "/data/consent/"
PRODUCT = "/data/operation/product"
GROUPS = ("/data/owner", "/data/place", "/data/operation")
THIS_YEARS = (
    f"{PRODUCT}[1]/farm_yield",
    f"{PRODUCT}[2]/farm_yield",
    "/data/operation/farm_income",
    "/data/operation/farm_cost",
)
"""What the form marks as not to be copied."""


def begin(office: Office, form_id: str) -> Filling:
    """A filling in which the person has told the subject."""
    filling = office.desk.start(form_id)
    tell(filling, form_id, SUBJECT)
    return filling


def tell(filling: Filling, form_id: str, under: str) -> None:
    for step in STORY[form_id]:
        if isinstance(step, farms.Answer) and step.ref.startswith(under):
            filling.answer(step.ref, step.value)


def offered(filling: Filling) -> Earlier | None:
    now = filling.told_subject()
    return filling.earlier(now) if now is not None else None


def take(filling: Filling) -> None:
    earlier = offered(filling)
    assert earlier is not None
    filling.copy(earlier)


def told(form_id: str, *heads: str) -> dict[str, str]:
    """What the story answers under these groups."""
    steps = [step for step in STORY[form_id] if isinstance(step, farms.Answer)]
    return {step.ref: step.value for step in steps if step.ref.startswith(heads)}


def values(filling: Filling) -> dict[str, str]:
    return {entry.ref: entry.value for entry in filling.questions() if entry.value}


@pytest.fixture
def sealed(office: Office) -> Record:
    card = office.seal("ff_collect")
    return office.vault.record(card.record_id)


def test_everything_that_applies_is_taken_over_and_nothing_else(office: Office, sealed: Record) -> None:
    filling = begin(office, "ff_collect")
    tell(filling, "ff_collect", CONSENT)
    before = values(filling)
    take(filling)
    new = {ref: value for ref, value in values(filling).items() if before.get(ref) != value}
    assert new == {ref: value for ref, value in told("ff_collect", "/data/").items() if ref in new}
    assert any(ref.startswith(f"{PRODUCT}[") for ref in new)
    never = ("/data/consent", "/data/signature_group", "/data/collector_group")
    assert not [ref for ref in new if ref.startswith(never)]
    assert not [ref for ref in new if filling.entry(ref).control == "upload"]
    assert filling.copied is not None
    assert set(new) - filling.copied.marks == {f"{PRODUCT}[2]/farm_scale_unit"}, "the form offers the same"
    missed = told("ff_collect", *GROUPS).keys() - values(filling).keys()
    assert missed == set(THIS_YEARS)
    assert sealed.submission


def test_what_a_consent_opens_is_copied_when_it_is_given(office: Office, sealed: Record) -> None:
    filling = begin(office, "ff_collect")
    take(filling)
    assert filling.copied is None
    tell(filling, "ff_collect", CONSENT)
    wanted = told("ff_collect", *GROUPS)
    assert wanted.items() - values(filling).items() == {(ref, wanted[ref]) for ref in THIS_YEARS}
    assert sealed.version == 1


def test_a_consent_refused_copies_nothing_behind_it(office: Office, sealed: Record) -> None:
    filling = begin(office, "ff_collect")
    take(filling)
    filling.answer(f"{CONSENT}pc_read", "1")
    filling.answer(f"{CONSENT}pc_general", "0")
    assert filling.copied is None
    assert b"wheat" not in filling.session.draft_xml()
    assert sealed.version == 1


def test_another_subject_is_offered_nothing(office: Office, sealed: Record) -> None:
    filling = begin(office, "ff_collect")
    assert offered(filling) is not None
    filling.answer(f"{SUBJECT}subject_kind", "ENT" if sealed.subject.kind != "ENT" else "COOP")
    assert offered(filling) is None
    other = begin(office, "ff_collect")
    other.answer(code_ref(other), farms.farm(7).uscc)
    assert offered(other) is None


def code_ref(filling: Filling) -> str:
    return next(entry.ref for entry in filling.questions() if entry.attributes.get("subject") == "code")


def test_a_registered_name_is_enough_where_one_subject_alone_has_it(office: Office) -> None:
    sealed = office.vault.record(office.seal("ent_basic").record_id)
    filling = office.desk.start("ent_basic")
    filling.answer(f"{SUBJECT}subject_kind", sealed.subject.kind)
    assert offered(filling) is None
    filling.answer(f"{SUBJECT}subject_name", sealed.subject.name)
    earlier = offered(filling)
    assert earlier is not None
    filling.copy(earlier)
    assert filling.entry(f"{SUBJECT}uscc").value == sealed.subject.code
    filling.answer(f"{SUBJECT}uscc", farms.firm(7).uscc)
    assert filling.copied is None
    assert offered(filling) is None


def test_a_persons_name_alone_or_a_villages_number_alone_says_nothing(office: Office, sealed: Record) -> None:
    filling = office.desk.start("ff_collect")
    filling.answer(f"{SUBJECT}subject_kind", sealed.subject.kind)
    filling.answer(f"{SUBJECT}subject_name", sealed.subject.name)
    assert offered(filling) is None
    number = Subject("HH", "柳河-023", "王测䶮")
    assert is_same(number, number)
    assert not is_same(number, Subject("HH", "柳河-023", "李测石"))
    assert is_same(Subject("ENT", sealed.subject.code, "新名"), Subject("ENT", sealed.subject.code, "旧名"))
    assert not is_same(Subject("ENT", sealed.subject.code, "名"), Subject("COOP", sealed.subject.code, "名"))


def test_changing_the_subject_takes_back_what_was_copied(office: Office, sealed: Record) -> None:
    filling = begin(office, "ff_collect")
    tell(filling, "ff_collect", CONSENT)
    before = values(filling)
    take(filling)
    ref = code_ref(filling)
    filling.answer(ref, farms.farm(7).uscc)
    assert filling.copied is None
    assert {**values(filling), ref: sealed.subject.code} == before


def test_clearing_brings_back_what_was_and_undo_the_copies(office: Office, sealed: Record) -> None:
    filling = begin(office, "ff_collect")
    tell(filling, "ff_collect", CONSENT)
    before = values(filling)
    take(filling)
    copied = values(filling)
    filling.clear_copied()
    assert values(filling) == before
    assert offered(filling) is None
    filling.undo()
    assert values(filling) == copied
    assert filling.copied is not None
    filling.undo()
    assert values(filling) == before
    assert offered(filling) is not None
    assert sealed.version == 1


def test_what_the_person_answered_stays(office: Office, sealed: Record) -> None:
    filling = begin(office, "ff_collect")
    tell(filling, "ff_collect", CONSENT)
    filling.answer("/data/place/address", "测试县柳河镇柳河村九组 9 号")
    filling.add_row(PRODUCT)
    filling.answer(f"{PRODUCT}[1]/farm_product", "sheep")
    take(filling)
    assert filling.entry("/data/place/address").value == "测试县柳河镇柳河村九组 9 号"
    assert filling.entry(f"{PRODUCT}[1]/farm_product").value == "sheep"
    assert not [ref for ref in filling.copied.marks if ref.startswith(PRODUCT)]
    assert sealed.version == 1


def test_an_answer_changed_or_confirmed_is_no_copy_any_more(office: Office, sealed: Record) -> None:
    filling = begin(office, "ff_collect")
    tell(filling, "ff_collect", CONSENT)
    take(filling)
    address, other = "/data/place/address", f"{PRODUCT}[1]/farm_product"
    assert filling.is_copied(address)
    filling.answer(address, "测试县柳河镇柳河村九组 9 号")
    assert not filling.is_copied(address)
    assert filling.confirm(other)
    assert not filling.is_copied(other)
    assert sealed.version == 1


def test_marks_follow_their_rows(office: Office, sealed: Record) -> None:
    filling = begin(office, "ff_collect")
    tell(filling, "ff_collect", CONSENT)
    take(filling)
    second = filling.entry(f"{PRODUCT}[2]/farm_product").value
    filling.answer(f"{PRODUCT}[1]/farm_product", "sheep")
    filling.remove_row(f"{PRODUCT}[1]")
    assert filling.entry(f"{PRODUCT}[1]/farm_product").value == second
    assert filling.is_copied(f"{PRODUCT}[1]/farm_product")
    assert not filling.is_copied(f"{PRODUCT}[3]/farm_product")
    assert filling.entry(PRODUCT).count == 2
    assert sealed.version == 1


def test_a_draft_remembers_what_was_copied_and_goes_on(office: Office, sealed: Record) -> None:
    filling = begin(office, "ff_collect")
    take(filling)
    filling.snapshot().save()
    again = office.desk.resume(filling.draft_id)
    tell(again, "ff_collect", CONSENT)
    assert again.is_copied("/data/place/address")
    assert again.copied is not None
    assert again.copied.sealed_at == sealed.sealed_at
    again.snapshot().save()
    assert office.desk.resume(filling.draft_id).copied == again.copied


def test_what_was_declined_is_not_offered_again(office: Office, sealed: Record) -> None:
    filling = begin(office, "ff_collect")
    earlier = offered(filling)
    assert earlier is not None
    assert earlier.record_id == sealed.record_id
    filling.decline(earlier)
    filling.snapshot().save()
    assert offered(filling) is None
    assert offered(office.desk.resume(filling.draft_id)) is None


def test_a_correction_is_offered_nothing(office: Office, sealed: Record) -> None:
    assert offered(office.desk.correct(sealed.record_id)) is None


def test_a_copy_nobody_looked_at_is_declared_and_not_seen_on_paper(office: Office, sealed: Record) -> None:
    filling = office.desk.start("ff_collect")
    tell(filling, "ff_collect", SUBJECT)
    tell(filling, "ff_collect", CONSENT)
    take(filling)
    copied = filling.copied.marks
    farms.play(
        [step for step in STORY["ff_collect"] if step.ref not in {*copied, PRODUCT}],
        filling,
        lambda step: office.attach(filling, step),
    )
    card = office.desk.seal(filling)
    origins = office.vault.record(card.record_id).origins
    changed = {ref for ref in origins if origins[ref] != sealed.origins[ref]}
    assert {ref for ref in copied if sealed.origins.get(ref, "declared") != "declared"} == changed
    assert {origins[ref] for ref in copied if ref in origins} == {"declared"}


def test_carrying_over_tells_how_much_and_what_was_left(office: Office, sealed: Record) -> None:
    form = office.shelf.open("ff_collect")
    session = Session.new(form)
    for ref, value in told("ff_collect", SUBJECT, CONSENT).items():
        session.answer(ref, value)
    address = told("ff_collect", "/data/place/address")["/data/place/address"]
    earlier = sealed.submission.replace(address.encode(), "村".encode())
    carried = carry_over(session, earlier)
    assert carried.count == len(carried.values)
    assert carried.count > 5
    assert "/data/place/address" in carried.left
    assert session.entry("/data/place/address").value == ""


def test_what_the_platform_holds_is_not_asked_again(office: Office) -> None:
    filling = office.desk.start("ent_tax_finance", held=("3/tax",))
    for ref, value in told("ent_basic", SUBJECT).items():
        filling.answer(ref, value)
    filling.answer(f"{CONSENT}pc_read", "1")
    filling.answer(f"{CONSENT}pc_business", "1")
    assert filling.entry("/data/held_group/held_tax").relevant
    assert not filling.entry("/data/held_group/held_fs").relevant
    assert filling.entry("/data/tax").relevant
    filling.answer("/data/held_group/held_tax", "1")
    assert not filling.entry("/data/tax").relevant
    assert not filling.entry("/data/arrears").relevant
    assert filling.entry("/data/statements").relevant
    filling.snapshot().save()
    assert office.desk.resume(filling.draft_id).entry("/data/held_group/held_tax").relevant


def test_without_a_prefill_nothing_is_held(office: Office) -> None:
    filling = office.desk.start("ent_tax_finance")
    assert not filling.entry("/data/held_group").relevant
    assert office.desk.start("ff_collect", held=("3/tax",)).form.form_id == "ff_collect"
