"""Who may do what at the desk, and who comes in."""

import contextlib
import inspect
from collections.abc import Callable
from pathlib import Path

import pytest
from desk_office import PASSPHRASE, Office

from xincai.desk import Desk, PersonRole, Profile
from xincai.desk.rights import ALL, METHODS, RIGHTS, ROLES, rights_of
from xincai.errors import Problem, explain
from xincai.wire.suites import PrivateKey
from xincai.xforms import Session

SECOND = "麦田 风车 雨伞 铁桥 梨花 算盘"


def refused(code: str, action: Callable[[], object]) -> None:
    with pytest.raises(Problem) as caught:
        action()
    assert caught.value.code == code
    assert explain(caught.value, "zh").next


def as_(office: Office, *roles: PersonRole) -> Desk:
    """The desk of somebody else with these roles."""
    office.desk.add_person(PASSPHRASE, "赵测试", roles, SECOND)
    desk = office.again()
    desk.unlock(SECOND)
    return desk


def test_every_method_of_the_desk_stands_in_the_table() -> None:
    methods = {name for name, _ in inspect.getmembers(Desk, inspect.isfunction) if not name.startswith("_")}
    assert methods - RIGHTS.keys() == set()
    assert RIGHTS.keys() - methods == set(), "rights without a method"
    assert sum(len(names.split()) for names in METHODS.values()) == len(RIGHTS)


def test_operator_administrator_and_auditor_share_no_right() -> None:
    work, head, audit = (ROLES[role] for role in ("officer", "administrator", "auditor"))
    assert not work & head
    assert not work & audit
    assert not head & audit
    assert "fill" not in ROLES["reviewer"]
    assert rights_of(ROLES) == ALL


CALLS: dict[str, Callable[[Desk], object]] = {
    "read": lambda desk: desk.records(),
    "fill": lambda desk: desk.start("commitment"),
    "deliver": lambda desk: desk.sign_batch(),
    "approve": lambda desk: desk.to_approve(),
    "manage": lambda desk: desk.set_roles("nobody", ("clerk",)),
}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_held_to_its_rights_at_the_door(office: Office, role: PersonRole) -> None:
    office.seal()
    desk = as_(office, role)
    for right, call in CALLS.items():
        if right in ROLES[role]:
            with contextlib.suppress(Problem):  # it may have nothing to do, but it is let in
                call(desk)
                continue
            with pytest.raises(Problem, match=r"vault\.no_person|sync\.not_enrolled"):
                call(desk)
        else:
            refused("desk.not_allowed", lambda call=call: call(desk))
    assert desk.overview().records == (1 if "read" in ROLES[role] else 0)
    assert desk.profile().name == "赵测试"
    assert desk.access().manages is (role == "administrator")
    assert len(desk.access().people) == (2 if role == "administrator" else 1)


def test_a_method_that_is_not_in_the_table_asks_for_every_right(office: Office) -> None:
    from xincai.desk.rights import _held

    asked = _held(lambda _desk: "done", "later", None)
    assert asked(office.desk) == "done"
    desk = as_(office, "administrator", "officer")
    refused("desk.not_allowed", lambda: asked(desk))


def test_an_administrator_manages_people_and_sees_no_answers(office: Office, tmp_path: Path) -> None:
    office.seal()
    desk = as_(office, "administrator")
    refused("desk.not_allowed", lambda: desk.record(desk._vault.records()[0].record_id))
    access = desk.add_person(SECOND, "孙测试", ("clerk",), "池塘 铁轨 棉花 灯塔 信封 陀螺")
    third = next(person for person in access.people if person.name == "孙测试")
    assert desk.set_roles(third.person_id, ("auditor",)).people[-1].roles == ("auditor",)
    desk.reset_passphrase(SECOND, third.person_id, "棉花 灯塔 信封 陀螺 池塘 铁轨")
    code = desk.remove_person(SECOND, third.person_id)
    assert desk.check_recovery(code)
    pem = tmp_path / "county.pem"
    pem.write_text(PrivateKey.generate().public.pem, "ascii")
    assert desk.set_escrow(SECOND, pem).escrow
    assert desk.escrow_envelope(tmp_path).read_bytes()
    assert desk.set_escrow(SECOND, None).escrow == ""
    refused("wire.bad_key", lambda: desk.set_escrow(SECOND, tmp_path / "nothing.pem"))


def test_a_second_person_approves_before_a_batch_takes_it(office: Office) -> None:
    card = office.seal()
    office.enrol()
    office.desk.add_person(PASSPHRASE, "赵测试", ("reviewer",), SECOND)
    assert office.desk.set_four_eyes(True).four_eyes
    assert office.desk.waiting() == ()
    refused("sync.nothing_waiting", office.desk.sign_batch)
    refused("vault.own_record", lambda: office.desk.approve(card.record_id, card.version))
    desk = office.again()
    desk.unlock(SECOND)
    assert [each.record_id for each in desk.to_approve()] == [card.record_id]
    desk.approve(card.record_id, card.version)
    desk = office.again()
    desk.unlock(PASSPHRASE)
    assert desk.sign_batch().records == 1


def test_what_the_second_look_gives_back_is_a_correction_with_its_reason(office: Office) -> None:
    card = office.seal()
    office.enrol()
    office.desk.add_person(PASSPHRASE, "赵测试", ("reviewer",), SECOND)
    office.desk.set_four_eyes(True)
    refused("vault.own_record", lambda: office.desk.refuse(card.record_id, card.version, "面积不对"))
    desk = office.again()
    desk.unlock(SECOND)
    refused("vault.no_refusal_reason", lambda: desk.refuse(card.record_id, card.version, "  "))
    desk.refuse(card.record_id, card.version, "面积不对")
    refused("vault.looked_at", lambda: desk.approve(card.record_id, card.version))
    refused("vault.looked_at", lambda: desk.refuse(card.record_id, card.version, "再退一次"))
    assert desk.to_approve() == ()
    desk = office.again()
    desk.unlock(PASSPHRASE)
    refused("sync.nothing_waiting", desk.sign_batch)
    (task,) = desk.corrections()
    assert (task.record_id, task.text, task.code) == (card.record_id, "面积不对", "refused")
    assert desk.record(card.record_id).returned == "面积不对"
    filling = desk.correct(card.record_id)
    assert filling.returned == "面积不对"
    again = desk.seal(filling)
    assert (again.version, again.status) == (2, "sealed")
    assert desk.corrections() == ()
    desk = office.again()
    desk.unlock(SECOND)
    assert [each.version for each in desk.to_approve()] == [2]
    desk.approve(card.record_id, 2)
    office.vault.verify_chain()
    events = {event.kind: event.facts for event in office.vault.events(1000)}
    assert events["refused"]["record"] == card.record_id
    assert "面积不对" not in str(events["refused"])


def test_nobody_looks_over_what_they_had_a_hand_in(office: Office) -> None:
    """The reviewer filled it in, somebody else sealed it: a third has to look."""
    office.desk.add_person(PASSPHRASE, "赵测试", ("officer", "reviewer"), SECOND)
    office.desk.set_four_eyes(True)
    desk = office.again()
    desk.unlock(SECOND)
    draft_id = office.fill("commitment").draft_id
    desk = office.again()
    desk.unlock(PASSPHRASE)
    card = desk.seal(desk.resume(draft_id))
    desk = office.again()
    desk.unlock(SECOND)
    assert desk.to_approve() == ()
    refused("vault.own_record", lambda: desk.approve(card.record_id, card.version))
    refused("vault.own_record", lambda: desk.refuse(card.record_id, card.version, "自己填的"))


def test_after_practice_a_record_is_filled_in_anew_for_work(office: Office) -> None:
    office.enrol()
    trial = office.seal()
    office.enrol("work", practice=False)
    assert office.desk.record(trial.record_id).card.status == "practised"
    assert office.desk.waiting() == ()
    filling = office.desk.start_in_earnest(trial.record_id)
    assert filling.draft_id != trial.record_id
    assert filling.record_id is None
    assert filling.copied is not None
    taken = {ref for ref in filling.copied.marks if filling.is_copied(ref)}
    session = Session.resume(filling.session.form, office.vault.record(trial.record_id).submission)
    assert taken
    assert all(filling.session.entry(ref).value == session.entry(ref).value for ref in taken)


def test_a_weak_passphrase_lets_nobody_in(office: Office) -> None:
    refused(
        "desk.passphrase_personal",
        lambda: office.desk.add_person(PASSPHRASE, "赵测试", ("clerk",), "zhaoceshi 2026 xx"),
    )
    assert len(office.desk.access().people) == 1


def test_a_new_recovery_code_opens_and_is_printed(office: Office) -> None:
    code = office.desk.renew_recovery(PASSPHRASE)
    assert not office.desk.check_recovery(office.code)
    sheet = office.desk.recovery_sheet(code)
    import pypdfium2

    document = pypdfium2.PdfDocument(sheet)
    words = document[0].get_textpage().get_text_bounded()
    document.close()
    assert all(group in words for group in code.split("-"))
    assert "李秀兰" not in words
    assert len(office.desk.recovery_images(code)) == 1
    desk = office.again()
    desk.unlock_with_recovery(code)


def test_a_county_opens_by_typing_what_openssl_gave_it(office: Office, tmp_path: Path) -> None:
    county = PrivateKey.generate()
    (tmp_path / "county.pem").write_text(county.public.pem, "ascii")
    office.desk.set_escrow(PASSPHRASE, tmp_path / "county.pem")
    data_key = county.unwrap(office.desk.escrow_envelope(tmp_path).read_bytes()).hex()
    desk = office.again()
    desk.unlock_with_recovery(f"{data_key[:32]} {data_key[32:]}")
    desk.set_passphrase(data_key, SECOND)
    office.again().unlock(SECOND)


def test_words_by_lot_are_strong_and_each_stands_once() -> None:
    from xincai.desk import words

    assert len(words.words()) == len(set(words.words())) >= 2048
    assert all(len(word) == 2 for word in words.words())
    offer = words.offer()
    assert len(offer.words.split()) == words.COUNT
    assert offer.bits >= 66
    from xincai.desk import passphrase

    assert passphrase.weakness(offer.words, Profile("officer", "李测四")) == ""
    assert words.offer() != offer
