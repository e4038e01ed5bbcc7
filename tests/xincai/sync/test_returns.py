"""A stick that comes back: receipts, keys and time, held to what the line is held to."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from gateway_here import GatewayHere, Office, running

from xincai import clock
from xincai.errors import Problem, explain
from xincai.sync import export_container, index_in_use, set_aside, take_published, take_return
from xincai.sync.trust import clock_state, trusted_keys
from xincai.vault import Vault
from xincai.wire.index import Document
from xincai.wire.parcel import parcel_path
from xincai.wire.published import NoticeText
from xincai_gateway import identity, publishing, sticks


def _there_and_back(office: Office, folder: Path, records: int = 2) -> tuple[str, Path]:
    name = office.batch(records, photo=b"\xff\xd8" + bytes(3000))
    back = folder / f"receipts-{name[:8]}.json"
    sticks.take(office.gateway.gateway, back, *export_container(office.vault, name, folder))
    return name, back


def _refused(vault: Vault, path: Path) -> str:
    before = vault.audit_head()
    with pytest.raises(Problem) as caught:
        take_return(vault, path)
    explain(caught.value)
    assert vault.audit_head() == before
    return caught.value.code


def test_a_stick_brings_the_receipts_back_without_any_line(office: Office, tmp_path: Path) -> None:
    name, back = _there_and_back(office, tmp_path)
    assert office.vault.batch_states() == {name: "unknown"}
    assert take_return(office.vault, back) == (name,)
    assert office.vault.batch_states() == {name: "settled"}
    assert len(office.vault.corrections()) == 2
    kept = office.vault.receipts()
    assert take_return(office.vault, back) == (name,)
    assert office.deliver().problem is None
    assert office.vault.receipts() == kept


def test_every_change_of_a_return_is_refused_and_keeps_nothing(office: Office, tmp_path: Path) -> None:
    _, back = _there_and_back(office, tmp_path, 1)
    whole = json.loads(back.read_text())
    changed = tmp_path / "changed.json"
    places = [("receipts", 0, "data"), ("receipts", 1, "signature"), ("keys", "data"), ("time", "data")]
    for place in places:
        copy = json.loads(json.dumps(whole))
        at = copy
        for step in place[:-1]:
            at = at[step]
        text = at[place[-1]]
        at[place[-1]] = text[:40] + ("A" if text[40] != "A" else "B") + text[41:]
        changed.write_text(json.dumps(copy))
        assert _refused(office.vault, changed).startswith(("wire.", "sync."))
    assert office.vault.receipts() == ()


@pytest.mark.parametrize("data", [b"", b"not json", b'{"receipts":[]}', b"[" * 100_000, b"\xff\xd8\xff"])
def test_what_is_no_return_file_is_said(office: Office, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "photo.jpg").write_bytes(data)
    assert _refused(office.vault, tmp_path / "photo.jpg") == "sync.no_return"


def test_an_endless_or_missing_file_is_said(office: Office, tmp_path: Path) -> None:
    with (tmp_path / "endless").open("wb") as file:
        file.truncate(10**11)
    assert _refused(office.vault, tmp_path / "endless") == "sync.no_return"
    assert _refused(office.vault, tmp_path / "gone") == "sync.no_return"


def test_another_office_and_another_gateway_are_told_apart(
    office: Office, new_vault: Callable[[], Vault], tmp_path: Path
) -> None:
    neighbour = Office.enrolled(new_vault(), office.gateway)
    _, back = _there_and_back(neighbour, tmp_path)
    assert _refused(office.vault, back) == "sync.other_return"
    with running(tmp_path / "other") as other:
        stranger = Office.enrolled(new_vault(), other)
        _, back = _there_and_back(stranger, tmp_path)
    assert _refused(office.vault, back) == "sync.other_gateway"


def test_new_keys_come_by_stick_and_an_old_stick_still_counts(
    new_vault: Callable[[], Vault], tmp_path: Path
) -> None:
    folder = tmp_path / "gateway"
    with running(folder) as gateway:
        office = Office.enrolled(new_vault(), gateway)
        old, first = _there_and_back(office, tmp_path)
    identity.rotate(folder)
    with running(folder) as gateway:
        office = Office(office.vault, gateway)
        new, second = _there_and_back(office, tmp_path)
    assert take_return(office.vault, second) == (new,)
    keys = trusted_keys(office.vault)
    assert keys is not None
    assert keys.version == 2
    assert take_return(office.vault, first) == (old,)
    assert trusted_keys(office.vault) == keys
    assert set(office.vault.batch_states().values()) == {"settled"}


def test_a_clock_behind_the_stick_is_noticed(
    office: Office, gateway: GatewayHere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, back = _there_and_back(office, tmp_path)
    late = clock.now() - datetime.timedelta(days=2)
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: late)
        take_return(office.vault, back)
    assert clock_state(office.vault) == "wrong"


def _notice(office: Office, name: str = "n1") -> None:
    publishing.publish_notice(
        office.gateway.gateway, NoticeText(name, "2026-11-22T00:00:00Z", "柳河村本周采集")
    )


def _standing(vault: Vault) -> list[str]:
    index = index_in_use(vault)
    return [document.id for document in index.documents] if index else []


def _accept(document: Document) -> None:
    """Whatever it is."""


def test_a_stick_brings_what_is_published_and_a_late_one_takes_nothing_back(
    office: Office, tmp_path: Path
) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    _notice(office)
    _, early = _there_and_back(office, tmp_path / "first")
    _notice(office, "n2")
    _, late = _there_and_back(office, tmp_path / "second")
    checked: list[str] = []
    take_return(office.vault, late)
    assert take_published(office.vault, late, lambda document: checked.append(document.id))
    assert _standing(office.vault) == ["n1", "n2"] == checked
    take_return(office.vault, early)
    assert not take_published(office.vault, early, _accept)
    assert _standing(office.vault) == ["n1", "n2"]
    assert not take_published(office.vault, late, _accept)
    publishing.withdraw(office.gateway.gateway, "notice", "n1")
    publishing.withdraw(office.gateway.gateway, "notice", "n2")


def test_what_is_published_on_a_stick_only_its_device_opens(
    office: Office, new_vault: Callable[[], Vault], tmp_path: Path
) -> None:
    _notice(office)
    _, back = _there_and_back(office, tmp_path)
    assert "柳河村本周采集".encode() not in parcel_path(back).read_bytes()
    neighbour = Office.enrolled(new_vault(), office.gateway)
    with pytest.raises(Problem, match=r"wire\.bad_envelope"):
        take_published(neighbour.vault, back, _accept)
    assert _standing(neighbour.vault) == []
    publishing.withdraw(office.gateway.gateway, "notice", "n1")


def test_a_parcel_that_was_changed_anywhere_changes_nothing(office: Office, tmp_path: Path) -> None:
    _notice(office)
    _, back = _there_and_back(office, tmp_path)
    take_return(office.vault, back)
    parcel = parcel_path(back)
    whole = parcel.read_bytes()
    for place in range(0, len(whole), 37):
        parcel.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(Problem):
            take_published(office.vault, back, _accept)
        assert _standing(office.vault) == []
    for length in (0, 10, len(whole) - 1):
        parcel.write_bytes(whole[:length])
        with pytest.raises(Problem):
            take_published(office.vault, back, _accept)
    parcel.unlink()
    assert not take_published(office.vault, back, _accept)
    parcel.write_bytes(whole)
    assert take_published(office.vault, back, _accept)
    assert _standing(office.vault) == ["n1"]
    publishing.withdraw(office.gateway.gateway, "notice", "n1")


def test_a_document_of_a_stick_that_cannot_be_read_is_set_aside(office: Office, tmp_path: Path) -> None:
    _notice(office)
    _, back = _there_and_back(office, tmp_path)

    def check(document: Document) -> None:
        raise Problem("wire.bad_document", id=document.id)

    assert take_published(office.vault, back, check)
    assert [document.id for document in set_aside(office.vault)] == ["n1"]
    assert _standing(office.vault) == []
    publishing.withdraw(office.gateway.gateway, "notice", "n1")
