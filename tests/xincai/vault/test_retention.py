"""What has arrived is erased when its time is over: after a receipt, after a notice, leaving a tombstone."""

import dataclasses
import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from xincai import clock
from xincai.errors import Problem
from xincai.records import Record
from xincai.vault import EntityRow, Vault
from xincai.wire.digest import sm3
from xincai.wire.receipt import Outcome

DAY = datetime.timedelta(days=1)
START = datetime.datetime(2026, 11, 22, 4, 0, tzinfo=datetime.UTC)
NAME = "王测䶮"
BLANK = """
UPDATE records SET submission = x'', origins = '{}', title = '', subject_code = '', subject_name = ''
"""


@pytest.fixture(autouse=True)
def on_a_day() -> Iterator[None]:
    with clock.fixed(START, seed="retention"):
        yield


def on(day: int) -> datetime.datetime:
    return START + day * DAY


def arrive(vault: Vault, office: Any, record: Record, status: str = "accepted") -> str:
    """Seal, send, and hear about it on the spot; the receipt's id."""
    vault.seal(record, None)
    manifest = office.batch(record)
    vault.mark_sending(manifest)
    code = "" if status == "accepted" else "3002"
    signed, receipt = office.receipt(manifest, "B", Outcome(record.record_id, record.version, status, code))
    vault.add_receipt(manifest, signed, receipt)
    return str(receipt.receipt_id)


def all_bytes(vault: Vault) -> bytes:
    """Every value of every table, as whoever has the key could read it."""
    with vault._database.reading() as cursor:
        tables = [
            row.text("name") for row in cursor.all("SELECT name FROM sqlite_schema WHERE type = 'table'")
        ]
        values = [
            value
            for table in tables
            for row in cursor.each(f"SELECT * FROM {table}")
            for _, value in row.items()
        ]
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in values)


def test_content_goes_and_the_tombstone_stays(vault: Vault, office: Any) -> None:
    office.enrol()
    photo = vault.add_attachment(b"canary photo" * 50_000, "image/jpeg")
    record = office.record(attachments=(photo,), body="<secret>金丝雀答案</secret>")
    vault.seal(record, None)
    vault.save_letter("letter", "record", 1, "commitment", "承诺-1", "%PDF 金丝雀文书".encode(), sm3(b"x"), 1)
    manifest = office.batch(record)
    receipt_id = office.receipt(manifest, "B", Outcome("record", 1, "accepted"), receipt_id="receipt-b")
    vault.add_receipt(manifest, *receipt_id)
    head = vault.verify_chain()

    vault.erase("record")

    told = all_bytes(vault)
    for canary in (NAME, "410499199003071234", "金丝雀答案", "金丝雀文书", "canary photo", "的采集表"):
        assert canary.encode() not in told, canary
    with pytest.raises(Problem, match=r"vault\.erased"):
        vault.record("record")
    with pytest.raises(Problem, match=r"vault\.erased"):
        vault.attachment(photo.sm3)
    with pytest.raises(Problem, match=r"vault\.erased"):
        vault.letter("letter")
    stone = vault.erasure("record")
    assert stone is not None
    assert (stone.version, stone.submission_sm3, stone.receipt_id) == (1, record.submission_sm3, "receipt-b")
    (row,) = vault.records()
    assert (row.record_id, row.status, row.erased, row.subject_name) == ("record", "accepted", True, "")
    assert vault.status("record", 1) == "accepted"
    assert vault.versions("record") == (1,)
    assert vault.last_submission("ff_collect") is None
    assert vault.verify_chain() != head
    assert [event.kind for event in vault.events(1000)][-2:] == ["erased", "erased"]


def test_the_file_itself_holds_no_trace_of_it(vault: Vault, office: Any, folder: Any) -> None:
    """`secure_delete` overwrites the pages; what is free in the file is read here too, deciphered."""
    office.enrol()
    body = "".join(f"<a{number}>金丝雀{number}</a{number}>" for number in range(3400))
    arrive(vault, office, office.record(body=body))
    specification = vault._database._specification
    assert "金丝雀".encode() in deciphered(folder / "vault.db", specification)
    vault.erase("record")
    database = vault._database
    with database.reading() as cursor:
        assert cursor.one("PRAGMA freelist_count").whole("freelist_count") > 10
    vault.close()
    assert "金丝雀".encode() not in deciphered(folder / "vault.db", specification)


def deciphered(path: Any, specification: str) -> bytes:
    """All pages of a SQLCipher 4 file, with AES-256-CBC and the raw key, the free ones too."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    data, key = path.read_bytes(), bytes.fromhex(specification[:64])
    out = b""
    for start in range(0, len(data), 4096):
        page = data[start : start + 4096]
        body, initial = page[16 if start == 0 else 0 : 4096 - 80], page[4096 - 80 : 4096 - 64]
        decryptor = Cipher(algorithms.AES256(key), modes.CBC(initial)).decryptor()
        out += decryptor.update(body) + decryptor.finalize()
    assert b"CREATE TABLE" in out
    return out


@pytest.mark.parametrize("standing", ["sealed", "batched", "sending", "custody", "returned", "quarantined"])
def test_nothing_goes_before_a_receipt_that_says_accepted(vault: Vault, office: Any, standing: str) -> None:
    office.enrol()
    record = office.record()
    vault.seal(record, None)
    if standing != "sealed":
        manifest = office.batch(record)
        if standing in {"sending", "custody"}:
            vault.mark_sending(manifest)
        if standing == "custody":
            vault.add_receipt(manifest, *office.receipt(manifest, "A"))
        if standing == "returned":
            bad = Outcome("record", 1, "rejected", "3002", "/data/name", "x", fixable=True)
            vault.add_receipt(manifest, *office.receipt(manifest, "B", bad))
        if standing == "quarantined":
            vault.quarantine(manifest, "refused")
    with pytest.raises(Problem, match=r"vault\.not_confirmed"):
        vault.erase("record")
    with clock.fixed(on(40), seed="later"):
        assert vault.erase_due(on(40), 30) == ()
        assert vault.erase_due(on(90), 30) == ()
    assert vault.record("record").submission == record.submission


def test_a_correction_begun_or_sealed_keeps_all_versions(vault: Vault, office: Any) -> None:
    office.enrol()
    arrive(vault, office, office.record())
    vault.save_draft(office.draft("fix", record_id="record", version=2))
    with pytest.raises(Problem, match=r"vault\.not_confirmed"):
        vault.erase("record")
    vault.seal(office.record(version=2), "fix")
    with pytest.raises(Problem, match=r"vault\.not_confirmed"):
        vault.erase("record")


def test_a_draft_that_copies_from_a_record_keeps_it(vault: Vault, office: Any) -> None:
    office.enrol()
    arrive(vault, office, office.record())
    vault.save_draft(office.draft("new", copied='{"record": "record", "version": 1}', copied_from="record"))
    with pytest.raises(Problem, match=r"vault\.not_confirmed"):
        vault.erase("record")
    vault.delete_draft("new")
    vault.erase("record")


def test_earlier_versions_go_with_the_accepted_one(vault: Vault, office: Any) -> None:
    office.enrol()
    arrive(vault, office, office.record(), "rejected")
    arrive(vault, office, office.record(version=2))
    vault.erase("record")
    for version in (1, 2):
        with pytest.raises(Problem, match=r"vault\.erased"):
            vault.record("record", version)
        assert vault.erasure("record", version) is not None
    vault.verify_chain()


def test_attachments_that_others_share_stay(vault: Vault, office: Any) -> None:
    office.enrol()
    shared, own = (vault.add_attachment(kind * 300_000, "image/jpeg") for kind in (b"s", b"o"))
    arrive(vault, office, office.record(attachments=(shared, own)))
    arrive(vault, office, office.record("other", attachments=(shared,)))
    vault.erase("record")
    assert vault.attachment(shared.sm3) == b"s" * 300_000
    with pytest.raises(Problem, match=r"vault\.erased"):
        vault.attachment(own.sm3)
    vault.erase("other")
    with pytest.raises(Problem, match=r"vault\.erased"):
        vault.attachment(shared.sm3)
    vault.verify_chain()


def test_rows_of_lists_go_with_the_record_they_come_from(vault: Vault, office: Any) -> None:
    office.enrol()
    first, other = office.record(), office.record("other")
    vault.seal(first, None, [EntityRow("trees", {"name": "t1", "label": "canary"})])
    manifest = office.batch(first)
    signed, receipt = office.receipt(manifest, "B", Outcome("record", 1, "accepted", ""))
    vault.add_receipt(manifest, signed, receipt)
    vault.seal(other, None, [EntityRow("trees", {"name": "t2", "label": "stays"})])
    assert [row["name"] for row in vault.entities()["trees"]] == ["t1", "t2"]
    vault.erase("record")
    assert vault.entities() == {"trees": ({"name": "t2", "label": "stays"},)}
    assert b"canary" not in all_bytes(vault)


def test_bytes_that_were_erased_may_come_again(
    vault: Vault, office: Any, reopen: Callable[[], Vault]
) -> None:
    office.enrol()
    photo = vault.add_attachment(b"p" * 600_000, "image/jpeg")
    arrive(vault, office, office.record(attachments=(photo,)))
    vault.erase("record")
    assert vault.add_attachment(b"p" * 600_000, "image/jpeg", draft_id="draft").sm3 == photo.sm3
    vault.save_draft(office.draft())
    vault.sweep_attachments()
    assert vault.attachment(photo.sm3) == b"p" * 600_000
    vault.verify_chain()


def test_it_is_announced_first_and_goes_when_the_notice_is_over(vault: Vault, office: Any) -> None:
    office.enrol()
    arrive(vault, office, office.record())
    assert vault.announce(on(10), 30) == ()
    assert vault.erase_due(on(22), 30) == ()
    assert vault.announce(on(23), 30)[0].record_id == "record"
    assert vault.erase_due(on(29), 30) == ()
    assert vault.erase_due(on(31), 30) == ("record",)
    assert vault.announce(on(31), 30) == ()


def test_one_that_is_no_longer_to_be_erased_keeps_no_other(
    vault: Vault, office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person begins to correct the first one while what is due is gone through."""
    office.enrol()
    for record_id in ("first", "second"):
        arrive(vault, office, office.record(record_id))
    assert len(vault.announce(on(23), 30)) == 2
    erase = vault.erase

    def correct_then_erase(record_id: str) -> None:
        if record_id == "first":
            vault.save_draft(office.draft("correction", record_id="first", version=2))
        erase(record_id)

    monkeypatch.setattr(vault, "erase", correct_then_erase)
    assert vault.erase_due(on(31), 30) == ("second",)
    assert vault.record("first").submission
    assert vault.erasure("second") is not None


def test_after_a_long_pause_the_notice_runs_anew(vault: Vault, office: Any) -> None:
    """Due long ago, but nobody has seen it on the list yet: it goes a notice later."""
    office.enrol()
    arrive(vault, office, office.record())
    with clock.fixed(on(50)):
        vault.add_event("opened")
    assert vault.erase_due(on(50), 30) == ()
    assert vault.erase_due(on(56), 30) == ()
    assert vault.erase_due(on(57), 30) == ("record",)


def test_what_the_person_keeps_stays_until_let_go(vault: Vault, office: Any) -> None:
    office.enrol()
    arrive(vault, office, office.record())
    vault.announce(on(25), 30)
    vault.keep_content("record", kept=True)
    assert vault.erase_due(on(50), 30) == ()
    assert [each.kept for each in vault.announce(on(50), 30)] == [True]
    vault.keep_content("record", kept=False)
    assert vault.erase_due(on(50), 30) == ("record",)


def test_a_clock_that_jumps_erases_nothing(vault: Vault, office: Any) -> None:
    office.enrol()
    arrive(vault, office, office.record())
    vault.announce(on(25), 30)
    assert vault.erase_due(on(-7300), 30) == ()
    assert vault.erase_due(on(7300), 30) == ()  # twenty years ahead: the list begins anew
    assert [event.kind for event in vault.events(1000)][-1] == "clock_jump"
    assert vault.erase_due(on(26), 30) == ()
    vault.record("record")


def test_only_an_erasure_opens_the_way_to_blank_a_row(vault: Vault, office: Any) -> None:
    office.enrol()
    arrive(vault, office, office.record())
    arrive(vault, office, office.record("other"))
    vault.erase("record")
    forbidden = (
        "UPDATE records SET submission = x'' WHERE record_id = 'other'",
        "UPDATE records SET title = 'x' WHERE record_id = 'record'",
        "UPDATE records SET submission = x'01' WHERE record_id = 'record'",
        "UPDATE records SET submission_sm3 = 'x' WHERE record_id = 'record'",
        "UPDATE erasures SET after = 'x'",
        "DELETE FROM erasures",
        "DELETE FROM records WHERE record_id = 'record'",
    )
    for statement in forbidden:
        with pytest.raises(Exception, match="append-only"), vault._database.writing() as cursor:
            cursor.run(statement)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE erasures SET before = after",
        "UPDATE erasures SET receipt_id = receipt_id || '' , at = 'x'",
        "DELETE FROM erasures",
        "UPDATE records SET subject_name = '李鬼' WHERE record_id = 'record'",
        "UPDATE records SET submission = x'3c612f3e' WHERE record_id = 'record'",
        "UPDATE records SET submission_sm3 = 'x' WHERE record_id = 'record'",
    ],
)
def test_the_chain_shows_an_erasure_that_was_tampered_with(vault: Vault, office: Any, tampering: str) -> None:
    office.enrol()
    arrive(vault, office, office.record())
    vault.erase("record")
    vault.verify_chain()
    with vault._database.writing() as cursor:
        for name in ("erasures_keep", "erasures_stay", "records_keep"):
            cursor.run(f"DROP TRIGGER {name}")
        cursor.run(tampering)
    with pytest.raises(Problem, match=r"vault\.history_broken"):
        vault.verify_chain()


def test_an_erasure_without_a_chain_entry_is_found(vault: Vault, office: Any) -> None:
    """Whoever blanks a record and writes an erasure by hand, but not its event, breaks the chain."""
    office.enrol()
    receipt = arrive(vault, office, office.record())
    with vault._database.writing() as cursor:
        cursor.insert(
            "erasures", erased_table="records", erased_row=1, record_id="record", version=1,
            receipt_id=receipt, before="b", after="a", at="x",
        )  # fmt: skip
        cursor.run(BLANK)
    with pytest.raises(Problem, match=r"vault\.history_broken"):
        vault.verify_chain()


def test_what_arrived_in_practice_alone_is_kept_once_the_work_is_real(vault: Vault, office: Any) -> None:
    vault.save_device(dataclasses.replace(office.enrol(), practice=True))
    arrive(vault, office, office.record())
    assert [each.record_id for each in vault.confirmed(on(1))] == ["record"]
    office.enrol("device-2")
    arrive(vault, office, office.record("real"))
    assert [each.record_id for each in vault.confirmed(on(1))] == ["real"]
    with pytest.raises(Problem) as caught:
        vault.erase("record")
    assert caught.value.code == "vault.not_confirmed"
