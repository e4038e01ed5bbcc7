"""A gateway whose key is changed or revoked while devices work: nobody is left waiting for a receipt."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gateway_here import OFFICE, GatewayHere, Office
from xincai.errors import Problem
from xincai.sync import export_container, take_return
from xincai.sync.platform import Platform
from xincai.sync.trust import renew_keys
from xincai.vault import Vault
from xincai.wire.manifest import decode
from xincai.wire.receipt import decode_receipt
from xincai_gateway import identity, ledger, replaying, sticks
from xincai_gateway.gateway import Gateway

Vaults = Callable[[], Vault]


@pytest.fixture
def mine(here: GatewayHere, new_vault: Vaults) -> Office:
    return Office.enrolled(new_vault(), here)


def change(here: GatewayHere, *, revoke: bool) -> None:
    identity.rotate(here.gateway.settings.folder, revoke=revoke)


def lose_the_answer(office: Office, monkeypatch: pytest.MonkeyPatch) -> str:
    """A batch that the gateway has settled, of which the device has heard nothing."""
    name = office.batch(2)
    real = Platform.commit

    def lost(self: Platform, *given: object) -> object:
        real(self, *given)  # type: ignore[arg-type]
        raise Problem("sync.cancelled")

    with monkeypatch.context() as patch:
        patch.setattr(Platform, "commit", lost)
        office.deliver()
    assert office.vault.batch_states()[name] == "unknown"
    assert len(stored(office, name)) == 2
    return name


def stored(office: Office, name: str) -> tuple[bytes, ...]:
    found = ledger.receipts_of(office.gateway.gateway.database, OFFICE, name)
    return tuple(receipt.data for receipt in found)


@pytest.mark.parametrize("revoke", [False, True])
def test_a_device_that_missed_its_receipts_gets_them_whatever_became_of_the_key(
    mine: Office, monkeypatch: pytest.MonkeyPatch, revoke: bool
) -> None:
    name = lose_the_answer(mine, monkeypatch)
    before = stored(mine, name)
    change(mine.gateway, revoke=revoke)
    report = mine.deliver()
    assert (report.settled, report.problem) == (1, None)
    after = stored(mine, name)
    assert (after == before) is not revoke
    assert mine.deliver().problem is None
    assert stored(mine, name) == after
    assert mine.there() == 1


def test_what_is_signed_again_says_the_same(mine: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    name = lose_the_answer(mine, monkeypatch)
    old = [decode_receipt(data) for data in stored(mine, name)]
    change(mine.gateway, revoke=True)
    mine.deliver()
    new = [decode_receipt(data) for data in stored(mine, name)]
    who = mine.gateway.gateway.identity
    for one, other in zip(old, new, strict=True):
        assert other.signer == who.key_id != one.signer
        assert other.receipt_id != one.receipt_id
        facts = (
            "kind",
            "manifest",
            "platform_time",
            "audit_head",
            "outcomes",
            "sequence",
            "size",
            "practice",
        )
        assert all(getattr(one, fact) == getattr(other, fact) for fact in facts)


def test_a_device_that_has_its_receipts_is_not_troubled(mine: Office) -> None:
    name = mine.batch(1)
    assert mine.deliver().settled == 1
    corrections = mine.vault.corrections()
    change(mine.gateway, revoke=True)
    mine.vault.set_setting("sync-cursor", "")  # as when it enrols anew
    assert mine.deliver().problem is None
    assert mine.vault.batch_states() == {name: "settled"}
    assert [each.record_id for each in mine.vault.corrections()] == [each.record_id for each in corrections]
    mine.batch(1)
    assert mine.deliver().settled == 1


def test_a_stick_brings_receipts_that_count(mine: Office, tmp_path: Path) -> None:
    name, back = mine.batch(2), tmp_path / "receipts.json"
    files = export_container(mine.vault, name, tmp_path)
    gateway = mine.gateway.gateway
    sticks.take(gateway, back, *files)
    change(mine.gateway, revoke=True)
    sticks.take(gateway, back, *files)
    assert take_return(mine.vault, back) == (name,)
    assert mine.vault.batch_states() == {name: "settled"}
    assert mine.deliver().problem is None


def test_a_stick_that_was_made_before_and_is_read_after_says_what_to_do(mine: Office, tmp_path: Path) -> None:
    name, back, new = mine.batch(2), tmp_path / "receipts.json", tmp_path / "new.json"
    files = export_container(mine.vault, name, tmp_path)
    gateway = mine.gateway.gateway
    sticks.take(gateway, back, *files)
    change(mine.gateway, revoke=True)
    with mine.platform() as platform:
        renew_keys(mine.vault, platform)
    with pytest.raises(Problem, match=r"sync\.late_return"):
        take_return(mine.vault, back)
    assert mine.vault.receipts(name) == ()
    sticks.take(gateway, new, *files)
    assert take_return(mine.vault, new) == (name,)


def test_workers_that_sign_again_at_once_answer_with_one_receipt(
    mine: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = lose_the_answer(mine, monkeypatch)
    change(mine.gateway, revoke=True)
    other = Gateway.open(mine.gateway.gateway.settings)
    try:
        read = ledger.receipts_of(other.database, OFFICE, name)
        first = replaying.receipts_of(mine.gateway.gateway, OFFICE, name)
        with monkeypatch.context() as patch:
            patch.setattr(ledger, "receipts_of", lambda *_: read)  # read before the first one wrote
            assert replaying.receipts_of(other, OFFICE, name) == first
    finally:
        other.close()


def test_what_the_revoked_key_did_not_sign_is_not_signed_again(
    mine: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever can write into the database cannot have his words signed."""
    import sqlalchemy as sa

    from xincai_gateway.schema import receipts

    name = lose_the_answer(mine, monkeypatch)
    database = mine.gateway.gateway.database
    forged = stored(mine, name)[1].replace(b'"rejected"', b'"accepted"')
    this = sa.and_(receipts.c.manifest_sm3 == name, receipts.c.kind == "B")
    database.write(lambda connection: connection.execute(sa.update(receipts).where(this).values(data=forged)))
    change(mine.gateway, revoke=True)
    assert mine.deliver().settled == 0
    assert stored(mine, name)[1] == forged


@pytest.mark.parametrize("revoke", [False, True])
def test_a_key_that_changes_in_the_middle_of_a_delivery_is_followed(
    mine: Office, monkeypatch: pytest.MonkeyPatch, revoke: bool
) -> None:
    for _ in range(2):
        mine.batch(1)
    real = Platform.commit
    changes = iter([True])

    def commit(self: Platform, *given: object) -> object:
        if next(changes, False):
            change(mine.gateway, revoke=revoke)
        return real(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Platform, "commit", commit)
    report = mine.deliver()
    assert (report.settled, report.problem) == (2, None)


@pytest.mark.parametrize("missed", ["vr", "rv", "vv", "vrvr", "rvvr"])
@pytest.mark.parametrize("way", ["wire", "stick"])
def test_a_device_that_missed_many_changes_follows(
    mine: Office, tmp_path: Path, missed: str, way: str
) -> None:
    """Revoked (v) or rotated (r), in any order, while it was away."""
    name, back = mine.batch(1), tmp_path / "receipts.json"
    files = export_container(mine.vault, name, tmp_path)
    for each in missed:
        change(mine.gateway, revoke=each == "v")
    if way == "wire":
        assert mine.deliver().problem is None
    else:
        sticks.take(mine.gateway.gateway, back, *files)
        assert take_return(mine.vault, back) == (name,)
    assert mine.vault.batch_states() == {name: "settled"}
    device = mine.vault.device()
    assert device is not None
    assert len(device.gateway_keys) == 1 + len(missed) - missed.count("v")


def test_a_running_gateway_signs_with_the_new_key_at_once(mine: Office) -> None:
    old = mine.gateway.gateway.identity.key_id
    for _ in range(2):  # twice while the device was away
        change(mine.gateway, revoke=False)
    name = mine.batch(1)
    assert mine.deliver().settled == 1
    assert {decode_receipt(data).signer for data in stored(mine, name)} == {
        mine.gateway.gateway.identity.key_id
    }
    assert mine.gateway.gateway.identity.key_id != old
    assert decode(mine.vault.batch(name).manifest).recipient == mine.gateway.gateway.identity.gateway
