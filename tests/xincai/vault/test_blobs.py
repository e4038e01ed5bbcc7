"""Attachments: kept once, in chunks, proven when read."""

import io
import os
from pathlib import Path
from typing import Any

import pytest

from xincai.errors import Problem
from xincai.vault import Vault, blobs
from xincai.wire.digest import sm3

BIG = os.urandom(2 * blobs.CHUNK + 17)


@pytest.mark.parametrize("size", [0, 1, blobs.CHUNK - 1, blobs.CHUNK, blobs.CHUNK + 1, 3 * blobs.CHUNK])
def test_bytes_come_back_as_they_went_in(vault: Vault, size: int) -> None:
    data = os.urandom(size)
    kept = vault.add_attachment(data, "image/jpeg")
    assert (kept.sm3, kept.size) == (sm3(data), size)
    assert vault.attachment(kept.sm3) == data


def test_a_file_and_a_stream_are_kept_like_bytes(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(BIG)
    from_path = vault.add_attachment(tmp_path / "photo.jpg", "image/jpeg")
    from_stream = vault.add_attachment(io.BytesIO(BIG), "image/jpeg")
    assert from_path == from_stream
    assert [len(chunk) for chunk in vault.attachment_reader(from_path.sm3)] == [blobs.CHUNK, blobs.CHUNK, 17]


def test_the_same_bytes_are_kept_once(vault: Vault, folder: Path) -> None:
    vault.add_attachment(BIG, "image/jpeg")
    before = (folder / "vault.db").stat().st_size
    vault.add_attachment(BIG, "image/png")
    assert (folder / "vault.db").stat().st_size <= before + 3 * blobs.CHUNK
    with vault._database.reading() as cursor:
        assert cursor.one("SELECT count(*) AS n FROM blobs").whole("n") == 1
        assert cursor.one("SELECT count(*) AS n FROM chunks").whole("n") == 3


def test_a_name_is_made_from_the_digest_and_the_kind(vault: Vault) -> None:
    kept = vault.add_attachment(b"x", "image/jpeg")
    assert kept.name == f"{sm3(b'x')[:16]}.jpg"
    assert vault.add_attachment(b"x", "application/../../evil-one").name == sm3(b"x")[:16]
    assert vault.add_attachment(b"x", "image/png", name="签名.png").name == "签名.png"


def test_a_draft_knows_its_attachments(vault: Vault) -> None:
    first = vault.add_attachment(b"one", "image/jpeg", draft_id="draft")
    second = vault.add_attachment(b"two", "image/png", name="b.png", draft_id="draft")
    assert vault.draft_attachments("draft") == (first, second)
    assert vault.draft_attachments("other") == ()


def test_the_sweep_takes_only_what_nothing_names(vault: Vault, office: Any) -> None:
    vault.save_draft(office.draft())
    linked = vault.add_attachment(b"linked", "image/jpeg", draft_id="draft")
    sealed = vault.add_attachment(b"sealed", "image/jpeg")
    loose = vault.add_attachment(b"loose", "image/jpeg")
    never = vault.add_attachment(b"never saved", "image/jpeg", draft_id="never")
    vault.seal(office.record(attachments=(sealed,)), None)
    vault.keep_form("a" * 64, "f", "1", b"form", {"list.csv": b"list"})
    assert vault.sweep_attachments() == 2
    assert vault.attachment(linked.sm3) == b"linked"
    assert vault.attachment(sealed.sm3) == b"sealed"
    assert vault.form_source("a" * 64).files == {"list.csv": b"list"}
    for gone in (loose, never):
        with pytest.raises(Problem, match="no_attachment"):
            vault.attachment(gone.sm3)


def test_a_sealed_attachment_cannot_be_deleted(vault: Vault, office: Any) -> None:
    vault.seal(office.record(attachments=(vault.add_attachment(b"photo", "image/jpeg"),)), None)
    with pytest.raises(Exception, match="FOREIGN KEY"), vault._database.writing() as cursor:
        cursor.run("DELETE FROM blobs")


def test_altered_bytes_are_never_handed_out_as_whole(vault: Vault) -> None:
    kept = vault.add_attachment(BIG, "image/jpeg")
    with vault._database.writing() as cursor:
        cursor.run("UPDATE chunks SET data = zeroblob(length(data)) WHERE number = 0")
    with pytest.raises(Problem, match="attachment_damaged"):
        vault.attachment(kept.sm3)
    with vault._database.writing() as cursor:
        cursor.run("DELETE FROM chunks WHERE number = 2")
    with pytest.raises(Problem, match="attachment_damaged"):
        vault.attachment(kept.sm3)


def test_a_file_that_vanished_before_it_was_read_changes_nothing(vault: Vault, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="attachment_unreadable"):
        vault.add_attachment(tmp_path / "gone.jpg", "image/jpeg")
    with vault._database.reading() as cursor:
        assert cursor.first("SELECT * FROM blobs") is None


def test_a_stream_that_breaks_half_way_leaves_nothing(vault: Vault) -> None:
    class Stick(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 0:
                raise OSError("pulled")
            return super().read(size)

    with pytest.raises(Problem, match="attachment_unreadable"):
        vault.add_attachment(Stick(BIG), "image/jpeg")
    with vault._database.reading() as cursor:
        assert cursor.first("SELECT * FROM chunks") is None


def test_what_is_too_large_is_refused(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blobs, "LARGEST", blobs.CHUNK)
    with pytest.raises(Problem, match="attachment_too_large"):
        vault.add_attachment(BIG, "image/jpeg")


def test_a_sweep_looks_only_at_what_is_new_or_let_go(vault: Vault, office: Any) -> None:
    """Whatever way something is let go, also long after it was kept, the next sweep finds it."""
    kept = vault.add_attachment(b"kept" * 100, "image/jpeg", name="a", draft_id="draft")
    vault.save_draft(office.draft())
    assert vault.sweep_attachments() == 0
    other = vault.add_attachment(b"other" * 100, "image/jpeg", name="a", draft_id="draft")  # in its place
    assert vault.sweep_attachments() == 1
    left = vault.add_attachment(b"left out of the record" * 9, "image/jpeg", name="b", draft_id="draft")
    assert vault.sweep_attachments() == 0
    vault.seal(office.record("draft", attachments=(other,)), "draft")
    assert vault.sweep_attachments() == 1
    gone = vault.add_attachment(b"thrown away" * 100, "image/jpeg", draft_id="late")
    vault.save_draft(office.draft("late"))
    assert vault.sweep_attachments() == 0
    vault.delete_draft("late")
    assert vault.sweep_attachments() == 1
    never = vault.add_attachment(b"of a draft never saved" * 9, "image/jpeg", draft_id="never")
    assert vault.sweep_attachments() == 1
    assert vault.sweep_attachments() == 0
    assert vault.attachment(other.sm3)
    for lost in (kept, left, gone, never):
        with pytest.raises(Problem, match=r"vault\.no_attachment"):
            vault.attachment(lost.sm3)
