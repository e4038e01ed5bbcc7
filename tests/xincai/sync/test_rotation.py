"""A new key for a device, agreed with a real gateway over a real socket."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from gateway_here import QUICK, GatewayHere, Office

from xincai.errors import Problem
from xincai.sync import Platform, change_key, enrolled, make_batch
from xincai.sync.trouble import Trouble
from xincai.vault import Vault
from xincai.wire.messages import KeyRequest, key_message
from xincai.wire.suites import ED25519, SM2_SM3, PrivateKey
from xincai_gateway.enrol import revoke
from xincai_gateway.schema import devices, former_keys


def signing(vault: Vault) -> PrivateKey:
    device = enrolled(vault)
    return PrivateKey.load(device.suite, device.private_key)


def change(office: Office) -> str:
    device = enrolled(office.vault)
    with Platform(device.gateway_url, device.token, patience=QUICK) as platform:
        return change_key(office.vault, platform)


def key_there(office: Office) -> str:
    found = sa.select(devices.c.key_id).where(devices.c.device == enrolled(office.vault).device_id)
    row = office.gateway.gateway.database.row(found)
    assert row is not None
    return str(row["key_id"])


def asked(office: Office, **changes: object) -> KeyRequest:
    """A request for a fresh key, with something in it that is not as it must be."""
    device, former = enrolled(office.vault), signing(office.vault)
    new = PrivateKey.generate(SM2_SM3)
    message = key_message(device.recipient, device.device_id, former.public.key_id, new.public.pem)
    facts = {
        "former": former.public.key_id,
        "public_key": new.public.pem,
        "proof": new.sign(message),
        "consent": former.sign(message),
    }
    return KeyRequest(**{**facts, **changes})  # type: ignore[arg-type]


def refused(office: Office, request: KeyRequest) -> str:
    device = enrolled(office.vault)
    before = key_there(office)
    with (
        Platform(device.gateway_url, device.token, patience=QUICK) as platform,
        pytest.raises(Trouble) as caught,
    ):
        platform.change_key(request)
    assert key_there(office) == before
    return caught.value.code_there


def test_batches_before_and_after_a_change_of_the_key_arrive(office: Office) -> None:
    office.seal()
    make_batch(office.vault)
    assert office.deliver().settled == 1
    old = signing(office.vault).public
    key_id = change(office)
    assert key_id == signing(office.vault).public.key_id == key_there(office) != old.key_id
    assert office.vault.next_device_key() is None
    office.seal()
    batch = make_batch(office.vault)
    assert office.vault.batch(batch.manifest_id).signer == key_id
    assert office.deliver().settled == 1
    assert [row.state for row in office.vault.batches()] == ["settled", "settled"]
    assert [event.kind for event in office.vault.events(limit=1000)].count("key_changed") == 1
    office.vault.verify_chain()
    kept = office.gateway.gateway.database.row(
        sa.select(former_keys).where(former_keys.c.key_id == old.key_id)
    )
    assert kept is not None
    assert kept["public_key"] == old.pem


def test_a_batch_that_has_not_arrived_goes_first(office: Office) -> None:
    office.seal()
    make_batch(office.vault)
    with pytest.raises(Problem, match=r"sync\.batches_first"):
        change(office)
    assert office.vault.next_device_key() is None
    assert office.deliver().settled == 1
    change(office)


@pytest.mark.parametrize("reached", [True, False])
def test_a_lost_answer_is_asked_for_again_with_the_same_key(
    office: Office, monkeypatch: pytest.MonkeyPatch, reached: bool
) -> None:
    """Whether the gateway has changed the key or not: the next delivery ends it."""
    old, real = signing(office.vault).public.key_id, Platform.change_key

    def cut(platform: Platform, request: KeyRequest) -> str:
        if reached:
            real(platform, request)
        raise Trouble("sync.cut")

    with monkeypatch.context() as patch:
        patch.setattr(Platform, "change_key", cut)
        with pytest.raises(Trouble):
            change(office)
    assert signing(office.vault).public.key_id == old
    assert (key_there(office) == old) is not reached
    pending = office.vault.next_device_key()
    assert pending is not None
    office.seal()
    make_batch(office.vault)  # under the former key, which is not taken any more
    office.deliver()
    new = PrivateKey.load(pending.suite, pending.handle).public.key_id
    assert signing(office.vault).public.key_id == key_there(office) == new
    make_batch(office.vault)  # what was refused waits to be sent again
    office.deliver()
    assert not office.vault.waiting_records()
    batches = office.vault.batches()
    anew = [row for row in batches if office.vault.batch(row.manifest_id).signer == new]
    assert [row.state for row in anew] == ["settled"]


def test_nobody_else_changes_the_key(office: Office, new_vault: Callable[[], Vault]) -> None:
    stranger = PrivateKey.generate(SM2_SM3)
    good = asked(office)
    assert refused(office, asked(office, consent=stranger.sign(b"x"))) == "1005"
    assert refused(office, asked(office, proof=stranger.sign(b"x"))) == "1005"
    assert refused(office, asked(office, former=stranger.public.key_id)) == "1005"
    assert refused(office, asked(office, public_key=stranger.public.pem)) == "1005"
    other = Office.enrolled(new_vault(), office.gateway)
    assert refused(other, good) == "1005"


def test_a_former_key_gives_no_consent(office: Office) -> None:
    former = signing(office.vault)
    change(office)
    device, thief = enrolled(office.vault), PrivateKey.generate(ED25519)
    message = key_message(device.recipient, device.device_id, former.public.key_id, thief.public.pem)
    request = KeyRequest(
        former=former.public.key_id,
        public_key=thief.public.pem,
        proof=thief.sign(message),
        consent=former.sign(message),
    )
    assert refused(office, request) == "1005"


def test_a_key_that_another_device_has_is_not_taken(office: Office, new_vault: Callable[[], Vault]) -> None:
    other = Office.enrolled(new_vault(), office.gateway)
    device, former, taken = enrolled(office.vault), signing(office.vault), signing(other.vault)
    message = key_message(device.recipient, device.device_id, former.public.key_id, taken.public.pem)
    request = KeyRequest(
        former=former.public.key_id,
        public_key=taken.public.pem,
        proof=taken.sign(message),
        consent=former.sign(message),
    )
    assert refused(office, request) == "1005"


def test_a_device_that_was_shut_out_gets_no_new_key(gateway: GatewayHere, office: Office) -> None:
    device = enrolled(office.vault)
    revoke(gateway.gateway.database, device.office, device.device_id, "县管理员")
    with pytest.raises(Trouble):
        change(office)
    assert signing(office.vault).public.key_id == key_there(office)
