"""Blobs and the embedded database on a disk that misbehaves."""

import datetime
import errno
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from xincai import clock
from xincai.errors import Problem
from xincai.wire.digest import sm3
from xincai_gateway import blobs as blobs_module
from xincai_gateway import cipher, identity, schema
from xincai_gateway.blobs import Blobs, Standing
from xincai_gateway.database import Database, Taken

OFFICE = "410499000000"
DATA = bytes(range(256)) * 40


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize("size", [1, 15, 16, 17, 4099])
def test_any_split_of_an_upload_gives_the_same_blob(blobs: Blobs, size: int) -> None:
    data = DATA[: size * 200]
    blobs.create(OFFICE, sm3(data), len(data))
    for start in range(0, len(data), size):
        with blobs.upload(OFFICE, sm3(data), start) as upload:
            upload.write(data[start : start + size])
    blobs.finish(OFFICE, sm3(data))
    assert blobs.read(OFFICE, sm3(data)) == data


def test_the_last_writer_has_the_upload(blobs: Blobs) -> None:
    blobs.create(OFFICE, sm3(DATA), len(DATA))
    first = blobs.upload(OFFICE, sm3(DATA), 0)
    first.write(DATA[:100])
    with blobs.upload(OFFICE, sm3(DATA), 100) as second:
        with pytest.raises(Problem, match="upload_replaced"):
            first.write(DATA[100:200])
        second.write(DATA[100:])
    first.__exit__()
    blobs.finish(OFFICE, sm3(DATA))
    assert blobs.read(OFFICE, sm3(DATA)) == DATA


def test_an_upload_that_a_neighbour_finishes_meanwhile_is_replaced(
    blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same request twice at once: one is done between the other's look and its first byte."""
    data, look = clock.random_bytes(1_000), blobs.standing
    name = sm3(data)
    blobs.create(OFFICE, name, len(data))

    def finished_meanwhile(office: str, wanted: str) -> Standing | None:
        standing = look(office, wanted)
        monkeypatch.undo()
        with blobs.upload(office, wanted, 0) as upload:
            upload.write(data)
        blobs.finish(office, wanted)
        return standing

    monkeypatch.setattr(blobs, "standing", finished_meanwhile)
    with pytest.raises(Problem, match=r"gateway\.upload_replaced"):
        blobs.upload(OFFICE, name, 0)
    assert blobs.read(OFFICE, name) == data


def test_a_changed_file_is_never_read_as_the_blob(blobs: Blobs, tmp_path: Path) -> None:
    blobs.put(OFFICE, sm3(DATA), DATA)
    (path,) = (tmp_path / "blobs").rglob(sm3(DATA))
    whole = path.read_bytes()
    for place in (0, 20, len(whole) - 1):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(Problem, match="blob_damaged"):
            blobs.read(OFFICE, sm3(DATA))


def test_a_full_disk_keeps_what_arrived_and_says_so(blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs.create(OFFICE, sm3(DATA), len(DATA))
    with blobs.upload(OFFICE, sm3(DATA), 0) as upload:
        upload.write(DATA[:500])

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    with blobs.upload(OFFICE, sm3(DATA), 500) as upload:
        upload.write(DATA[500:])
    with monkeypatch.context() as disk:
        disk.setattr(blobs_module, "flush", full)
        with pytest.raises(Problem, match="storage_full"):
            blobs.finish(OFFICE, sm3(DATA))
    assert blobs.size(OFFICE, sm3(DATA)) is None
    blobs.put(OFFICE, sm3(DATA), DATA)
    assert blobs.read(OFFICE, sm3(DATA)) == DATA


def test_uploads_abandoned_for_a_week_go_and_blobs_stay(blobs: Blobs) -> None:
    blobs.put(OFFICE, sm3(DATA), DATA)
    blobs.create(OFFICE, sm3(b"x"), 1)
    assert blobs.sweep() == 0
    with clock.fixed(clock.now() + datetime.timedelta(days=8)):
        assert blobs.sweep() == 1
    assert blobs.standing(OFFICE, sm3(b"x")) is None
    assert blobs.read(OFFICE, sm3(DATA)) == DATA


def test_the_cipher_is_the_same_from_any_offset() -> None:
    key, nonce = bytes(16), bytes(8)
    whole = cipher.crypt(key, nonce, 0, DATA)
    assert all(cipher.crypt(key, nonce, at, DATA[at:]) == whole[at:] for at in (1, 15, 16, 33, 4097))
    assert cipher.crypt(key, nonce, 0, whole) == DATA
    on = cipher.crypt_on(key, nonce)
    assert b"".join([on(DATA[:33]), on(DATA[33:4097]), on(DATA[4097:])]) == whole


def test_a_lost_database_key_is_reported_and_never_replaced(tmp_path: Path) -> None:
    Database.open(tmp_path).close()
    (tmp_path / "database.key").unlink()
    with pytest.raises(Problem, match="key_lost"):
        Database.open(tmp_path)
    assert not (tmp_path / "database.key").exists()


def test_a_wrong_key_and_a_damaged_file_are_told(tmp_path: Path) -> None:
    Database.open(tmp_path).close()
    (tmp_path / "database.key").write_text("00" * 32, encoding="ascii")
    before = (tmp_path / "platform.db").read_bytes()
    with pytest.raises(Problem, match="database_damaged"):
        Database.open(tmp_path)
    assert (tmp_path / "platform.db").read_bytes() == before


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    newer = sa.text("UPDATE alembic_version SET version_num = '9999'")
    database.write(lambda connection: connection.execute(newer))
    database.close()
    with pytest.raises(Problem, match="newer_database"):
        Database.open(tmp_path)


def test_a_key_that_is_there_already_is_taken(database: Database) -> None:
    row = schema.about.insert().values(name="x", value="1")
    database.write(lambda connection: connection.execute(row))
    with pytest.raises(Taken):
        database.write(lambda connection: connection.execute(row))


def test_an_identity_is_made_once_and_damage_is_told(tmp_path: Path) -> None:
    first = identity.load(tmp_path)
    assert identity.load(tmp_path).key_id == first.key_id
    path = tmp_path / "identity.json"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"private": "', '"private": "00'), encoding="utf-8"
    )
    with pytest.raises(Problem, match="identity_damaged"):
        identity.load(tmp_path)
