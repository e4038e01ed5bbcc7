"""Rolled back, altered, deleted: whatever was done to the files behind the program's back is found."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xincai.errors import Problem
from xincai.vault import KdfParams, Vault
from xincai.vault.cursor import Cursor

PAGE = 4096
STEPS = int(os.environ.get("ROLLED_BACK_STEPS", "24"))


def add_steps(vault: Vault, office: Any, count: int, first: int = 0) -> None:
    """Steps of work: what each adds is in the chain."""
    for number in range(first, first + count):
        record = office.record(f"r{number:03}", body="<x/>" * (number % 7 * 40))
        vault.seal(record, None)
        if number % 4 == 3:
            vault.save_letter(
                f"l{number}", record.record_id, 1, "commitment", f"承诺-{number}", b"%PDF" * 400, "0" * 64, 1
            )


def altered(vault: Vault, act: Callable[[Cursor], object]) -> None:
    """Change something with the key and without the triggers, as an insider would."""
    with vault._database.writing() as cursor:
        triggers = cursor.all("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        for trigger in triggers:
            cursor.run(f"DROP TRIGGER {trigger.text('name')}")
        act(cursor)
        for trigger in triggers:
            cursor.run(trigger.text("sql"))


def code(vault: Vault) -> str:
    doubt = vault.doubt()
    return doubt.code if doubt else ""


def test_the_file_of_the_head_is_there_and_holds_no_name(vault: Vault, office: Any, folder: Path) -> None:
    office.everything()
    told = (folder / "head.json").read_text("ascii")
    assert vault.audit_head() in told
    assert not (folder / "head.json.new").exists()


def test_an_untouched_vault_raises_no_doubt(vault: Vault, office: Any, reopen: Callable[[], Vault]) -> None:
    office.everything()
    vault.close()
    again = reopen()
    assert again.doubt() is None
    assert not again.head_was_missing
    assert again.verify_history(lambda _done, _total: None, lambda: False)
    assert again.doubt() is None


def test_an_older_copy_of_the_file_is_found_and_nothing_is_written_until_somebody_decides(
    vault: Vault, office: Any, folder: Path, reopen: Callable[[], Vault]
) -> None:
    vault.seal(office.record("a"), None)
    vault.close()
    shutil.copy(folder / "vault.db", folder.parent / "old.db")
    reopen().seal(office.record("b"), None)
    reopen().close()
    shutil.copy(folder / "vault.db", folder.parent / "new.db")
    shutil.copy(folder.parent / "old.db", folder / "vault.db")
    for _ in range(2):  # closing and opening does not make it go away
        old = reopen()
        assert code(old) == "vault.rolled_back"
        assert [row.record_id for row in old.records()] == ["a"]
        with pytest.raises(Problem, match=r"vault\.rolled_back"):
            old.seal(office.record("c"), None)
    old.accept_history("找不回来")
    assert old.doubt() is None
    old.seal(office.record("c"), None)
    kinds = [event.kind for event in old.events()]
    assert "history_doubt" in kinds
    assert "history_accepted" in kinds
    assert reopen().doubt() is None
    shutil.copy(folder.parent / "new.db", folder / "vault.db")  # the true one now follows another history
    assert code(reopen()) == "vault.rolled_back"


def test_the_true_file_put_back_is_all_it_takes(
    vault: Vault, office: Any, folder: Path, reopen: Callable[[], Vault]
) -> None:
    vault.close()
    shutil.copy(folder / "vault.db", folder.parent / "old.db")
    reopen().seal(office.record("b"), None)
    reopen().close()
    shutil.copy(folder / "vault.db", folder.parent / "new.db")
    shutil.copy(folder.parent / "old.db", folder / "vault.db")
    assert code(reopen()) == "vault.rolled_back"
    reopen().close()
    shutil.copy(folder.parent / "new.db", folder / "vault.db")
    again = reopen()
    assert again.doubt() is None
    again.seal(office.record("c"), None)


def test_a_journal_deleted_after_a_cut_is_found(
    vault: Vault, office: Any, folder: Path, reopen: Callable[[], Vault]
) -> None:
    """The file as it was in the middle of the next commit, without the journal that would take it back."""
    add_steps(vault, office, 6)
    vault.close()
    before = (folder / "vault.db").read_bytes()
    again = reopen()
    again.seal(office.record("next", body="<x/>" * 3000), None)
    again.close()
    after = (folder / "vault.db").read_bytes()
    changed = [n for n in range(len(before) // PAGE) if before[n * PAGE :][:PAGE] != after[n * PAGE :][:PAGE]]
    head = (folder / "head.json").read_bytes()
    for upto in range(1, len(changed)):
        torn = bytearray(before)
        for number in changed[-upto:]:
            torn[number * PAGE : number * PAGE + PAGE] = after[number * PAGE : number * PAGE + PAGE]
        (folder / "vault.db").write_bytes(bytes(torn) + after[len(before) :])
        (folder / "head.json").write_bytes(head)
        assert found(reopen), upto


def found(reopen: Callable[[], Vault]) -> bool:
    """Whether opening, or the proof behind the work, finds something."""
    try:
        vault = reopen()
        vault.verify_history(lambda _done, _total: None, lambda: False)
    except Problem:
        return True
    return vault.doubt() is not None


def test_every_changed_page_of_many_steps_rolled_back_is_found(
    vault: Vault, office: Any, folder: Path, reopen: Callable[[], Vault]
) -> None:
    tried = missed = 0
    path = folder / "vault.db"
    add_steps(vault, office, 8)
    vault.close()
    old = path.read_bytes()
    for step in range(STEPS):
        again = reopen()
        add_steps(again, office, 1, 8 + step)
        again.close()
        new, head = path.read_bytes(), (folder / "head.json").read_bytes()
        for number in range(len(old) // PAGE):
            start = number * PAGE
            if old[start : start + PAGE] == new[start : start + PAGE]:
                continue
            path.write_bytes(new[:start] + old[start : start + PAGE] + new[start + PAGE :])
            (folder / "head.json").write_bytes(head)
            tried += 1
            missed += not found(reopen)
        path.write_bytes(new)
        (folder / "head.json").write_bytes(head)
        old = new
    assert tried > 100
    assert missed == 0, f"{missed} of {tried}"


def test_a_row_edited_by_somebody_with_the_key_is_found_behind_the_work(
    vault: Vault, office: Any, reopen: Callable[[], Vault]
) -> None:
    office.everything()
    altered(vault, lambda cursor: cursor.run("UPDATE records SET title = 'x' WHERE seq = 1"))
    vault.close()
    again = reopen()
    assert again.doubt() is None  # the latest events are as they were
    assert again.verify_history(lambda _done, _total: None, lambda: False)
    doubt = again.doubt()
    assert doubt is not None
    assert doubt.code == "vault.history_broken"
    assert "records 1" in doubt.places
    again.accept_history()
    assert reopen().verify_history(lambda _done, _total: None, lambda: False)
    assert reopen().doubt() is None  # decided about
    altered(reopen(), lambda cursor: cursor.run("UPDATE letters SET number = 'x'"))
    again = reopen()
    again.verify_history(lambda _done, _total: None, lambda: False)
    assert code(again) == "vault.history_broken"  # a second change is not hidden behind the first


def test_one_decision_is_about_all_that_was_found(
    vault: Vault, office: Any, reopen: Callable[[], Vault]
) -> None:
    add_steps(vault, office, 61)
    altered(vault, lambda cursor: cursor.run("UPDATE records SET title = 'x'"))
    assert vault.verify_history(lambda _done, _total: None, lambda: False)
    vault.close()
    again = reopen()
    doubt = again.doubt()
    assert doubt is not None
    assert {f"records {number}" for number in range(1, 62)} <= set(doubt.places)
    assert len(doubt.first) == 20
    told = next(event for event in again.events(1000) if event.kind == "history_doubt")
    assert told.facts["count"] == len(doubt.places)
    assert told.facts["places"] == ", ".join(doubt.first)
    again.accept_history()
    again.close()
    again = reopen()
    assert again.verify_history(lambda _done, _total: None, lambda: False)
    assert again.doubt() is None, "what was decided comes back"
    altered(again, lambda cursor: cursor.run("UPDATE letters SET number = 'x' WHERE seq = 1"))
    again.verify_history(lambda _done, _total: None, lambda: False)
    doubt = again.doubt()
    assert doubt is not None
    assert doubt.places == ("letters 1",)


def test_an_event_edited_among_the_latest_is_found_at_opening(
    vault: Vault, office: Any, reopen: Callable[[], Vault]
) -> None:
    office.everything()
    altered(vault, lambda cursor: cursor.run("UPDATE events SET at = '2020-01-01T00:00:00Z' WHERE seq = 3"))
    vault.close()
    assert code(reopen()) == "vault.history_broken"


def test_a_head_of_another_vault_or_an_altered_one_is_refused(
    vault: Vault, folder: Path, reopen: Callable[[], Vault]
) -> None:
    vault.add_event("one")
    vault.close()
    told = (folder / "head.json").read_text("ascii")
    (folder / "head.json").write_text(told.replace('"events":', '"events":9'), "ascii")
    assert code(reopen()) == "vault.head_altered"


@pytest.mark.parametrize("ruin", [None, b"", bytes(200), b'{"events": 3, "ma'])
def test_a_head_that_is_gone_is_made_anew_and_written_down(
    vault: Vault, folder: Path, reopen: Callable[[], Vault], ruin: bytes | None
) -> None:
    vault.close()
    if ruin is None:
        (folder / "head.json").unlink()
    else:
        (folder / "head.json").write_bytes(ruin)
    again = reopen()
    assert again.doubt() is None
    assert again.head_was_missing
    assert [event.kind for event in again.events()][-1] == "head_missing"
    assert (folder / "head.json").exists()


def test_a_head_that_cannot_be_written_costs_nothing(
    vault: Vault, office: Any, folder: Path, reopen: Callable[[], Vault]
) -> None:
    (folder / "head.json.new").mkdir()
    vault.seal(office.record("a"), None)
    vault.close()
    (folder / "head.json.new").rmdir()
    assert reopen().doubt() is None


def test_the_two_lines_of_the_head_are_written_turn_about(vault: Vault, folder: Path) -> None:
    for number in range(5):
        before = (folder / "head.json").read_bytes()
        vault.add_event("made_up", number=number)
        after = (folder / "head.json").read_bytes()
        assert [len(line) for line in after.splitlines()] == [511, 511]
        changed = [one != other for one, other in zip(before.splitlines(), after.splitlines(), strict=True)]
        assert sorted(changed) == [False, True], "the line before stays"
        assert vault.audit_head() in after.decode()


@pytest.mark.parametrize("cut", [0, 1, 100, 300, 511])
def test_a_line_of_the_head_that_was_cut_in_writing_leaves_the_other(
    vault: Vault, folder: Path, reopen: Callable[[], Vault], cut: int
) -> None:
    file = folder / "head.json"
    vault.add_event("one")
    before = file.read_bytes()
    vault.add_event("two")
    after = file.read_bytes()
    vault.close()
    start = 0 if before[:512] != after[:512] else 512
    file.write_bytes(before[:start] + after[start : start + cut] + before[start + cut :])
    again = reopen()
    assert again.doubt() is None
    assert not again.head_was_missing
    assert len(set(file.read_bytes().splitlines())) == 1, "the opening makes it whole"


def test_an_older_copy_is_found_by_either_line_of_the_head(
    vault: Vault, folder: Path, reopen: Callable[[], Vault]
) -> None:
    vault.close()
    old = (folder / "vault.db").read_bytes()
    with reopen() as again:
        again.add_event("one")
        again.add_event("two")
    head = (folder / "head.json").read_bytes()
    for spoilt in (bytes(512) + head[512:], head[:512] + bytes(512)):
        (folder / "vault.db").write_bytes(old)
        (folder / "head.json").write_bytes(spoilt)
        with reopen() as held:
            assert code(held) == "vault.rolled_back"


def test_the_head_of_an_earlier_program_is_read_and_brought_up(
    vault: Vault, folder: Path, reopen: Callable[[], Vault]
) -> None:
    vault.add_event("one")
    vault.close()
    file = folder / "head.json"
    file.write_bytes(file.read_bytes().splitlines()[0].rstrip() + b"\n")
    again = reopen()
    assert again.doubt() is None
    assert not again.head_was_missing
    assert len(file.read_bytes()) == 1024


def test_the_proof_stops_when_it_is_asked_to(vault: Vault, office: Any) -> None:
    office.everything()
    assert not vault.verify_history(lambda _done, _total: None, lambda: True)


def test_events_are_found_by_kind_and_time(vault: Vault, office: Any) -> None:
    office.everything()
    assert vault.count_events("sealed") == 3
    assert [event.kind for event in vault.find_events("sealed", None, None, 2)] == ["sealed", "sealed"]
    since = vault.events()[0].at
    assert vault.count_events("", since) == vault.count_events("")
    assert vault.count_events("", None, since) == 0
    assert "receipt" in vault.event_kinds()


def test_a_vault_made_where_another_was_raises_no_doubt(folder: Path, passphrase: str, vault: Vault) -> None:
    vault.close()
    for name in ("vault.db", "vault.json", "vault.json.bak"):
        (folder / name).unlink()
    made, _ = Vault.create(folder, passphrase, name="李采集", params=KdfParams.for_tests())
    with made:
        assert made.doubt() is None
        assert made.writable


def test_a_copy_from_before_there_was_a_head_is_decided_about_once(
    vault: Vault, reopen: Callable[[], Vault]
) -> None:
    with vault._database.writing() as cursor:
        cursor.run("DELETE FROM secrets WHERE name = 'head'")
    vault.close()
    held = reopen()
    assert code(held) == "vault.rolled_back"
    held.accept_history()
    held.close()
    assert reopen().doubt() is None


def test_a_head_that_cannot_be_read_keeps_nobody_out(
    vault: Vault, folder: Path, reopen: Callable[[], Vault]
) -> None:
    vault.close()
    (folder / "head.json").unlink()
    (folder / "head.json").mkdir()
    again = reopen()
    assert again.doubt() is None
    assert again.head_was_missing


def test_while_a_vault_is_held_its_ways_in_stay_as_they_are(
    vault: Vault, passphrase: str, reopen: Callable[[], Vault]
) -> None:
    person = vault.add_person(passphrase, "王复核", ("reviewer",), "第二个人的口令")
    vault.suspect("vault.rolled_back")
    changes: tuple[Callable[[], object], ...] = (
        lambda: vault.change_passphrase(passphrase, "新的口令"),
        lambda: vault.renew_recovery(passphrase),
        lambda: vault.remove_person(passphrase, person),
    )
    for change in changes:
        with pytest.raises(Problem, match=re.escape("vault.rolled_back")):
            change()
    vault.close()
    again = reopen()
    assert {each.person_id for each in again.people()} == {"", person}
    again.accept_history()
    again.verify_chain()


def test_what_is_being_typed_is_saved_also_while_a_vault_is_held(vault: Vault, office: Any) -> None:
    vault.save_draft(office.draft())
    vault.suspect("vault.rolled_back")
    vault.save_draft(office.draft(xml=b"<data><more/></data>"))
    assert vault.draft("draft").xml == b"<data><more/></data>"
    with pytest.raises(Problem, match=re.escape("vault.rolled_back")):
        vault.seal(office.record(), "draft")
