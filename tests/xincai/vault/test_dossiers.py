"""Sealed records."""

import dataclasses
from typing import Any

import pytest

from xincai.errors import Problem
from xincai.vault import Vault
from xincai.wire.receipt import Outcome


def test_a_sealed_record_comes_back_byte_for_byte(vault: Vault, office: Any) -> None:
    photo = vault.add_attachment(b"photo", "image/jpeg", name="photo.jpg")
    note = vault.add_attachment(b"note", "text/plain", name="a.txt")
    record = office.record(attachments=(photo, note))
    vault.seal(record, None)
    assert vault.record("record") == record


def test_sealing_takes_the_draft_in_the_same_stroke(vault: Vault, office: Any) -> None:
    vault.save_draft(office.draft())
    vault.save_draft(office.draft("another"))
    vault.seal(office.record(), "draft")
    assert [row.draft_id for row in vault.drafts()] == ["another"]


def test_a_version_is_sealed_once(vault: Vault, office: Any) -> None:
    vault.save_draft(office.draft())
    vault.seal(office.record(), None)
    head = vault.audit_head()
    with pytest.raises(Problem, match=r"vault\.already_sealed"):
        vault.seal(office.record(body="<other/>"), "draft")
    assert vault.audit_head() == head
    assert vault.record("record") == dataclasses.replace(
        office.record(), sealed_at=vault.record("record").sealed_at
    )
    assert vault.draft("draft")


def test_versions_leave_no_gap(vault: Vault, office: Any) -> None:
    with pytest.raises(Problem, match=r"vault\.version_gap"):
        vault.seal(office.record(version=2), None)
    vault.seal(office.record(), None)
    vault.seal(office.record(version=2), None)
    assert vault.versions("record") == (1, 2)
    assert vault.record("record").version == 2
    assert vault.record("record", 1).version == 1


def test_a_record_without_its_attachment_is_not_sealed(vault: Vault, office: Any) -> None:
    photo = vault.add_attachment(b"photo", "image/jpeg")
    vault.sweep_attachments()
    with pytest.raises(Problem, match=r"vault\.no_attachment"):
        vault.seal(office.record(attachments=(photo,)), None)
    assert vault.records() == ()


def test_a_submission_that_is_not_its_digest_is_our_bug(vault: Vault, office: Any) -> None:
    with pytest.raises(ValueError, match="digest"):
        vault.seal(dataclasses.replace(office.record(), submission=b"other"), None)


def test_an_altered_submission_is_not_shown(vault: Vault, office: Any) -> None:
    vault.seal(office.record(), None)
    with vault._database.writing() as cursor:
        cursor.run("DROP TRIGGER records_keep")
        cursor.run("UPDATE records SET submission = ?", b"<data/>")
    with pytest.raises(Problem, match=r"vault\.record_damaged"):
        vault.record("record")


def test_an_unknown_record_is_told(vault: Vault) -> None:
    with pytest.raises(Problem, match=r"vault\.no_record"):
        vault.record("nobody")
    with pytest.raises(Problem, match=r"vault\.no_record"):
        vault.status("nobody", 1)


@pytest.fixture
def village(vault: Vault, office: Any) -> Vault:
    for number, name in enumerate(("王测䶮", "李四100%", "Green_Farm Ltd", "赵六")):
        vault.seal(office.record(f"r{number}", name=name, code=f"41040219900307{number:04d}"), None)
    return vault


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["r3", "r2", "r1", "r0"]),
        ("王测䶮", ["r0"]),
        ("測", []),
        ("0002", ["r2"]),
        ("green", ["r2"]),
        ("ＧＲＥＥＮ", ["r2"]),
        ("farm green", ["r2"]),
        ("%", ["r1"]),
        ("_", ["r3", "r2", "r1", "r0"]),
        ("n_F", ["r2"]),
        ("\\", []),
        ("' OR 1=1 --", []),
    ],
)
def test_every_word_of_a_search_is_found_as_it_is(village: Vault, query: str, found: list[str]) -> None:
    assert [row.record_id for row in village.records(query)] == found
    assert village.count_records(query) == len(found)


def test_lists_are_paged(village: Vault) -> None:
    assert [row.record_id for row in village.records(limit=2, offset=1)] == ["r2", "r1"]


def test_only_the_latest_version_is_listed(village: Vault, office: Any) -> None:
    village.seal(office.record("r0", 2, name="王改名"), None)
    assert [(row.record_id, row.version) for row in village.records("王")] == [("r0", 2)]
    assert village.count_records() == 4
    assert village.records("测䶮") == ()


def test_status_follows_from_the_facts(vault: Vault, office: Any) -> None:
    record, other = office.record(), office.record("other")
    vault.seal(record, None)
    vault.seal(other, None)
    seen = [vault.status("record", 1)]
    manifest = office.batch(record, other)
    seen.append(vault.status("record", 1))
    vault.mark_sending(manifest)
    seen.append(vault.status("record", 1))
    vault.add_receipt(manifest, *office.receipt(manifest, "A"))
    seen.append(vault.status("record", 1))
    outcomes = (
        Outcome("record", 1, "accepted"),
        Outcome("other", 1, "rejected", "3002", "/data/name", "名称不一致"),
    )
    vault.add_receipt(manifest, *office.receipt(manifest, "B", *outcomes))
    seen.append(vault.status("record", 1))
    assert seen == ["sealed", "waiting", "unknown", "received", "accepted"]
    assert vault.status("other", 1) == "returned"
    assert vault.status_counts() == {
        "sealed": 0, "waiting": 0, "unknown": 0, "received": 0, "accepted": 1, "returned": 1,
            "practised": 0,
    }  # fmt: skip
    assert [row.record_id for row in vault.records(status="returned")] == ["other"]
    assert vault.count_records(status="accepted") == 1


def test_a_returned_record_is_a_task_until_its_next_version_is_sealed(vault: Vault, office: Any) -> None:
    record = office.record()
    vault.seal(record, None)
    manifest = office.batch(record)
    bad = Outcome("record", 1, "rejected", "3002", "/data/name", "名称与登记不一致", fixable=True)
    vault.add_receipt(manifest, *office.receipt(manifest, "B", bad))
    (task,) = vault.corrections()
    assert (task.code, task.path, task.text, task.fixable, task.draft_id) == (
        "3002", "/data/name", "名称与登记不一致", True, "",
    )  # fmt: skip
    vault.save_draft(office.draft("fix", record_id="record", version=2))
    assert vault.corrections()[0].draft_id == "fix"
    assert vault.waiting_records() == ()
    vault.seal(office.record(version=2), "fix")
    assert vault.corrections() == ()
    assert vault.waiting_records() == (("record", 2),)
    assert vault.records()[0].status == "sealed"


def test_records_of_a_quarantined_batch_wait_again(vault: Vault, office: Any) -> None:
    record = office.record()
    office.enrol()
    vault.seal(record, None)
    manifest = office.batch(record)
    assert vault.waiting_records() == ()
    vault.quarantine(manifest, "refused")
    assert vault.waiting_records() == (("record", 1),)
    assert vault.status("record", 1) == "sealed"
    office.batch(record)
    assert vault.status("record", 1) == "waiting"


def test_an_older_version_no_longer_waits(vault: Vault, office: Any) -> None:
    vault.seal(office.record(), None)
    vault.seal(office.record(version=2), None)
    assert vault.waiting_records() == (("record", 2),)
