import pytest

from xincai.errors import Problem
from xincai.wire.keys import (
    CURRENT,
    ENVELOPE,
    RETIRED,
    REVOKED,
    GatewayKey,
    KeyList,
    SignedDocument,
    accept_key_list,
    encode_key_list,
    move_key_list,
    sign_document,
)
from xincai.wire.suites import PrivateKey

ONE, TWO, THREE = (PrivateKey.generate("Ed25519") for _ in range(3))
SEALING = PrivateKey.generate()


def _list(version: int, *keys: tuple[PrivateKey, str], gateway: str = "g") -> bytes:
    entries = tuple(GatewayKey(key.public.pem, status=status) for key, status in keys)
    envelope = GatewayKey(SEALING.public.pem, ENVELOPE)
    return encode_key_list(KeyList(gateway, version, "2026-11-22T03:04:05Z", (*entries, envelope)))


FIRST = sign_document(_list(1, (ONE, CURRENT)), ONE)


def test_the_first_list_is_trusted_by_the_key_that_the_code_names() -> None:
    keys = accept_key_list(FIRST, None, expected_key=ONE.public.key_id)
    assert set(keys.signing()) == {ONE.public.key_id}
    assert keys.envelope() == SEALING.public
    accept_key_list(FIRST, None)
    with pytest.raises(Problem, match=r"wire\.unknown_key"):
        accept_key_list(FIRST, None, expected_key=TWO.public.key_id)


def test_a_code_that_names_a_retired_key_is_good_while_that_key_signs_the_list() -> None:
    data, name = _list(2, (ONE, RETIRED), (TWO, CURRENT)), ONE.public.key_id
    assert accept_key_list(sign_document(data, ONE, TWO), None, expected_key=name).version == 2
    revoked = _list(2, (ONE, REVOKED), (TWO, CURRENT))
    for signed in (sign_document(data, TWO), sign_document(data, ONE), sign_document(revoked, ONE, TWO)):
        with pytest.raises(Problem, match=r"wire\.unknown_key"):
            accept_key_list(signed, None, expected_key=name)


def test_keys_rotate_when_old_and_new_sign() -> None:
    data = _list(2, (ONE, RETIRED), (TWO, CURRENT))
    keys = accept_key_list(sign_document(data, ONE, TWO), FIRST)
    assert set(keys.signing()) == {ONE.public.key_id, TWO.public.key_id}
    assert set(keys.current()) == {TWO.public.key_id}
    for signed in (sign_document(data, ONE), sign_document(data, TWO), sign_document(data, THREE)):
        with pytest.raises(Problem, match=r"wire\.unknown_key"):
            accept_key_list(signed, FIRST)


def test_a_revoked_key_verifies_nothing() -> None:
    data = _list(2, (ONE, REVOKED), (TWO, CURRENT))
    second = sign_document(data, ONE, TWO)
    assert set(accept_key_list(second, FIRST).signing()) == {TWO.public.key_id}
    with pytest.raises(Problem, match=r"wire\.unknown_key"):
        accept_key_list(sign_document(_list(3, (ONE, CURRENT)), ONE), second)


def test_who_missed_a_revocation_goes_by_way_of_it_and_no_other_way() -> None:
    second = sign_document(_list(2, (ONE, REVOKED), (TWO, CURRENT)), ONE, TWO)
    third = sign_document(_list(3, (ONE, REVOKED), (TWO, RETIRED), (THREE, CURRENT)), TWO, THREE)
    assert move_key_list(third, FIRST, [second]).version == 3
    assert move_key_list(third, third, [second]).version == 3
    stranger = sign_document(_list(2, (THREE, CURRENT)), THREE)
    foreign = sign_document(_list(2, (ONE, REVOKED), (TWO, CURRENT), gateway="h"), ONE, TWO)
    for steps in ([], [stranger], [foreign], [third]):
        with pytest.raises(Problem, match=r"wire\.unknown_key"):
            move_key_list(third, FIRST, steps)
    with pytest.raises(Problem, match=r"wire\.old_key_list"):
        move_key_list(second, FIRST, [second, third])


def test_an_older_list_or_another_gateways_is_refused() -> None:
    second = sign_document(_list(2, (ONE, CURRENT), (TWO, CURRENT)), ONE)
    assert accept_key_list(second, second).version == 2
    for signed in (
        FIRST,
        sign_document(_list(2, (ONE, CURRENT)), ONE),
        sign_document(_list(3, (ONE, CURRENT), gateway="h"), ONE),
    ):
        with pytest.raises(Problem, match=r"wire\.old_key_list"):
            accept_key_list(signed, second)


def test_a_changed_list_is_refused() -> None:
    data = FIRST.data.replace(b'"version":1', b'"version":9')
    with pytest.raises(Problem, match=r"wire\.bad_signature"):
        accept_key_list(SignedDocument(data, FIRST.signatures), None)
    with pytest.raises(Problem, match=r"wire\.unknown_key"):
        accept_key_list(SignedDocument(FIRST.data, {}), None)
