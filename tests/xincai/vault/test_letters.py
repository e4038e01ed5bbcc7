"""Kept letters."""

from typing import Any

import pytest

from xincai.errors import Problem
from xincai.vault import Vault


def test_a_letter_comes_back_as_it_was_printed(vault: Vault, office: Any) -> None:
    vault.seal(office.record(), None)
    row = vault.save_letter("letter", "record", 1, "commitment", "承诺-1", b"%PDF", "d" * 64, 2)
    assert vault.letters("record") == (row,) == vault.letters()
    assert vault.letter("letter") == b"%PDF"
    assert vault.letters("other") == ()
    assert vault.letter_row("letter") == row
    assert (vault.count_letters("承诺"), vault.count_letters("承诺-2")) == (1, 0)


def test_a_letter_belongs_to_a_sealed_version(vault: Vault, office: Any) -> None:
    vault.seal(office.record(), None)
    with pytest.raises(Problem, match=r"vault\.no_record"):
        vault.save_letter("letter", "record", 2, "commitment", "1", b"%PDF", "d" * 64)
    for read in (vault.letter, vault.letter_row):
        with pytest.raises(Problem, match=r"vault\.no_letter"):
            read("letter")


def test_a_letter_is_kept_once(vault: Vault, office: Any) -> None:
    vault.seal(office.record(), None)
    vault.save_letter("letter", "record", 1, "commitment", "1", b"%PDF", "d" * 64)
    with pytest.raises(Problem, match=r"vault\.already_sealed"):
        vault.save_letter("letter", "record", 1, "commitment", "1", b"other", "d" * 64)
    assert vault.letter("letter") == b"%PDF"
