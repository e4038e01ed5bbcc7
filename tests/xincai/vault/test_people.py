"""The people of a vault: their keys, their roles, the second look."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xincai.errors import Problem, explain
from xincai.vault import Vault, header, keys
from xincai.wire.suites import PrivateKey

SECOND, THIRD = "第二个人的口令", "第三个人的口令"


def refused(code: str, action: Callable[[], object]) -> None:
    with pytest.raises(Problem) as caught:
        action()
    assert caught.value.code == f"vault.{code}"
    assert explain(caught.value, "zh").next


@pytest.fixture
def second(vault: Vault, passphrase: str) -> str:
    return vault.add_person(passphrase, "赵复核", ("reviewer",), SECOND)


def test_the_first_person_is_everything_and_leaves_no_row(vault: Vault) -> None:
    assert vault.me().person_id == ""
    assert vault.me().name == "李采集"
    assert len(vault.me().roles) == 6
    with vault._database.reading() as cursor:
        assert cursor.first("SELECT 1 AS n FROM people") is None


def test_each_person_comes_in_with_their_own_passphrase(
    made: tuple[Vault, str], folder: Path, passphrase: str, second: str
) -> None:
    vault, code = made
    vault.set_setting("kept", "yes")
    vault.close()
    with Vault.open(folder, SECOND) as theirs:
        assert theirs.me().name == "赵复核"
        assert theirs.me().roles == ("reviewer",)
        assert theirs.setting("kept") == "yes"
        theirs.add_event("seen")
        assert theirs.events(limit=1000)[-1].facts == {"person": second}
        theirs.verify_chain()
    with Vault.open(folder, passphrase) as ours:
        assert [person.name for person in ours.people()] == ["李采集", "赵复核"]
    with Vault.open(folder, recovery=code) as nobodys:
        assert nobodys.me().name == "李采集"


def test_many_people_cost_one_argon2(vault: Vault, passphrase: str, second: str) -> None:
    vault.add_person(passphrase, "孙", ("clerk",), THIRD)
    slots = vault._header.all("passphrase")
    assert len(slots) == 3
    assert len({(slot.salt, slot.params) for slot in slots}) == 1
    vault.change_passphrase(passphrase, "换过的口令")
    assert len({slot.salt for slot in vault._header.all("passphrase")}) == 1


def test_the_header_names_nobody_and_tells_an_earlier_program_to_stay_out(
    vault: Vault, folder: Path, second: str
) -> None:
    told = (folder / "vault.json").read_text("utf-8")
    assert "赵" not in told
    assert json.loads(told)["format"] == header.PEOPLE
    assert header.decode(told.encode()) == vault._header


def test_a_slot_is_its_holders(vault: Vault, folder: Path, passphrase: str, second: str) -> None:
    """Somebody who can write, but not open, gives a slot to another person."""
    slot = vault._header.find("passphrase", second)
    assert slot is not None
    import dataclasses

    stolen = dataclasses.replace(slot, holder="")
    assert keys.unwrap(stolen, SECOND, vault.vault_id) is None


def test_an_envelope_that_was_changed_is_a_forged_header(vault: Vault, folder: Path, second: str) -> None:
    import dataclasses

    other = PrivateKey.generate().public.wrap(b"x" * 32)
    slots = tuple(
        dataclasses.replace(slot, wrapped=other) if slot.holder == second else slot
        for slot in vault._header.slots
    )
    vault.close()
    for name in ("vault.json", "vault.json.bak"):
        (folder / name).write_bytes(header.encode(dataclasses.replace(vault._header, slots=slots)))
    refused("header_altered", lambda: Vault.open(folder, SECOND))


def test_two_people_never_share_a_passphrase(vault: Vault, passphrase: str, second: str) -> None:
    refused("passphrase_taken", lambda: vault.add_person(passphrase, "孙", ("clerk",), SECOND))
    refused("passphrase_taken", lambda: vault.change_passphrase(passphrase, SECOND))
    assert len(vault.people()) == 2


def test_nobody_is_added_without_ones_own_passphrase(vault: Vault) -> None:
    refused("wrong_passphrase", lambda: vault.add_person("不对", "孙", ("clerk",), THIRD))
    refused("no_role", lambda: vault.add_person("不对", "孙", (), THIRD))
    refused("no_name", lambda: vault.add_person("不对", " ", ("clerk",), THIRD))
    assert len(vault.people()) == 1


def test_a_person_without_a_slot_is_in_no_list(vault: Vault, second: str) -> None:
    """A cut between the row and the slot leaves nobody in."""
    from xincai.vault.people import add_person

    with vault._database.writing() as cursor:
        add_person(cursor, vault.vault_id, "half", "半", ("administrator",))
    assert [person.name for person in vault.people()] == ["李采集", "赵复核"]
    refused("no_person", lambda: vault.set_roles("half", ("clerk",)))


def test_roles_change_and_an_administrator_stays(vault: Vault, second: str) -> None:
    refused("last_administrator", lambda: vault.set_roles("", ("officer",)))
    refused("no_role", lambda: vault.set_roles(second, ()))
    vault.set_roles(second, ("administrator", "reviewer"))
    vault.set_roles("", ("officer",))
    assert vault.me().roles == ("officer",)
    refused("last_administrator", lambda: vault.set_roles(second, ("reviewer",)))
    vault.verify_chain()


def test_a_removed_persons_keys_open_nothing(
    made: tuple[Vault, str], folder: Path, passphrase: str, second: str
) -> None:
    vault, code = made
    third = vault.add_person(passphrase, "孙", ("clerk", "administrator"), THIRD)
    vault.set_setting("kept", "yes")
    old_salt, old_key = vault._header.file_salt, vault._data_key(passphrase)
    fresh = vault.remove_person(passphrase, second)
    assert vault.setting("kept") == "yes"
    assert [person.person_id for person in vault.people()] == ["", third]
    assert vault._header.file_salt != old_salt
    assert not vault._header.genuine(old_key)
    vault.set_setting("after", "too")
    vault.verify_chain()
    vault.close()
    refused("wrong_passphrase", lambda: Vault.open(folder, SECOND))
    refused("wrong_recovery", lambda: Vault.open(folder, recovery=code))
    refused("wrong_escrow", lambda: Vault.open(folder, escrow=old_key))
    for way in ({"passphrase": THIRD}, {"recovery": fresh}, {"passphrase": passphrase}):
        with Vault.open(folder, **way) as again:
            assert again.setting("after") == "too"
    assert {path.name for path in folder.iterdir()} == {
        "head.json",
        "vault.db",
        "vault.json",
        "vault.json.bak",
        "vault.lock",
    }


def test_the_first_person_can_be_removed_by_another_administrator(
    vault: Vault, folder: Path, passphrase: str
) -> None:
    vault.add_person(passphrase, "孙", ("administrator",), THIRD)
    refused("own_slot", lambda: vault.remove_person(passphrase, ""))
    vault.close()
    with Vault.open(folder, THIRD) as theirs:
        code = theirs.remove_person(THIRD, "")
        assert [person.name for person in theirs.people()] == ["孙"]
        assert theirs.person_name("") == "李采集"
        theirs.change_passphrase(THIRD, "又一个口令")
    refused("wrong_passphrase", lambda: Vault.open(folder, passphrase))
    with Vault.open(folder, recovery=code) as again:
        assert again.me().name == "孙"
        again.set_passphrase(code, THIRD)
    Vault.open(folder, THIRD).close()


def test_somebody_who_forgot_gets_a_new_passphrase(
    vault: Vault, folder: Path, passphrase: str, second: str
) -> None:
    refused("wrong_passphrase", lambda: vault.reset_passphrase("不对", second, THIRD))
    vault.reset_passphrase(passphrase, second, THIRD)
    vault.close()
    refused("wrong_passphrase", lambda: Vault.open(folder, SECOND))
    with Vault.open(folder, THIRD) as theirs:
        assert theirs.person == second


def test_a_new_recovery_code_can_be_made_any_time(
    made: tuple[Vault, str], folder: Path, passphrase: str
) -> None:
    vault, code = made
    fresh = vault.renew_recovery(passphrase)
    assert vault.opens_with_recovery(fresh)
    assert not vault.opens_with_recovery(code)
    refused("wrong_passphrase", lambda: vault.renew_recovery("不对"))
    vault.close()
    refused("wrong_recovery", lambda: Vault.open(folder, recovery=code))
    Vault.open(folder, recovery=fresh).close()


def test_with_four_eyes_a_record_waits_for_somebody_elses_look(
    vault: Vault, office: Any, folder: Path, passphrase: str, second: str
) -> None:
    office.enrol()
    ours = office.record("ours", code="1")
    vault.seal(ours, None)
    vault.set_four_eyes(True)
    assert vault.waiting_records() == ()
    assert vault.to_approve() == ()
    refused("own_record", lambda: vault.approve("ours", 1))
    manifest = office.manifest(ours)
    refused("not_approved", lambda: vault.add_batch(manifest, b"s"))
    vault.close()
    with Vault.open(folder, SECOND) as theirs:
        theirs.seal(office.record("theirs", code="2"), None)
        assert theirs.to_approve() == (("ours", 1),)
        refused("own_record", lambda: theirs.approve("theirs", 1))
        refused("no_record", lambda: theirs.approve("nowhere", 1))
        theirs.approve("ours", 1)
        theirs.approve("ours", 1)
        assert theirs.waiting_records() == (("ours", 1),)
        theirs.verify_chain()
        with pytest.raises(Exception, match="append-only"), theirs._database.writing() as cursor:
            cursor.run("DELETE FROM approvals")
    with Vault.open(folder, passphrase) as again:
        assert again.to_approve() == (("theirs", 1),)
        again.set_four_eyes(False)
        assert again.waiting_records() == (("ours", 1), ("theirs", 1))


def test_whose_hands_a_draft_went_through_stands_with_it_and_then_in_the_history(
    vault: Vault, office: Any, folder: Path, passphrase: str, second: str
) -> None:
    vault.set_four_eyes(True)
    vault.save_draft(office.draft("a"))
    vault.close()
    with Vault.open(folder, SECOND) as theirs:
        theirs.save_draft(office.draft("a"))
        theirs.save_draft(office.draft("a"))
        theirs.seal(office.record("a"), "a")
        told = [event for event in theirs.events(limit=1000) if event.kind == "sealed"]
        assert [event.facts["hands"] for event in told] == ['[""]']
        theirs.verify_chain()
    with Vault.open(folder, passphrase) as ours:
        assert ours.to_approve() == ()
        refused("own_record", lambda: ours.approve("a", 1))
        with pytest.raises(Exception, match="append-only"), ours._database.writing() as cursor:
            cursor.run("DELETE FROM hands")
        with ours._database.writing() as cursor:
            cursor.run("DROP TRIGGER hands_stay")
            cursor.run("DELETE FROM hands")
        with pytest.raises(Problem, match=r"vault\.history_broken") as caught:
            ours.verify_chain()
        assert caught.value.facts["place"] == "hands"


def test_four_eyes_need_a_second_pair(vault: Vault, passphrase: str) -> None:
    refused("no_second_person", lambda: vault.set_four_eyes(True))
    vault.add_person(passphrase, "孙", ("clerk",), THIRD)
    vault.set_four_eyes(True)  # the first person, who is everything, is the reviewer
    assert vault.four_eyes()
