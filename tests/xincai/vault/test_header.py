"""The header: two copies, damage, swaps, and the moments in between."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from xincai.errors import Problem
from xincai.vault import KdfParams, Vault, header, keys

NAMES = ("vault.json", "vault.json.bak")


@pytest.fixture
def closed(vault: Vault, folder: Path) -> Path:
    vault.set_setting("kept", "yes")
    vault.close()
    return folder


def opens(folder: Path, passphrase: str) -> None:
    with Vault.open(folder, passphrase) as vault:
        assert vault.setting("kept") == "yes"
    assert (folder / NAMES[0]).read_bytes() == (folder / NAMES[1]).read_bytes()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "harm", [Path.unlink, lambda path: path.write_bytes(b""), lambda path: path.write_text("[]")]
)
def test_either_copy_heals_the_other(
    closed: Path, passphrase: str, name: str, harm: Callable[[Path], object]
) -> None:
    harm(closed / name)
    opens(closed, passphrase)


def test_both_copies_lost_is_told_apart_from_both_damaged(closed: Path, passphrase: str) -> None:
    for name in NAMES:
        (closed / name).write_bytes(b"{")
    with pytest.raises(Problem, match=r"vault\.header_damaged"):
        Vault.open(closed, passphrase)
    for name in NAMES:
        (closed / name).unlink()
    with pytest.raises(Problem, match=r"vault\.header_lost"):
        Vault.open(closed, passphrase)
    assert Vault.is_there(closed)


def test_every_flipped_bit_of_the_header_is_found_and_healed(closed: Path) -> None:
    good = (closed / NAMES[0]).read_bytes()
    whole = header.decode(good)
    missed = []
    for place in range(len(good)):
        for bit in range(8):
            flipped = bytearray(good)
            flipped[place] ^= 1 << bit
            try:
                read = header.decode(bytes(flipped))
            except Problem:
                continue
            if read is not None and read != whole:
                missed.append((place, bit))
    assert missed == []


def test_a_flipped_byte_on_disk_is_healed(closed: Path, passphrase: str) -> None:
    good = (closed / NAMES[0]).read_bytes()
    for place in range(3, len(good), 97):
        flipped = bytearray(good)
        flipped[place] ^= 0x10
        (closed / NAMES[place % 2]).write_bytes(bytes(flipped))
        opens(closed, passphrase)


def test_a_header_of_another_vault_is_not_used(closed: Path, tmp_path: Path, passphrase: str) -> None:
    other, _ = Vault.create(tmp_path / "other", passphrase, name="", params=KdfParams.for_tests())
    other.close()
    theirs = (tmp_path / "other" / NAMES[0]).read_bytes()
    (closed / NAMES[0]).write_bytes(theirs)
    opens(closed, passphrase)
    for name in NAMES:
        (closed / name).write_bytes(theirs)
    before = (closed / "vault.db").read_bytes()
    for typed in (passphrase, "不对"):
        with pytest.raises(Problem, match=r"vault\.header_of_another"):
            Vault.open(closed, typed)
    assert (closed / "vault.db").read_bytes() == before
    assert (closed / NAMES[0]).read_bytes() == theirs


def test_a_forged_header_is_refused(closed: Path, passphrase: str) -> None:
    """Someone who can write, but not open, moves a fact and makes the plain sum fit again."""
    whole = header.decode((closed / NAMES[0]).read_bytes())
    assert whole is not None
    forged = header.encode(dataclasses.replace(whole, created="2020-01-01T00:00:00Z"))
    for name in NAMES:
        (closed / name).write_bytes(forged)
    with pytest.raises(Problem, match=r"vault\.header_altered"):
        Vault.open(closed, passphrase)


def test_a_forged_copy_does_not_keep_the_good_one_from_opening(closed: Path, passphrase: str) -> None:
    whole = header.decode((closed / NAMES[0]).read_bytes())
    assert whole is not None
    forged = header.encode(dataclasses.replace(whole, created="2020-01-01T00:00:00Z"))
    (closed / NAMES[0]).write_bytes(forged)
    opens(closed, passphrase)


def test_a_header_of_a_newer_program_is_told(closed: Path, passphrase: str) -> None:
    document = json.loads((closed / NAMES[0]).read_bytes())
    document.pop("sum")
    document["format"] = "xincai-vault-2"
    document["sum"] = header._sum(document)
    for name in NAMES:
        (closed / name).write_text(json.dumps(document))
    with pytest.raises(Problem, match=r"vault\.newer"):
        Vault.open(closed, passphrase)


def test_a_cut_between_the_two_copies_leaves_the_new_passphrase(
    made: tuple[Vault, str], folder: Path, passphrase: str
) -> None:
    vault, _ = made
    vault.set_setting("kept", "yes")
    old = (folder / NAMES[1]).read_bytes()
    vault.change_passphrase(passphrase, "新的口令")
    vault.close()
    (folder / NAMES[1]).write_bytes(old)
    with pytest.raises(Problem, match=r"vault\.wrong_passphrase"):
        Vault.open(folder, passphrase)
    opens(folder, "新的口令")


def test_a_salt_that_flipped_in_the_file_does_no_harm(closed: Path, passphrase: str) -> None:
    data = bytearray((closed / "vault.db").read_bytes())
    data[3] ^= 1
    (closed / "vault.db").write_bytes(bytes(data))
    opens(closed, passphrase)


def test_the_header_names_nobody(closed: Path) -> None:
    document = json.loads((closed / NAMES[0]).read_bytes())
    assert set(document) == {"format", "vault", "created", "salt", "revision", "slots", "mac", "sum"}
    assert {slot["kind"] for slot in document["slots"]} == {"passphrase", "recovery"}
    assert len(bytes.fromhex(document["slots"][0]["wrapped"])) == keys.KEY_SIZE + 16


@pytest.mark.parametrize("bend", ["slots", "salt", "nonce", "wrapped"])
def test_a_header_of_a_strange_shape_is_damage_and_no_bug_of_ours(
    closed: Path, passphrase: str, bend: str
) -> None:
    """The plain sum fits, as anyone can make it fit."""
    document = json.loads((closed / NAMES[0]).read_bytes())
    document.pop("sum")
    if bend == "slots":
        document["slots"] = document["slots"][1:]
    else:
        document["slots"][0][bend] = "00"
    document["sum"] = header._sum(document)
    for name in NAMES:
        (closed / name).write_text(json.dumps(document))
    with pytest.raises(Problem, match=r"vault\.header_damaged"):
        Vault.open(closed, passphrase)


def test_what_a_cut_left_of_a_copy_goes_at_the_next_opening(
    vault: Vault, folder: Path, passphrase: str
) -> None:
    vault.close()
    for name in ("vault.json.new", "vault.json.bak.new"):
        (folder / name).write_bytes(b"half")
    Vault.open(folder, passphrase).close()
    assert not list(folder.glob("*.new"))
