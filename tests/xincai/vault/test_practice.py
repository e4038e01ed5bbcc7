"""What was practised goes to no other platform: neither by itself, nor put back, nor as a later version."""

import dataclasses
from typing import Any

import pytest

from xincai.errors import Problem
from xincai.vault import Device, Vault
from xincai.wire.receipt import Outcome


def enrolled(vault: Vault, name: str, *, practice: bool) -> Device:
    device = Device(name, "410499", "SM2-SM3", b"\1" * 32, "http://127.0.0.1:1", "t", ("PEM",), "gw")
    device = dataclasses.replace(device, practice=practice)
    vault.save_device(device)
    return device


def states(vault: Vault) -> dict[str, str]:
    return {row.record_id: row.status for row in vault.records()}


def test_what_practice_accepted_is_practice_once_this_device_works(vault: Vault, office: Any) -> None:
    enrolled(vault, "practice", practice=True)
    record = office.record("a")
    vault.seal(record, None)
    manifest = office.batch(record)
    vault.add_receipt(manifest, *office.receipt(manifest, "B", Outcome("a", 1, "accepted")))
    assert states(vault) == {"a": "accepted"}
    enrolled(vault, "work", practice=False)
    assert states(vault) == {"a": "practised"}
    assert vault.waiting_records() == ()
    assert vault.status_counts()["accepted"] == 0
    assert vault.confirmed(vault.events()[-1].at.replace(year=2099)) == ()
    vault.verify_chain()


def test_what_was_sealed_in_practice_waits_for_nobody_afterwards(vault: Vault, office: Any) -> None:
    enrolled(vault, "practice", practice=True)
    vault.seal(office.record("trial"), None)
    assert [key[0] for key in vault.waiting_records()] == ["trial"]
    enrolled(vault, "work", practice=False)
    vault.seal(office.record("real"), None)
    assert [key[0] for key in vault.waiting_records()] == ["real"]
    with pytest.raises(Problem, match=r"vault\.practised"):
        office.batch(office.record("trial"))
    assert states(vault) == {"trial": "practised", "real": "sealed"}


def test_what_was_sealed_before_any_enrolment_and_never_practised_goes(vault: Vault, office: Any) -> None:
    vault.seal(office.record("early"), None)
    enrolled(vault, "practice", practice=True)
    enrolled(vault, "work", practice=False)
    assert vault.waiting_records() == (("early", 1),)


def test_a_later_version_of_what_was_practised_stays_practice(vault: Vault, office: Any) -> None:
    enrolled(vault, "practice", practice=True)
    record = office.record("a")
    vault.seal(record, None)
    manifest = office.batch(record)
    bad = Outcome("a", 1, "rejected", "3002", "/data/name", "不一致", fixable=True)
    vault.add_receipt(manifest, *office.receipt(manifest, "B", bad))
    assert [each.record_id for each in vault.corrections()] == ["a"]
    enrolled(vault, "work", practice=False)
    assert vault.corrections() == ()
    vault.seal(office.record("a", 2), None)
    assert vault.status("a", 2) == "practised"
    assert vault.waiting_records() == ()


def test_open_batches_of_practice_are_set_aside_and_those_of_work_are_not(vault: Vault, office: Any) -> None:
    enrolled(vault, "practice", practice=True)
    vault.seal(office.record("a"), None)
    trial = office.batch(office.record("a"))
    vault.mark_sending(trial)
    enrolled(vault, "work", practice=False)
    assert dict(vault.batch_states())[trial] == "quarantined"
    assert vault.batches()[0].reason == "practice"
    assert vault.status("a", 1) == "practised"
    vault.seal(office.record("b"), None)
    real = office.batch(office.record("b"))
    enrolled(vault, "work-again", practice=False)
    assert vault.batch_states()[real] == "batched"


def test_a_vault_from_before_knows_what_it_practised(vault: Vault, office: Any) -> None:
    """The migration's own statement over the facts that a vault of the schema before has."""
    from xincai.vault import migrations

    enrolled(vault, "practice", practice=True)
    vault.seal(office.record("a"), None)
    office.batch(office.record("a"))
    vault.seal(office.record("b"), None)
    text = migrations.steps()[8].read_text("utf-8")
    statement = text[text.index("INSERT INTO practised") :].partition(";")[0]
    with vault._database.writing() as cursor:
        cursor.run("DROP TRIGGER practised_stay")
        cursor.run("DELETE FROM practised")
        cursor.run(statement)
    with vault._database.reading() as cursor:
        assert [row.text("record_id") for row in cursor.all("SELECT * FROM practised")] == ["a"]


def test_a_mark_of_practice_never_goes(vault: Vault, office: Any) -> None:
    enrolled(vault, "practice", practice=True)
    vault.seal(office.record("a"), None)
    for statement in ("DELETE FROM practised", "UPDATE practised SET record_id = 'b'"):
        with pytest.raises(Exception, match="append-only"), vault._database.writing() as cursor:
            cursor.run(statement)


@pytest.mark.parametrize("batched", [True, False])
def test_a_mark_of_practice_that_was_taken_back_is_found(vault: Vault, office: Any, batched: bool) -> None:
    record = office.record("a")
    if batched:
        vault.seal(record, None)
    enrolled(vault, "practice", practice=True)
    if batched:
        office.batch(record)
    else:
        vault.seal(record, None)
    vault.verify_chain()
    with vault._database.writing() as cursor:
        cursor.run("DROP TRIGGER practised_stay")
        cursor.run("DELETE FROM practised")
    with pytest.raises(Problem, match=r"vault\.history_broken") as caught:
        vault.verify_chain()
    assert caught.value.facts["place"] == "practised"
