"""Batches and receipts."""

from typing import Any

import pytest

from xincai.errors import Problem
from xincai.records import Record
from xincai.vault import Vault
from xincai.wire.manifest import manifest_id
from xincai.wire.receipt import Outcome


@pytest.fixture
def record(vault: Vault, office: Any) -> Record:
    office.enrol()
    sealed: Record = office.record()
    vault.seal(sealed, None)
    return sealed


def test_a_batch_is_kept_byte_for_byte(vault: Vault, office: Any, record: Record) -> None:
    manifest = office.manifest(record)
    row = vault.add_batch(manifest, b"signature")
    kept = vault.batch(row.manifest_id)
    assert (kept.manifest, kept.signature, kept.signer) == (manifest, b"signature", "0123456789abcdef")
    assert kept.records == (("record", 1),)
    assert (row.manifest_id, row.sequence, row.records, row.state) == (manifest_id(manifest), 1, 1, "batched")


def test_the_chain_of_manifests_goes_on(vault: Vault, office: Any, record: Record) -> None:
    assert (vault.next_sequence(), vault.last_manifest()) == (1, None)
    first = office.batch(record)
    assert (vault.next_sequence(), vault.last_manifest()) == (2, first)


def test_another_device_begins_anew(vault: Vault, office: Any, record: Record) -> None:
    office.batch(record)
    office.enrol("device-2")
    assert (vault.next_sequence(), vault.last_manifest()) == (1, None)
    office.batch(record)
    assert [row.device for row in vault.batches()] == ["device-1", "device-2"]


@pytest.mark.parametrize("change", [{"sequence": 2}, {"previous": "a" * 64}, {"audit_head": "b" * 64}])
def test_a_manifest_out_of_step_is_refused(
    vault: Vault, office: Any, record: Record, change: dict[str, object]
) -> None:
    with pytest.raises(Problem, match=r"vault\.stale_batch"):
        vault.add_batch(office.manifest(record, **change), b"signature")
    assert vault.batches() == ()


def test_two_batches_made_at_once_do_not_both_stand(vault: Vault, office: Any, record: Record) -> None:
    first, second = office.manifest(record), office.manifest(record, clock_state="wrong")
    vault.add_batch(first, b"signature")
    with pytest.raises(Problem, match=r"vault\.stale_batch"):
        vault.add_batch(second, b"signature")


def test_a_batch_names_only_what_is_sealed_here(vault: Vault, office: Any, record: Record) -> None:
    for stranger in (office.record("stranger"), office.record(body="<other/>")):
        with pytest.raises(Problem, match=r"vault\.no_record"):
            vault.add_batch(office.manifest(stranger), b"signature")


def test_states_follow_from_the_facts(vault: Vault, office: Any, record: Record) -> None:
    manifest = office.batch(record)
    seen = [vault.batch_states()[manifest]]
    vault.mark_sending(manifest)
    vault.mark_sending(manifest)
    vault.mark_sending(manifest, "stick")
    seen.append(vault.batch_states()[manifest])
    vault.add_receipt(manifest, *office.receipt(manifest, "A"))
    seen.append(vault.batch_states()[manifest])
    vault.add_receipt(
        manifest, *office.receipt(manifest, "B", Outcome("record", 1, "accepted"), receipt_id="B1")
    )
    seen.append(vault.batch_states()[manifest])
    assert seen == ["batched", "unknown", "custody", "settled"]
    (row,) = vault.batches("settled")
    assert (row.accepted, row.rejected, row.receipt) == (1, 0, "B1")
    assert vault.batches("batched") == ()


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_batch_is_set_aside_from_any_state(vault: Vault, office: Any, record: Record, steps: int) -> None:
    manifest = office.batch(record)
    if steps > 0:
        vault.mark_sending(manifest)
    if steps > 1:
        vault.add_receipt(manifest, *office.receipt(manifest, "A"))
    vault.quarantine(manifest, "refused: 413")
    vault.quarantine(manifest, "again")
    assert [(row.state, row.reason) for row in vault.batches()] == [("quarantined", "refused: 413")]


def test_a_receipt_settles_even_what_was_set_aside(vault: Vault, office: Any, record: Record) -> None:
    manifest = office.batch(record)
    vault.quarantine(manifest, "refused")
    vault.add_receipt(manifest, *office.receipt(manifest, "B", Outcome("record", 1, "accepted")))
    assert vault.batch_states() == {manifest: "settled"}
    assert vault.status("record", 1) == "accepted"


def test_a_receipt_is_kept_once_and_byte_for_byte(vault: Vault, office: Any, record: Record) -> None:
    manifest = office.batch(record)
    signed, receipt = office.receipt(manifest, "A", receipt_id="A1")
    assert vault.add_receipt(manifest, signed, receipt)
    head = vault.audit_head()
    assert not vault.add_receipt(manifest, signed, receipt)
    assert vault.audit_head() == head
    (row,) = vault.receipts(manifest)
    assert (row.body, row.signature, row.kind, row.receipt_id) == (signed.data, signed.signature, "A", "A1")


def test_two_receipts_under_one_id_are_a_conflict(vault: Vault, office: Any, record: Record) -> None:
    manifest = office.batch(record)
    vault.add_receipt(manifest, *office.receipt(manifest, "A", receipt_id="A1"))
    other = office.receipt(manifest, "B", Outcome("record", 1, "accepted"), receipt_id="A1")
    with pytest.raises(Problem, match=r"vault\.receipt_conflict"):
        vault.add_receipt(manifest, *other)
    assert vault.batch_states() == {manifest: "custody"}


def test_the_outcome_of_the_latest_receipt_counts(vault: Vault, office: Any, record: Record) -> None:
    manifest = office.batch(record)
    vault.add_receipt(manifest, *office.receipt(manifest, "B", Outcome("record", 1, "rejected", "3002")))
    assert vault.status("record", 1) == "returned"
    vault.add_receipt(manifest, *office.receipt(manifest, "B", Outcome("record", 1, "accepted")))
    assert vault.status("record", 1) == "accepted"
    assert vault.corrections() == ()


def test_an_unknown_batch_is_told(vault: Vault, office: Any) -> None:
    for action in (
        lambda: vault.batch("a" * 64),
        lambda: vault.mark_sending("a" * 64),
        lambda: vault.quarantine("a" * 64, "x"),
        lambda: vault.add_receipt("a" * 64, *office.receipt("a" * 64, "A")),
    ):
        with pytest.raises(Problem, match=r"vault\.no_batch"):
            action()


def test_a_batch_that_was_answered_twice_counts_its_last_answer(
    vault: Vault, office: Any, record: Record
) -> None:
    """A gateway that lost an hour is offered the batch again and answers anew."""
    manifest = office.batch(record)
    for status in ("rejected", "accepted"):
        vault.add_receipt(manifest, *office.receipt(manifest, "B", Outcome("record", 1, status)))
    assert [(row.accepted, row.rejected) for row in vault.batches()] == [(1, 0)]
