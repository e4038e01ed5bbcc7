"""The scrub: bytes of attachments that are no longer what they were are found though nobody asks for them."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xincai import clock
from xincai.errors import Problem
from xincai.vault import Vault
from xincai.wire.digest import sm3


def quiet(_done: int, _total: int) -> None:
    pass


def never() -> bool:
    return False


def attached(vault: Vault, office: Any, count: int = 3, size: int = 300_000) -> list[str]:
    """Records, each with an attachment; their digests."""
    kept = [vault.add_attachment(bytes([number]) * size, "image/jpeg") for number in range(count)]
    for number, item in enumerate(kept):
        vault.seal(office.record(f"r{number}", attachments=(item,)), None)
    return [item.sm3 for item in kept]


def altered(vault: Vault, digest: str, change: str) -> None:
    """Change the second chunk of an attachment with the key, as an insider would."""
    where = "number = 1 AND blob_id = (SELECT blob_id FROM blobs WHERE sm3 = ?)"
    with vault._database.writing() as cursor:
        assert cursor.run(f"{change} WHERE {where}", digest) == 1


def test_whole_attachments_are_told_to_be_so_and_steps_count_their_bytes(vault: Vault, office: Any) -> None:
    attached(vault, office)
    with vault._database.reading() as cursor:
        size = cursor.one("SELECT sum(size) AS n FROM blobs").whole("n")
    steps = list[tuple[int, int]]()
    assert vault.scrub(lambda done, total: steps.append((done, total)), never)
    assert steps[-1] == (size, size)
    assert [done for done, _ in steps] == sorted({done for done, _ in steps})
    assert vault.doubt() is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE chunks SET data = zeroblob(length(data))",
        "UPDATE chunks SET data = CAST(data || x'00' AS BLOB)",
        "DELETE FROM chunks",
    ],
)
def test_bytes_that_changed_hold_the_vault_until_somebody_decides(
    vault: Vault, office: Any, reopen: Callable[[], Vault], change: str
) -> None:
    digest = attached(vault, office)[1]
    altered(vault, digest, change)
    assert vault.scrub(quiet, never)
    doubt = vault.doubt()
    assert doubt is not None
    assert (doubt.code, doubt.places) == ("vault.history_broken", (f"attachments {digest[:8]}",))
    with pytest.raises(Problem, match=r"vault\.history_broken"):
        vault.seal(office.record("later"), None)
    vault.close()
    again = reopen()
    assert again.doubt() == doubt
    again.accept_history("照片已另存")
    assert again.scrub(quiet, never)
    assert again.doubt() is None


def test_what_was_erased_after_its_receipt_is_no_damage(vault: Vault, office: Any) -> None:
    office.everything()
    vault.erase("record")
    with pytest.raises(Problem, match=r"vault\.erased"):
        vault.attachment(sm3(b"photo" * 100))
    assert vault.scrub(quiet, never)
    assert vault.doubt() is None


def test_a_scrub_that_is_stopped_goes_on_where_it_was(
    vault: Vault, office: Any, folder: Path, reopen: Callable[[], Vault], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xincai.vault.scrub._STRETCH", 1)
    attached(vault, office, count=6)
    first = list[int]()
    assert not vault.scrub(lambda done, _total: first.append(done), lambda: len(first) == 5, due=True)
    vault.close()
    again = reopen()
    second = list[tuple[int, int]]()
    assert again.scrub(lambda done, total: second.append((done, total)), never, due=True)
    whole = list[tuple[int, int]]()
    assert again.scrub(lambda done, total: whole.append((done, total)), never)
    assert second[-1][1] + first[3] == whole[-1][1]
    assert len(second) == len(whole) - 4


def test_after_coming_to_the_end_it_is_due_in_thirty_days(
    vault: Vault, office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = attached(vault, office)[0]
    assert vault.scrub(quiet, never, due=True)
    altered(vault, digest, "DELETE FROM chunks")
    assert vault.scrub(quiet, never, due=True)
    assert vault.doubt() is None, "it is not due yet"
    later = clock.now() + datetime.timedelta(days=31)
    monkeypatch.setattr(clock, "_wall", lambda: later)
    assert vault.scrub(quiet, never, due=True)
    assert vault.doubt() is not None


def test_what_is_swept_while_it_is_read_is_no_damage(vault: Vault) -> None:
    vault.add_attachment(b"x" * 700_000, "image/jpeg", draft_id="never saved")
    steps = list[int]()

    def sweep(done: int, _total: int) -> None:
        steps.append(done)
        if len(steps) == 1:
            assert vault.sweep_attachments() == 1

    assert vault.scrub(sweep, never)
    assert len(steps) == 1
    assert vault.doubt() is None


def test_one_decision_is_about_all_damaged_attachments(vault: Vault, office: Any) -> None:
    digests = attached(vault, office, count=4)
    for digest in digests[1:]:
        altered(vault, digest, "DELETE FROM chunks")
    assert vault.scrub(quiet, never)
    doubt = vault.doubt()
    assert doubt is not None
    assert set(doubt.places) == {f"attachments {digest[:8]}" for digest in digests[1:]}
    vault.accept_history()
    assert vault.scrub(quiet, never)
    assert vault.doubt() is None
