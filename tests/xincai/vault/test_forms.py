"""Kept forms."""

import pytest

from xincai.errors import Problem
from xincai.vault import FormSource, Vault


def test_a_form_comes_back_with_its_files(vault: Vault) -> None:
    files = {"villages.csv": "柳河村".encode(), "empty.csv": b""}
    vault.keep_form("a" * 64, "ff_collect", "3", b"<h:html/>", files)
    assert vault.form_source("a" * 64) == FormSource("a" * 64, "ff_collect", "3", b"<h:html/>", files)


def test_a_kept_form_stays_as_it_was(vault: Vault) -> None:
    vault.keep_form("a" * 64, "ff_collect", "3", b"first", {})
    vault.keep_form("a" * 64, "ff_collect", "3", b"second", {})
    assert vault.form_source("a" * 64).xml == b"first"


def test_an_unknown_form_is_told(vault: Vault) -> None:
    with pytest.raises(Problem, match=r"vault\.no_form"):
        vault.form_source("b" * 64)


# --- forms brought in


def test_a_form_brought_in_is_offered_until_it_is_withdrawn(vault: Vault) -> None:
    vault.keep_form("a" * 64, "census", "1", b"<h:html/>", {})
    vault.offer_form("a" * 64, "{}")
    (row,) = vault.imported_forms()
    assert (row.form_id, row.form_version, row.card, row.offered) == ("census", "1", "{}", True)
    vault.withdraw_form("a" * 64)
    assert [row.offered for row in vault.imported_forms()] == [False]
    assert vault.form_source("a" * 64).xml == b"<h:html/>"
    vault.offer_form("a" * 64, "{}")
    assert [row.offered for row in vault.imported_forms()] == [True]
    vault.verify_chain()


def test_what_was_never_kept_is_not_offered(vault: Vault) -> None:
    with pytest.raises(Problem, match=r"vault\.no_form"):
        vault.offer_form("c" * 64, "{}")
    vault.withdraw_form("c" * 64)
    assert vault.imported_forms() == ()


def test_the_history_tells_of_forms_brought_in_and_withdrawn(vault: Vault) -> None:
    vault.keep_form("a" * 64, "census", "1", b"<h:html/>", {})
    vault.offer_form("a" * 64, "{}")
    vault.withdraw_form("a" * 64)
    vault.withdraw_form("a" * 64)
    kinds = [event.kind for event in vault.events()]
    assert kinds[-3:] == ["form", "form_offered", "form_withdrawn"]
