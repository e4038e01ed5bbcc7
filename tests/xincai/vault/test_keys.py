"""Keys: floors, wrapping, recovery codes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xincai.errors import Problem
from xincai.vault import keys
from xincai.vault.keys import KdfParams

WEAK = KdfParams.for_tests()
CODES = [keys.new_recovery() for _ in range(20)]


def test_the_default_is_64_mib_three_rounds_four_lanes() -> None:
    assert (KdfParams().memory_kib, KdfParams().time, KdfParams().lanes) == (65536, 3, 4)


@pytest.mark.parametrize("weak", [{"memory_kib": 16 * 1024}, {"time": 1}, {"lanes": 0}])
def test_parameters_below_the_floor_are_refused(weak: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="floor"):
        KdfParams(**weak)  # type: ignore[arg-type]


def test_an_altered_header_cannot_ask_for_endless_work() -> None:
    with pytest.raises(ValueError, match="ceiling"):
        KdfParams(memory_kib=1 << 30)


def test_a_slot_opens_with_its_secret_alone() -> None:
    data_key = keys.new_data_key()
    slot = keys.wrap(data_key, "正确的口令", "passphrase", "vault-a", WEAK)
    assert keys.unwrap(slot, "正确的口令", "vault-a") == data_key
    assert keys.unwrap(slot, "错误的口令", "vault-a") is None


def test_a_slot_does_not_open_in_another_vault() -> None:
    slot = keys.wrap(keys.new_data_key(), "口令", "passphrase", "vault-a", WEAK)
    assert keys.unwrap(slot, "口令", "vault-b") is None


def test_full_width_typing_is_the_same_passphrase() -> None:
    data_key = keys.new_data_key()
    slot = keys.wrap(data_key, "abc123", "passphrase", "v", WEAK)
    assert keys.unwrap(slot, "ａｂｃ１２３", "v") == data_key


def test_the_database_key_is_not_the_data_key() -> None:
    data_key = keys.new_data_key()
    assert keys.database_key(data_key) != data_key


def test_a_recovery_code_is_read_as_people_type_it() -> None:
    code = keys.new_recovery()
    plain = code.replace("-", "")
    assert keys.read_recovery(code) == plain
    assert keys.read_recovery(code.lower().replace("-", "  ")) == plain
    assert keys.read_recovery(code.replace("0", "o").replace("1", "l")) == plain


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(CODES), st.integers(0, 34), st.sampled_from(keys.ALPHABET))
def test_every_single_slip_is_told_with_its_group(code: str, place: int, wrong: str) -> None:
    plain = code.replace("-", "")
    if plain[place] == wrong:
        return
    with pytest.raises(Problem) as caught:
        keys.read_recovery(plain[:place] + wrong + plain[place + 1 :])
    assert caught.value.code == "vault.recovery_typo"
    assert caught.value.facts["group"] == place // 5 + 1


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(CODES), st.integers(0, 33))
def test_every_swap_of_neighbours_within_a_group_is_told(code: str, place: int) -> None:
    plain = code.replace("-", "")
    swapped = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    if swapped == plain or place % 5 == 4:
        return
    with pytest.raises(Problem) as caught:
        keys.read_recovery(swapped)
    assert caught.value.facts["group"] == place // 5 + 1


def test_swapped_groups_are_told() -> None:
    groups = CODES[0].split("-")
    with pytest.raises(Problem, match="recovery_typo"):
        keys.read_recovery("-".join([groups[1], groups[0], *groups[2:]]))


def test_a_code_too_long_is_told() -> None:
    with pytest.raises(Problem) as caught:
        keys.read_recovery(CODES[0] + "7")
    assert caught.value.code == "vault.recovery_length"
    assert caught.value.facts == {"expected": 35, "found": 36}


def test_a_code_cut_short_is_told_with_the_group_that_is_missing() -> None:
    with pytest.raises(Problem) as caught:
        keys.read_recovery(CODES[0][:-6])
    assert caught.value.facts["group"] == 7
