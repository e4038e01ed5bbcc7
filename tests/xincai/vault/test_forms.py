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
