"""The gateway's keys on the disk: taken up when they are changed, kept when what stands there is no good."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from xincai.wire.keys import RETIRED, decode_key_list
from xincai_gateway import identity
from xincai_gateway.identity import FILE, Identity, Keyring, load, rotate


def test_a_changed_key_is_in_use_at_once(tmp_path: Path) -> None:
    keyring = Keyring(tmp_path)
    first = keyring.now()
    rotate(tmp_path)
    second = keyring.now()
    assert second.key_id != first.key_id
    assert second.retired[0].public == first.key.public
    assert first.revoked == second.revoked == {}
    rotate(tmp_path, revoke=True)
    assert set(keyring.now().revoked) == {second.key_id}
    assert keyring.now().revocations == ()
    revoking = keyring.now().keys
    for _ in range(2):
        rotate(tmp_path)
    assert keyring.now().revocations == (revoking,)


def test_the_file_is_read_again_only_when_it_was_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = Keyring(tmp_path)
    read: list[Path] = []

    def noted(folder: Path, *, practice: bool = False) -> Identity:
        read.append(folder)
        return load(folder, practice=practice)

    monkeypatch.setattr(identity, "load", noted)
    for _ in range(5):
        keyring.now()
    assert read == []
    os.utime(tmp_path / FILE, ns=(1, 1))
    for _ in range(5):
        keyring.now()
    assert read == [tmp_path]


def test_what_cannot_be_read_or_is_anothers_changes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keyring = Keyring(tmp_path / "here")
    path, good = tmp_path / "here" / FILE, (tmp_path / "here" / FILE).read_bytes()
    known = keyring.now()
    load(tmp_path / "there")
    for data in (good[:-9], b"", (tmp_path / "there" / FILE).read_bytes()):
        path.write_bytes(data)
        assert keyring.now() == known
    path.unlink()
    assert keyring.now() == known
    assert len(caplog.records) == 3
    path.write_bytes(good)
    rotate(tmp_path / "here")
    assert keyring.now().key_id != known.key_id


def test_a_key_can_be_changed_however_often_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest are kept, and so is the key for envelopes."""
    monkeypatch.setattr(identity, "_MOST", 5)
    load(tmp_path)
    for number in range(12):
        rotate(tmp_path, revoke=number % 2 == 1)
    now = load(tmp_path)
    keys = decode_key_list(now.keys.data)
    assert (keys.version, len(keys.keys), len(now.revocations)) == (13, 6, 5)
    assert keys.envelope() is not None
    assert now.key_id in keys.current()
    assert set(now.keys.signatures) <= {*keys.signing(), *keys.revoked()}


def test_keys_that_are_changed_at_once_are_changed_one_after_another(tmp_path: Path) -> None:
    load(tmp_path)
    with ThreadPoolExecutor(4) as lane:
        lists = list(lane.map(lambda _: rotate(tmp_path), range(8)))
    assert sorted(each.version for each in lists) == list(range(2, 10))
    keys = decode_key_list(load(tmp_path).keys.data)
    assert [key.status for key in keys.keys].count(RETIRED) == 8
