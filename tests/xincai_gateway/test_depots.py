"""Blobs in a real S3-compatible store: the same promises as in a folder."""

import datetime
import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import buckets
import gateways
from gateways import record
from xincai import clock
from xincai.errors import Problem
from xincai.wire.digest import sm3
from xincai_gateway.blobs import Blobs

OFFICE = "410499000000"
DATA = bytes(range(256)) * 4000
Forms = tuple[Path, tuple[str, str, str]]


@pytest.fixture(scope="session")
def store() -> Iterator[buckets.Store]:
    try:
        server = buckets.start()
        with server as running:
            yield running
    except buckets.Unavailable as why:
        pytest.skip(str(why))


@pytest.fixture
def url(store: buckets.Store, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, value in buckets.KEYS.items():
        monkeypatch.setenv(name, value)
    return store.bucket()


def objects(store: buckets.Store, url: str) -> dict[str, int]:
    found = store.client().list_objects(urlsplit(url).netloc, recursive=True)
    return {str(item.object_name): int(item.size or 0) for item in found}


def test_an_upload_grows_here_and_stands_enciphered_in_the_bucket(
    store: buckets.Store, url: str, tmp_path: Path
) -> None:
    blobs, name = Blobs(tmp_path, url=url), sm3(DATA)
    blobs.create(OFFICE, name, len(DATA))
    for start in (0, 300_000):
        with blobs.upload(OFFICE, name, start) as upload:
            upload.write(DATA[start : start + 300_000])
    assert objects(store, url) == {}
    with blobs.upload(OFFICE, name, 600_000) as upload:
        upload.write(DATA[600_000:])
    blobs.finish(OFFICE, name)
    place = f"county/{OFFICE}/{name[:2]}/{name}"
    assert objects(store, url) == {place: len(DATA) + 16}
    reply = store.client().get_object(urlsplit(url).netloc, place)
    assert DATA[:64] not in reply.read()
    reply.close()
    reply.release_conn()
    assert blobs.read(OFFICE, name) == DATA
    assert blobs.stretch(OFFICE, name, 12_345, 678) == DATA[12_345 : 12_345 + 678]
    assert blobs.size(OFFICE, name) == len(DATA)
    assert blobs.size("410498000000", name) is None
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / "blobs.key"]
    blobs.drop(OFFICE, name)
    assert blobs.size(OFFICE, name) is None
    with pytest.raises(Problem, match="blob_unknown"):
        blobs.read(OFFICE, name)


def test_what_is_older_than_a_time_is_listed_office_by_office(
    store: buckets.Store, url: str, tmp_path: Path
) -> None:
    blobs, later = Blobs(tmp_path, url=url), clock.now() + datetime.timedelta(hours=1)
    names = [(office, sm3(data)) for office in (OFFICE, "410498000000") for data in (b"a", b"b")]
    for (office, _), data in zip(names, (b"a", b"b", b"a", b"b"), strict=True):
        blobs.put(office, sm3(data), data)
    found = list(blobs.older(later))
    assert sorted(found) == sorted(names)
    assert [office for office, _ in found] == sorted(office for office, _ in names)
    assert list(blobs.older(later - datetime.timedelta(hours=2))) == []


def test_bytes_are_read_from_a_place_on_to_the_end(store: buckets.Store, url: str, tmp_path: Path) -> None:
    blobs = Blobs(tmp_path, url=url)
    blobs.put(OFFICE, sm3(DATA), DATA)
    assert blobs.stretch(OFFICE, sm3(DATA), 0, None) == DATA
    assert blobs.stretch(OFFICE, sm3(DATA), 5_000, None) == DATA[5_000:]


def test_an_object_that_was_changed_is_never_read_as_the_blob(
    store: buckets.Store, url: str, tmp_path: Path
) -> None:
    blobs, name = Blobs(tmp_path, url=url), sm3(DATA)
    blobs.put(OFFICE, name, DATA)
    (place,) = objects(store, url)
    store.client().put_object(urlsplit(url).netloc, place, io.BytesIO(bytes(len(DATA) + 16)), len(DATA) + 16)
    with pytest.raises(Problem, match="blob_damaged"):
        blobs.read(OFFICE, name)


def test_over_http_the_bucket_is_as_good_as_the_folder(url: str, tmp_path: Path, forms: Forms) -> None:
    with gateways.running(tmp_path, forms[0], "", "--blob-url", url) as running:
        device = gateways.Device(running.url, running.ready["gateway"])
        assert device.enrol(running.ready["enrol_code"]).ok
        made, blobs = record(forms[1], b"<data/>", {"p": DATA})
        batch = device.batch(made, blobs=blobs)
        assert device.send(batch).status_code == 201
        again = device.request("HEAD", f"/blobs/{sm3(DATA)}")
        assert again.headers["Upload-Complete"] == "?1"
    assert not (tmp_path / "blobs").exists()


def test_a_store_that_is_away_or_refuses_is_told_in_words(
    store: buckets.Store, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Problem, match="bucket_away"):
        Blobs(tmp_path, url="s3://county?endpoint=http://127.0.0.1:1")
    with pytest.raises(Problem, match="no_bucket"):
        Blobs(tmp_path, url=url.replace("s3://", "s3://un"))
    with pytest.raises(Problem, match="bad_blob_url"):
        Blobs(tmp_path, url="s3://county")
    blobs = Blobs(tmp_path, url=url)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    with pytest.raises(Problem, match="bucket_refused"):
        Blobs(tmp_path, url=url)
    assert blobs.size(OFFICE, "0" * 64) is None


def test_a_whole_upload_waits_here_until_the_store_is_back(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs, name = Blobs(tmp_path, url=url), sm3(DATA)
    blobs.create(OFFICE, name, len(DATA))
    with blobs.upload(OFFICE, name, 0) as upload:
        upload.write(DATA)
    with monkeypatch.context() as away:
        away.setattr(type(blobs.depot), "take", _away)
        with pytest.raises(Problem, match="bucket_away"):
            blobs.finish(OFFICE, name)
    standing = blobs.standing(OFFICE, name)
    assert standing is not None
    assert (standing.offset, standing.complete) == (len(DATA), False)
    blobs.finish(OFFICE, name)
    assert blobs.read(OFFICE, name) == DATA


def _away(*_: object) -> None:
    raise Problem("gateway.bucket_away")
