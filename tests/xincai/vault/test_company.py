"""Work behind the scenes: the lane is soon free again for others, and trouble is told as what it is."""

import errno
import os
import resource
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xincai import clock
from xincai.errors import Problem, explain
from xincai.vault import Vault, backup, connection, lock, proof
from xincai.wire import manifest

PASSPHRASE = "柳河村-2026-cashew"
PAGE = 4096


def quiet(*_: object) -> None:
    pass


def never() -> bool:
    return False


def lane_is_free(vault: Vault) -> bool:
    asked = threading.Thread(target=vault.drafts)
    asked.start()
    asked.join(5)
    return not asked.is_alive()


def test_others_work_while_a_manifest_is_proven(
    vault: Vault, office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.everything()
    seen = list[bool]()
    real = manifest.decode

    def decode(data: bytes) -> Any:
        seen.append(lane_is_free(vault))
        return real(data)

    monkeypatch.setattr(proof, "decode", decode)
    assert vault.verify_history(quiet, never)
    assert seen == [True, True]


def test_attachments_are_left_to_the_scrub_and_a_check_ends_when_it_is_told(
    vault: Vault, office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.everything()
    checked, real = list[str](), vault._database.sound

    def sound(go_on: Callable[[], bool], table: str = "") -> bool:
        checked.append(table)
        return real(go_on, table)

    monkeypatch.setattr(vault._database, "sound", sound)
    assert vault.verify_history(quiet, never)
    assert "records" in checked
    assert "chunks" not in checked
    for number in range(3000):
        vault.set_setting(f"setting-{number}", "x" * 300)
    assert not real(lambda: False, "settings")
    assert vault.doubt() is None


def test_an_attachment_without_bytes_is_damage_unless_it_never_had_any(vault: Vault, office: Any) -> None:
    photo = vault.add_attachment(b"photo" * 100, "image/jpeg")
    nothing = vault.add_attachment(b"", "text/plain")
    vault.seal(office.record(attachments=(photo, nothing)), None)
    with vault._database.writing() as cursor:
        cursor.run("DELETE FROM chunks")
        cursor.run("UPDATE blobs SET size = 0")
    assert vault.attachment(nothing.sm3) == b""
    with pytest.raises(Problem, match=r"vault\.attachment_damaged"):
        vault.attachment(photo.sm3)
    assert vault.scrub(quiet, never)
    doubt = vault.doubt()
    assert doubt is not None
    assert doubt.places == (f"attachments {photo.sm3[:8]}",)


def test_a_photo_that_a_living_record_shares_with_an_erased_one_is_missed(vault: Vault, office: Any) -> None:
    office.everything()
    shared = vault.add_attachment(b"photo" * 100, "image/jpeg")
    vault.seal(office.record("living", attachments=(shared,)), None)
    vault.erase("record")
    assert vault.attachment(shared.sm3)
    with vault._database.writing() as cursor:
        cursor.run("DELETE FROM chunks WHERE blob_id = (SELECT blob_id FROM blobs WHERE sm3 = ?)", shared.sm3)
    with pytest.raises(Problem, match=r"vault\.attachment_damaged"):
        vault.attachment(shared.sm3)
    assert vault.scrub(quiet, never)
    doubt = vault.doubt()
    assert doubt is not None
    assert doubt.places == (f"attachments {shared.sm3[:8]}",)


def test_an_older_copy_that_lacks_drafts_alone_is_found(
    vault: Vault, office: Any, folder: Path, reopen: Callable[[], Vault]
) -> None:
    vault.save_draft(office.draft(xml=b"<data>1</data>"))
    vault.close()
    older = (folder / "vault.db").read_bytes()
    again = reopen()
    again.save_draft(office.draft(xml=b"<data>2</data>"))
    again.close()
    (folder / "vault.db").write_bytes(older)
    found = reopen().doubt()
    assert found is not None
    assert found.code == "vault.rolled_back"


@pytest.fixture
def torn(vault: Vault, office: Any, folder: Path, reopen: Callable[[], Vault]) -> Vault:
    """A vault with two people and pages that hold nothing, before others that do, one of them torn."""
    vault.add_person(PASSPHRASE, "乙", ("officer",), "另一个人-长口令-9876")
    vault.add_attachment(os.urandom(1_000_000), "image/jpeg")
    middle = (folder / "vault.db").stat().st_size - 400_000
    vault.save_draft(office.draft())
    vault.add_attachment(os.urandom(1_000_000), "image/jpeg", draft_id="draft")
    assert vault.sweep_attachments() == 1
    vault.close()
    with (folder / "vault.db").open("r+b") as file:
        file.seek(middle)
        file.write(bytes(100))
    return reopen()


def test_a_backup_goes_on_where_a_cut_tore_a_page_that_holds_nothing(
    torn: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewed, real = [0], torn._database.renew_free_pages

    def renew(cancelled: Callable[[], bool]) -> bool:
        renewed[0] += 1
        return real(cancelled)

    monkeypatch.setattr(torn._database, "renew_free_pages", renew)
    for stick in (tmp_path / "first", tmp_path / "second"):
        stick.mkdir()
        assert torn.back_up(stick, quiet, never) is not None
    assert renewed == [1], "others cost nothing"


@pytest.mark.parametrize("most", [1, 1000])
def test_free_pages_are_renewed_a_piece_at_a_time_and_stop_when_told(
    vault: Vault, folder: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(connection, "_ZEROS", 16)
    vault.add_attachment(os.urandom(1_000_000), "image/jpeg")
    assert vault.sweep_attachments() == 1
    database, seen = vault._database, list[bool]()
    size, before = (folder / "vault.db").stat().st_size, database.ticket()

    def cancelled() -> bool:
        seen.append(lane_is_free(vault))
        return len(seen) > most

    assert database.renew_free_pages(cancelled)
    assert all(seen)
    assert len(seen) == 2 if most == 1 else len(seen) > 10
    assert database.ticket() - before >= 2 * (len(seen) - 1), "each piece is a transaction"
    assert (folder / "vault.db").stat().st_size < size * 1.2
    with database.reading() as cursor:
        assert cursor.first("SELECT 1 AS left FROM sqlite_schema WHERE name = 'free_pages'") is None
    vault.verify_chain()


def test_a_removal_goes_on_where_a_cut_tore_a_page_that_holds_nothing(
    torn: Vault, reopen: Callable[[], Vault]
) -> None:
    torn.remove_person(PASSPHRASE, torn.people()[1].person_id)
    again = reopen()
    assert len(again.people()) == 1
    assert again.verify_chain()
    assert len(again.attachment(again.draft_attachments("draft")[0].sm3)) == 1_000_000


def test_a_stick_that_takes_no_file_so_long_is_told_as_such(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_LONG", 0)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    try:
        with pytest.raises(Problem, match=r"vault\.backup_file_limit"):
            vault.back_up(tmp_path, quiet, never)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list(tmp_path.glob("*.part"))


def test_a_good_backup_is_told_although_it_cannot_be_noted(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise Problem("vault.disk_full")

    monkeypatch.setattr(vault, "_remember", full)
    stick = tmp_path / "stick"
    stick.mkdir()
    made = vault.back_up(stick, quiet, never)
    assert made is not None
    assert made.path.exists()


def test_a_scrub_that_cannot_note_how_far_it_came_is_no_trouble(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.add_attachment(b"x", "image/jpeg", draft_id="d")

    def full(*_: object) -> None:
        raise Problem("vault.disk_full")

    monkeypatch.setattr("xincai.vault.scrub.set_value", full)
    assert vault.scrub(quiet, never)


def test_whoever_writes_while_the_vault_is_held_is_told_where_it_does_not_add_up(vault: Vault) -> None:
    vault.suspect("vault.history_broken", ("records 7", "events 9"))
    with pytest.raises(Problem) as refused:
        vault.add_attachment(b"photo", "image/jpeg")
    assert refused.value.facts == {"place": "records 7、events 9"}
    assert "{" not in explain(refused.value, "zh").what


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.EWOULDBLOCK, "vault.in_use"),
        (errno.EACCES, "vault.in_use"),
        (errno.ENOLCK, "vault.disk_error"),
        (errno.EIO, "vault.disk_error"),
    ],
)
def test_a_lock_that_cannot_be_had_is_not_always_somebodys(
    vault: Vault, folder: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    vault.close()

    def refused(_file: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(lock, "_take", refused)
    with pytest.raises(Problem) as told:
        Vault.open(folder, PASSPHRASE)
    assert told.value.code == code


@pytest.fixture
def wide(vault: Vault, office: Any) -> Vault:
    """A vault with enough records for an index check to take a while."""
    with vault._database.reading() as cursor:
        cursor.run("PRAGMA synchronous = OFF")
    for number in range(300):
        vault.seal(office.record(f"r{number}", body="x" * 4000), None)
    return vault


def test_who_waits_has_the_lane_while_a_table_is_checked(wide: Vault) -> None:
    database, asked, turns = wide._database, list[bool](), list[int]()

    def go_on() -> bool:
        if not asked:  # once, in the middle of the first check
            asked.append(False)
            visitor = threading.Thread(target=lambda: asked.append(bool(wide.records())))
            visitor.start()
            while not database._lock.is_wanted:
                visitor.join(0.001)
            turns.append(len(asked))
        return True

    with database.reading():
        ticket = database.ticket()
    assert database.sound(go_on, "records")
    assert turns == [1], "the visitor waited"
    assert asked == [False, True], "and was let in"
    assert database.ticket() == ticket


def test_a_check_under_somebodys_own_hold_does_not_give_way(
    wide: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, pauses = wide._database, list[float]()
    monkeypatch.setattr(clock, "pause", pauses.append)
    with database.reading():
        visitor = threading.Thread(target=wide.records)
        visitor.start()
        while not database._lock._waiting:
            visitor.join(0.001)
        assert database.sound(lambda: True, "records")
    visitor.join(5)
    assert pauses == []


def test_a_line_of_the_list_that_is_not_its_records_is_found_in_any_stretch(
    wide: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "_LINES", 7)
    assert wide.verify_chain()
    for seq in (1, 7, 8, 300):
        with wide._database.writing() as cursor:
            kept = cursor.one("SELECT title FROM record_list WHERE seq = ?", seq).text("title")
            cursor.run("UPDATE record_list SET title = '别人' WHERE seq = ?", seq)
        with pytest.raises(Problem, match=r"vault\.history_broken"):
            wide.verify_chain()
        with wide._database.writing() as cursor:
            cursor.run("UPDATE record_list SET title = ? WHERE seq = ?", kept, seq)
    with wide._database.writing() as cursor:
        cursor.run("UPDATE record_list SET seq = 9000 WHERE seq = 300")
    with pytest.raises(Problem, match=r"vault\.history_broken"):
        wide.verify_chain()
