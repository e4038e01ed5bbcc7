import dataclasses
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from gateway_here import Office, running

from xincai import clock
from xincai.errors import Problem
from xincai.sync import export_container, make_batch
from xincai.sync.trust import trusting
from xincai.vault import Vault
from xincai.wire.container import read_container
from xincai.wire.envelope import is_envelope, open_envelope
from xincai.wire.keys import ENVELOPE, GatewayKey, KeyList, encode_key_list, sign_document
from xincai.wire.manifest import MAX_ATTACHMENTS
from xincai.wire.suites import PrivateKey, PublicKey
from xincai_gateway import sticks


def test_a_batch_travels_by_stick_and_is_the_same_batch(office: Office, tmp_path: Path) -> None:
    name = office.batch(2, photo=b"\xff\xd8" + bytes(3000))
    (path,) = export_container(office.vault, name, tmp_path)
    assert office.vault.batch_states() == {name: "unknown"}
    container = read_container(path)
    key = PublicKey.from_pem(path.with_suffix(".pem").read_text())
    key.verify(container.manifest_bytes, container.signatures[key.key_id])
    sticks.take(office.gateway.gateway, tmp_path / "receipts", path)
    assert office.deliver().settled == 1
    assert office.there() == 1


def test_exporting_again_gives_the_same_bytes(office: Office, tmp_path: Path) -> None:
    name = office.batch(photo=b"\xff\xd8" + bytes(3000))
    first = export_container(office.vault, name, tmp_path)[0].read_bytes()
    assert export_container(office.vault, name, tmp_path)[0].read_bytes() == first
    assert sorted(item.suffix for item in tmp_path.glob("xincai-*")) == [".pem", ".zip"]


def test_openssl_checks_an_exported_batch(office: Office, tmp_path: Path) -> None:
    (path,) = export_container(office.vault, office.batch(), tmp_path)
    container = read_container(path)
    (signature,) = container.signatures.values()
    (tmp_path / "manifest.json").write_bytes(container.manifest_bytes)
    (tmp_path / "manifest.sm2").write_bytes(signature)
    command = ["openssl", "dgst", "-sm3", "-verify", str(path.with_suffix(".pem"))]
    command += ["-sigopt", "distid:1234567812345678", "-signature", "manifest.sm2", "manifest.json"]
    done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert done.stdout == b"Verified OK\n"
    assert json.loads(container.manifest_bytes)["user_id"] == "1234567812345678"


def test_a_batch_goes_into_an_envelope_where_the_gateway_has_a_key_for_it(
    office: Office, tmp_path: Path
) -> None:
    envelope = PrivateKey.generate()
    gateway = office.gateway.gateway.identity
    keys = (GatewayKey(gateway.key.public.pem), GatewayKey(envelope.public.pem, ENVELOPE))
    document = encode_key_list(KeyList(gateway.gateway, 2, "2026-11-22T03:04:05Z", keys))
    ((key, value),) = trusting(sign_document(document, gateway.key)).items()
    office.vault.set_setting(key, value)
    name = office.batch(photo=b"\xff\xd8" + bytes(3000))
    (path,) = export_container(office.vault, name, tmp_path)
    assert is_envelope(path)
    assert "王测䶮".encode() not in path.read_bytes()
    with (tmp_path / "inside.zip").open("wb") as file:
        open_envelope(path, file, gateway.gateway, envelope)
    assert read_container(tmp_path / "inside.zip").manifest_bytes == office.vault.batch(name).manifest


def test_a_stick_that_is_gone_is_said(office: Office, tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"sync\.cannot_write"):
        export_container(office.vault, office.batch(), tmp_path / "gone")


def test_at_work_only_the_gateway_reads_a_stick(new_vault: Callable[[], Vault], tmp_path: Path) -> None:
    with running(tmp_path / "work", practice=False) as gateway:
        office = Office.enrolled(new_vault(), gateway)
        name = office.batch(photo=b"\xff\xd8" + bytes(3000))
        (path,) = export_container(office.vault, name, tmp_path)
        assert "王测䶮".encode() not in path.read_bytes()
        left = tmp_path / "work" / "opened-by-a-run-that-was-killed.zip"
        left.write_bytes(b"answers")
        os.utime(left, (0, 0))
        with pytest.raises(Problem, match=r"wire\.bad_container"):
            read_container(path)
        assert sticks.verify(gateway.gateway, path).manifest == name
        sticks.take(gateway.gateway, tmp_path / "receipts", path)
        assert office.deliver().settled == 1
        assert office.there() == 1
        assert not list((tmp_path / "work").glob("opened-*"))


def test_at_work_nothing_readable_goes_onto_a_stick(office: Office, tmp_path: Path) -> None:
    name, device = office.batch(), office.vault.device()
    assert device is not None
    office.vault.save_device(dataclasses.replace(device, practice=False))
    with pytest.raises(Problem, match=r"sync\.no_envelope_key"):
        export_container(office.vault, name, tmp_path)
    assert not list(tmp_path.glob("xincai-*"))


def test_an_envelope_for_another_gateway_is_refused(
    office: Office, new_vault: Callable[[], Vault], tmp_path: Path
) -> None:
    with running(tmp_path / "work", practice=False) as gateway:
        stranger = Office.enrolled(new_vault(), gateway)
        (path,) = export_container(stranger.vault, stranger.batch(), tmp_path)
    with pytest.raises(Problem, match=r"wire\.bad_envelope"):
        sticks.verify(office.gateway.gateway, path)


def test_a_batch_that_cannot_be_read_leaves_nothing_on_the_stick(office: Office, tmp_path: Path) -> None:
    name = office.batch(photo=b"\xff\xd8" + bytes(3000))
    with office.vault._database.writing() as cursor:
        cursor.run("UPDATE chunks SET data = x'00'")
    with pytest.raises(Problem, match=r"vault\.attachment_damaged"):
        export_container(office.vault, name, tmp_path)
    assert not list(tmp_path.glob("xincai-*"))


def test_a_record_with_more_attachments_than_a_manifest_lists_holds_back_no_other(office: Office) -> None:
    photo = b"\xff\xd8" + bytes(3000)
    many = office.seal(photo=photo, photos=MAX_ATTACHMENTS)
    more = office.seal(photo=photo, photos=MAX_ATTACHMENTS + 1)
    few = office.seal()
    batch = make_batch(office.vault)
    assert office.vault.batch(batch.manifest_id).records == ((many.record_id, 1), (few.record_id, 1))
    assert office.vault.waiting_records() == ((more.record_id, 1),)
    with pytest.raises(Problem, match=r"wire\.bad_field"):
        make_batch(office.vault)
    assert office.deliver().settled == 1


def test_a_batch_ends_where_its_manifest_or_its_photos_would_be_too_large(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        office.seal(photo=clock.random_bytes(400_000))
    monkeypatch.setattr("xincai.sync.batches.MOST_BYTES", 1_000_000)
    assert [make_batch(office.vault).records for _ in range(2)] == [2, 2]
    for _ in range(4):
        office.seal(photo=b"\xff\xd8" + bytes(3000), photos=20)
    monkeypatch.setattr("xincai.sync.batches._MOST_LISTED", 8_000)
    assert [make_batch(office.vault).records for _ in range(2)] == [2, 2]
    assert office.deliver().settled == 4
