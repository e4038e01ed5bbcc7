"""Drafts: saved at once, found again."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from xincai import clock
from xincai.errors import Problem
from xincai.vault import Vault


def test_a_draft_survives_closing(vault: Vault, office: Any, reopen: Callable[[], Vault]) -> None:
    draft = office.draft(xml="<n>王</n>".encode(), answered=3, required=9)
    saved_at = vault.save_draft(draft)
    vault.close()
    again = reopen().draft("draft")
    assert (again.xml, again.answered, again.required, again.saved_at) == (draft.xml, 3, 9, saved_at)


def test_saving_again_replaces(vault: Vault, office: Any) -> None:
    vault.save_draft(office.draft(xml=b"<a/>"))
    vault.save_draft(office.draft(xml=b"<b/>"))
    assert vault.draft("draft").xml == b"<b/>"
    assert len(vault.drafts()) == 1


def test_the_latest_draft_is_listed_first(vault: Vault, office: Any, noon: datetime.datetime) -> None:
    for hour, name in enumerate(("old", "new")):
        with clock.fixed(noon + datetime.timedelta(hours=hour), seed=name):
            vault.save_draft(office.draft(name))
    assert [row.draft_id for row in vault.drafts()] == ["new", "old"]


def test_a_draft_of_a_correction_knows_its_record(vault: Vault, office: Any) -> None:
    vault.save_draft(office.draft(record_id="record", version=2))
    assert (vault.draft("draft").record_id, vault.drafts()[0].version) == ("record", 2)


def test_a_deleted_draft_is_gone_with_its_links(vault: Vault, office: Any) -> None:
    vault.save_draft(office.draft())
    vault.add_attachment(b"x", "image/png", draft_id="draft")
    vault.delete_draft("draft")
    assert vault.drafts() == ()
    assert vault.draft_attachments("draft") == ()
    with pytest.raises(Problem, match=r"vault\.no_draft"):
        vault.draft("draft")


def test_a_draft_does_not_print_its_answers(office: Any) -> None:
    printed = repr(office.draft(xml="<n>王测䶮</n>".encode()))
    assert "王测䶮" not in printed
    assert "xml" not in printed


def test_a_sealed_draft_does_not_come_back(vault: Vault, office: Any) -> None:
    """A saving that was on its way when the draft was sealed."""
    late = office.draft("visit", version=1)
    vault.save_draft(late)
    vault.seal(office.record("visit"), "visit")
    correction = office.draft("fresh", record_id="visit", version=2)
    vault.save_draft(correction)
    vault.seal(office.record("visit", 2), "fresh")
    for draft in (late, correction):
        with pytest.raises(Problem, match=r"vault\.already_sealed"):
            vault.save_draft(draft)
    assert vault.drafts() == ()


def test_a_draft_takes_over_attachments_in_the_stroke_that_makes_it(vault: Vault, office: Any) -> None:
    photo = vault.add_attachment(b"photo", "image/jpeg", name="p.jpg", draft_id="first")
    vault.save_draft(office.draft("second"), [photo])
    vault.sweep_attachments()
    assert vault.draft_attachments("second") == (photo,)
    assert vault.attachment(photo.sm3) == b"photo"
