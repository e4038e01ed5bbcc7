"""The gateway over real HTTP, on both databases."""

import base64
import json
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

import gateways
from gateways import record
from xincai import clock
from xincai.errors import Problem
from xincai.wire.digest import sm3
from xincai.wire.keys import SignedDocument, accept_key_list
from xincai.wire.manifest import decode
from xincai.wire.pack import make_packs
from xincai.wire.receipt import check_outcomes
from xincai.wire.series import series_head
from xincai.wire.suites import ED25519, PrivateKey
from xincai_gateway import replies, schema

CODE = "91410425MX0000001A"


def submission(**answers: str) -> bytes:
    values = {"code": CODE, "name": "试验合作社", **answers}
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in values.items() if value)
    return (
        f'<data id="visit_test" version="1">{inner}'
        f"<meta><instanceID>uuid:{clock.new_id()}</instanceID></meta></data>"
    ).encode()


def one(site: Any, device: gateways.Device, data: bytes, **more: Any) -> gateways.Batch:
    made, blobs = record(site.form, data, **more)
    return device.batch(made, blobs=blobs)


def keys_of(device: gateways.Device) -> dict[str, Any]:
    reply = device.request("GET", "/keys").json()
    signed = SignedDocument(
        base64.b64decode(reply["data"]),
        {name: base64.b64decode(value) for name, value in reply["signatures"].items()},
    )
    return dict(accept_key_list(signed, None).signing())


def test_a_good_record_is_kept_and_answered_with_two_verified_receipts(site: Any) -> None:
    device = site.device()
    batch = one(site, device, submission(area="3.5", crop="wheat", photo="p.jpg"), files={"p.jpg": b"photo"})
    reply = device.send(batch)
    assert reply.status_code == 201
    custody, outcome = gateways.receipts(reply, batch, keys_of(device))
    check_outcomes(custody, decode(batch.data))
    check_outcomes(outcome, decode(batch.data))
    assert (custody.kind, outcome.kind, custody.practice) == ("A", "B", True)
    assert [item.status for item in outcome.outcomes] == ["accepted"]
    assert (custody.blobs, custody.size) == (2, sum(map(len, batch.blobs.values())))
    kept = batch.records[0].record
    assert site.count(schema.records, record=kept, read_status="待读取", subject_name="试验合作社") == 1
    assert site.count(schema.answers, record=kept, ref="/data/area", value="3.5", origin="observed") == 1
    assert site.count(schema.attachments, record=kept, name="p.jpg", sm3=sm3(b"photo")) == 1


def test_a_repeat_gets_the_same_receipts_byte_for_byte(site: Any) -> None:
    device = site.device()
    batch = one(site, device, submission())
    first, again = device.send(batch), device.commit(batch)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content
    assert device.request("GET", f"/batches/{batch.name}/receipts").content == first.content


def test_of_identical_commits_at_once_exactly_one_is_kept(site: Any) -> None:
    device = site.device()
    batch = one(site, device, submission())
    for blob in batch.blobs.values():
        device.put(blob)
    with ThreadPoolExecutor(8) as lane:
        replies = list(lane.map(lambda _: device.commit(batch), range(8)))
    assert sorted(reply.status_code for reply in replies) == [200] * 7 + [201]
    assert len({reply.content for reply in replies}) == 1
    assert site.count(schema.batches, manifest_sm3=batch.name) == 1
    assert site.count(schema.receipts, manifest_sm3=batch.name) == 2
    assert site.count(schema.records, record=batch.records[0].record) == 1


def test_batches_of_many_devices_at_once_are_all_kept(site: Any) -> None:
    devices = [site.device() for _ in range(4)]
    batches = [(device, one(site, device, submission())) for device in devices for _ in range(3)]

    def deliver(pair: tuple[gateways.Device, gateways.Batch]) -> int:
        return pair[0].send(pair[1]).status_code

    with ThreadPoolExecutor(6) as lane:
        assert list(lane.map(deliver, batches)) == [201] * 12
    for device in devices:
        assert device.request("GET", "/head").json()["batches"] == 3


def test_one_record_version_from_two_devices_is_one_row(site: Any) -> None:
    left, right = site.device(), site.device()
    data = submission()
    made, blobs = record(site.form, data)
    assert left.send(left.batch(made, blobs=blobs)).status_code == 201
    batch = right.batch(made, blobs=blobs)
    reply = right.send(batch)
    (_, outcome) = gateways.receipts(reply, batch, keys_of(right))
    assert outcome.outcomes[0].status == "accepted"
    assert site.count(schema.records, record=made.record) == 1


def test_the_same_version_with_other_contents_is_rejected(site: Any) -> None:
    device = site.device()
    first, blobs = record(site.form, submission(area="1"))
    assert device.send(device.batch(first, blobs=blobs)).status_code == 201
    other, blobs = record(site.form, submission(area="2"), record=first.record)
    batch = device.batch(other, blobs=blobs)
    (_, outcome) = gateways.receipts(device.send(batch), batch, keys_of(device))
    assert (outcome.outcomes[0].status, outcome.outcomes[0].code) == ("rejected", "3003")
    corrected, blobs = record(site.form, submission(area="2"), record=first.record, version=2)
    batch = device.batch(corrected, blobs=blobs)
    (_, outcome) = gateways.receipts(device.send(batch), batch, keys_of(device))
    assert outcome.outcomes[0].status == "accepted"


REJECTED: list[tuple[dict[str, str], str, str]] = [
    ({"name": ""}, "2001", "/data/name"),
    ({"code": "123"}, "2002", "/data/code"),
    ({"area": "-1"}, "2002", "/data/area"),
    ({"crop": "rice"}, "2004", "/data/crop"),
    ({"seen": "2999-01-01"}, "2002", "/data/seen"),
    ({"photo": "absent.jpg"}, "2007", "/data/photo"),
]


def test_a_wrong_answer_comes_back_with_its_question_and_words(site: Any) -> None:
    device = site.device()
    made = [record(site.form, submission(**answers)) for answers, _, _ in REJECTED]
    good, blobs = record(site.form, submission())
    batch = device.batch(good, *(item for item, _ in made), blobs=dict(blobs))
    for _, more in made:
        batch.blobs.update(more)
    (_, outcome) = gateways.receipts(device.send(batch), batch, keys_of(device))
    found = {item.record: item for item in outcome.outcomes}
    assert found[good.record].status == "accepted"
    for (_, code, path), (item, _) in zip(REJECTED, made, strict=True):
        rejected = found[item.record]
        assert (rejected.code, rejected.path, rejected.fixable) == (code, path, True)
        assert any("\u4e00" <= character <= "\u9fff" for character in rejected.text)
        assert site.count(schema.records, record=item.record) == 0


def test_an_unknown_form_and_hostile_xml_are_rejected_and_harm_nobody(site: Any) -> None:
    device = site.device()
    doctype = b'<!DOCTYPE data [<!ENTITY a "b">]><data id="visit_test" version="1"><code>&a;</code></data>'
    made = [
        record((site.form[0], site.form[1], "0" * 64), submission()),
        record((site.form[0], "9", site.form[2]), submission()),
        record(site.form, doctype),
        record(site.form, b"not xml"),
        record(site.form, b"<a>" * 3000),
    ]
    batch = device.batch(*(item for item, _ in made), blobs={})
    for _, blobs in made:
        batch.blobs.update(blobs)
    (_, outcome) = gateways.receipts(device.send(batch), batch, keys_of(device))
    assert [item.code for item in outcome.outcomes] == ["2008", "2008", "2002", "2002", "2002"]


def test_a_forged_signature_keeps_nothing(site: Any) -> None:
    device = site.device()
    batch = one(site, device, submission())
    batch.signature = PrivateKey.generate().sign(batch.data)
    reply = device.send(batch)
    assert (reply.status_code, reply.json()["code"]) == (422, "1001")
    assert site.count(schema.batches, manifest_sm3=batch.name) == 0


def test_another_signer_or_an_unknown_device_is_refused(site: Any) -> None:
    device, stranger = site.device(), site.device(enrolled=False)
    stranger.token = device.token
    made, blobs = record(site.form, submission())
    reply = stranger.send(stranger.batch(made, blobs=blobs))
    assert (reply.status_code, reply.json()["code"]) == (403, "1005")
    stranger.token = "nonsense"
    assert stranger.request("GET", "/head").status_code == 401
    device.key = PrivateKey.generate()
    reply = device.send(device.batch(made, blobs=blobs))
    assert (reply.status_code, reply.json()["code"]) == (422, "1001")


def test_a_batch_for_another_gateway_is_refused(site: Any) -> None:
    device = site.device()
    made, blobs = record(site.form, submission())
    reply = device.send(device.batch(made, blobs=blobs, recipient="elsewhere"))
    assert (reply.status_code, reply.json()["code"]) == (422, "1006")


def test_missing_blobs_are_named_and_nothing_is_kept(site: Any) -> None:
    device = site.device()
    batch = one(site, device, submission(photo="p"), files={"p": b"a photo of " + clock.random_bytes(8)})
    absent = min(batch.blobs)
    del batch.blobs[absent]
    reply = device.send(batch)
    assert (reply.status_code, reply.json()["code"], reply.json()["missing"]) == (409, "2007", [absent])
    assert site.count(schema.batches, manifest_sm3=batch.name) == 0


def test_gaps_and_forks_in_a_devices_chain_are_seen(site: Any) -> None:
    device = site.device()
    first = one(site, device, submission())
    device.sequence += 1
    skipped = one(site, device, submission())
    device.sequence -= 1
    forked = one(site, device, submission())
    for batch in (first, skipped, forked):
        assert device.send(batch).status_code == 201
    for batch, chain in ((first, "next"), (skipped, "gap"), (forked, "fork")):
        assert site.count(schema.batches, manifest_sm3=batch.name, chain=chain) == 1
    assert device.request("GET", "/head").json() == {"sequence": 3, "manifest": skipped.name, "batches": 3}


def test_receipts_come_in_pages_after_a_cursor(site: Any) -> None:
    device = site.device()
    for _ in range(2):
        device.send(one(site, device, submission()))
    whole = device.request("GET", "/receipts").json()
    assert (len(whole["receipts"]), whole["cursor"], whole["more"]) == (4, "2", False)
    rest = device.request("GET", "/receipts", params={"after": "1"}).json()
    assert rest["receipts"] == whole["receipts"][2:]
    assert device.request("GET", "/receipts", params={"after": "2"}).json()["receipts"] == []


def test_an_upload_cut_in_the_middle_goes_on_where_it_was(site: Any) -> None:
    device = site.device()
    data = clock.random_bytes(300_000)
    path = f"/blobs/{sm3(data)}"
    assert device.request("HEAD", path).status_code == 404
    cut(device, path, data[:100_000], len(data))
    offset = standing(device, path, lambda offset: offset == 100_000)
    wrong = device.request("PATCH", path, data=b"x", headers={"Upload-Offset": "7"})
    assert (wrong.status_code, wrong.headers["Upload-Offset"]) == (409, str(offset))
    rest = device.request("PATCH", path, data=data[offset:], headers={"Upload-Offset": str(offset)})
    assert (rest.status_code, rest.headers["Upload-Complete"]) == (204, "?1")
    head = device.request("HEAD", path)
    assert (head.headers["Upload-Offset"], head.headers["Upload-Complete"]) == ("300000", "?1")
    assert device.put(data).status_code == 201


def test_a_proxy_that_lets_only_post_through_can_still_upload(site: Any) -> None:
    device = site.device()
    data = clock.random_bytes(1000)
    path = f"/blobs/{sm3(data)}"
    device.request("POST", path, data=data[:400], headers={"Upload-Length": "1000"})
    head = device.request("POST", path, headers={"X-HTTP-Method-Override": "HEAD"})
    assert head.headers["Upload-Offset"] == "400"
    headers = {"X-HTTP-Method-Override": "PATCH", "Upload-Offset": "400"}
    assert device.request("POST", path, data=data[400:], headers=headers).headers["Upload-Complete"] == "?1"


def test_bytes_that_are_not_what_their_name_says_are_dropped(site: Any) -> None:
    device = site.device()
    name = sm3(b"what it should be")
    reply = device.request("POST", f"/blobs/{name}", data=b"something else", headers={"Upload-Length": "14"})
    assert (reply.status_code, reply.json()["code"]) == (422, "2007")
    assert device.request("HEAD", f"/blobs/{name}").status_code == 404
    long = device.request(
        "POST", f"/blobs/{name}", data=b"more than announced", headers={"Upload-Length": "3"}
    )
    assert long.status_code == 400
    huge = device.request("POST", f"/blobs/{name}", headers={"Upload-Length": str(10**12)})
    assert huge.status_code == 413


def test_an_office_sees_its_own_blobs_only(site: Any) -> None:
    device = site.device()
    data = clock.random_bytes(64)
    device.put(data)
    other = site.device(enrolled=False)
    assert other.enrol(site.code("410499111111")).json()["office"] == "410499111111"
    assert other.request("HEAD", f"/blobs/{sm3(data)}").status_code == 404


def test_a_code_is_worth_one_device_and_a_lost_reply_can_be_asked_for_again(site: Any) -> None:
    code = site.code()
    device, other = site.device(enrolled=False), site.device(enrolled=False)
    assert device.enrol(code).status_code == 200
    old = device.token
    assert device.enrol(code).status_code == 200
    assert device.token != old
    assert device.request("GET", "/head").status_code == 200
    refused = other.enrol(code)
    assert (refused.status_code, refused.json()["code"]) == (403, "1005")
    assert other.enrol("410499000000-0000-0000-0000").status_code == 403
    thief = site.device(enrolled=False)
    thief.device = device.device
    assert thief.enrol(site.code()).status_code == 403


def test_a_key_must_be_proved_and_may_be_ed25519(site: Any) -> None:
    device = site.device(enrolled=False)
    device.key = PrivateKey.generate(ED25519)
    code = site.code()
    asked = device.enrolment(code)
    asked["proof"] = base64.b64encode(bytes(64)).decode()
    assert device.request("POST", "/enrol", json=asked).status_code == 403
    assert device.enrol(code).status_code == 200
    batch = one(site, device, submission())
    assert device.send(batch).status_code == 201


MALFORMED = [
    b"{",
    b"[]",
    b"null",
    b'{"a":1,"a":2}',
    b'{"a":NaN}',
    b"[" * 100_000,
    b"\xff\xfe",
    b"1" * 9000,
]


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
def test_malformed_json_is_refused_in_words(site: Any, body: bytes) -> None:
    device = site.device()
    replies = [
        device.request("POST", "/enrol", data=body),
        device.request(
            "PUT", f"/batches/{sm3(body)}", data=body, headers={"Xincai-Signature": f"{'0' * 16}:AA=="}
        ),
    ]
    for reply in replies:
        assert reply.status_code in {400, 413}
        assert set(reply.json()) == {"code", "text", "missing"}
        assert "Traceback" not in reply.text


def test_wrong_requests_get_a_plain_refusal(site: Any) -> None:
    device = site.device()
    attempts = [
        (device.request("PUT", "/batches/nonsense", data=b"{}"), 400),
        (device.request("PUT", f"/batches/{'0' * 64}", data=b"{}"), 400),
        (device.request("PUT", f"/batches/{'0' * 64}", data=b"{}", headers={"Xincai-Signature": "x"}), 400),
        (device.request("GET", "/nowhere"), 404),
        (device.request("DELETE", "/head"), 405),
        (device.request("GET", f"/batches/{'0' * 64}/receipts"), 404),
        (device.request("GET", "/receipts", params={"after": "'; DROP TABLE records"}), 400),
        (device.request("GET", "/time", params={"nonce": "<"}), 400),
        (device.request("PATCH", f"/blobs/{'0' * 64}", data=b"x"), 400),
        (device.request("POST", f"/blobs/{'0' * 64}", data=b"x"), 400),
        (device.request("PATCH", f"/blobs/{'0' * 64}", data=b"x", headers={"Upload-Offset": "0"}), 404),
        (device.request("POST", "/enrol", data=b"{}", headers={"Content-Encoding": "gzip"}), 400),
        (device.request("POST", "/enrol", data=b"x" * 20_000), 413),
    ]
    for reply, status in attempts:
        assert reply.status_code == status, reply.text
        assert reply.json()["text"]


def test_the_open_face_tells_who_is_here_and_signs_its_words(site: Any) -> None:
    device = site.device()
    known = requests.get(f"{device.url}/.well-known/xincai", timeout=10).json()
    assert (known["service"], known["versions"], known["practice"]) == ("xincai-gateway", ["v1"], True)
    keys = keys_of(device)
    for path, expected in (("/time?nonce=abc", {"nonce": "abc"}), ("/index", {"office": gateways.OFFICE})):
        reply = device.request("GET", path).json()
        data = base64.b64decode(reply["data"])
        ((name, signature),) = reply["signatures"].items()
        keys[name].verify(data, base64.b64decode(signature))
        assert expected.items() <= json.loads(data).items()
    assert "/v1/blobs/{sm3}" in device.request("GET", "/openapi.json").json()["paths"]


def test_no_answer_stands_in_the_clear_on_the_embedded_disk(site: Any) -> None:
    device = site.device()
    canary = f"秘密{clock.random_bytes(8).hex()}"
    batch = one(site, device, submission(name=canary, photo="p"), files={"p": canary.encode() * 9})
    assert device.send(batch).status_code == 201
    for path in site.running.folder.rglob("*"):
        if path.is_file():
            assert canary.encode() not in path.read_bytes()


def cut(device: gateways.Device, path: str, body: bytes, length: int) -> None:
    """Send part of a request's body, then cut the line."""
    address = urlsplit(device.url)
    lines = [
        f"POST /v1{path} HTTP/1.1",
        f"Host: {address.netloc}",
        f"Authorization: Bearer {device.token}",
        f"Content-Length: {length}",
        f"Upload-Length: {length}",
    ]
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode() + body)


def standing(device: gateways.Device, path: str, wanted: Callable[[int], bool]) -> int:
    """Ask for the offset until it is as wanted."""
    deadline = clock.monotonic() + 10
    while clock.monotonic() < deadline:
        reply = device.request("HEAD", path)
        if reply.status_code == 200 and wanted(int(reply.headers["Upload-Offset"])):
            return int(reply.headers["Upload-Offset"])
    raise AssertionError("the offset never came")


def send_packed(device: gateways.Device, blobs: list[bytes]) -> requests.Response:
    """Small blobs in one pack, then the wish to open it."""
    ((pack, _),) = make_packs(blobs)
    device.put(pack)
    return device.request("POST", f"/packs/{sm3(pack)}")


def test_a_pack_may_be_the_body_of_the_wish_to_open_it(site: Any) -> None:
    device = site.device()
    batch = one(site, device, submission())
    ((pack, _),) = make_packs([*batch.blobs.values(), batch.data])
    assert device.request("POST", f"/packs/{sm3(b'other')}", data=pack).status_code == 422
    assert site.count(schema.packed, pack=sm3(pack)) == 0
    for _ in range(2):
        assert device.request("POST", f"/packs/{sm3(pack)}", data=pack).status_code == 204
    assert device.commit(batch, packed=True).status_code == 201


def in_series(blobs: list[bytes]) -> bytes:
    """Large blobs in one body."""
    return series_head([(sm3(blob), len(blob)) for blob in blobs]) + b"".join(blobs)


def on_the_way(site: Any) -> set[Path]:
    """The files of uploads that are not whole yet."""
    return {path for path in (site.running.folder / "incoming").rglob("*") if path.is_file()}


def test_a_batch_may_come_with_a_series_of_photos(site: Any) -> None:
    device = site.device()
    photos = {f"p{n}.jpg": clock.random_bytes(300_000 + n) for n in range(3)}
    batch = one(site, device, submission(photo="p1.jpg"), files=photos)
    before = on_the_way(site)
    small, *large = batch.blobs.values()
    assert device.put(small).status_code == device.put(large[1]).status_code == 201
    for _ in range(2):
        assert device.request("POST", "/blobs", data=in_series(large)).status_code == 201
    reply = device.commit(batch)
    _, outcome = gateways.receipts(reply, batch, keys_of(device))
    assert [item.status for item in outcome.outcomes] == ["accepted"]
    assert on_the_way(site) <= before


@pytest.mark.parametrize("size", [100_000, 3_000_000])
def test_what_came_of_a_series_before_a_cut_stays(site: Any, size: int) -> None:
    device = site.device()
    first, second = clock.random_bytes(size), clock.random_bytes(size)
    body, come = in_series([first, second]), size - 30_000
    cut(device, "/blobs", body[:-30_000], len(body))
    assert standing(device, f"/blobs/{sm3(second)}", lambda offset: offset == come) == come
    assert standing(device, f"/blobs/{sm3(first)}", lambda offset: offset == len(first))
    rest = {"data": second[come:], "headers": {"Upload-Offset": str(come)}}
    reply = device.request("PATCH", f"/blobs/{sm3(second)}", **rest)
    assert (reply.status_code, reply.headers["Upload-Complete"]) == (204, "?1")


def test_a_series_that_is_not_what_it_says_keeps_the_good_and_drops_the_bad(site: Any) -> None:
    device = site.device()
    good, bad = clock.random_bytes(90_000), clock.random_bytes(90_000)
    body = in_series([good, bad])
    assert device.request("POST", "/blobs", data=body[:-1] + b"?").status_code == 422
    assert device.request("HEAD", f"/blobs/{sm3(good)}").headers["Upload-Complete"] == "?1"
    assert device.request("HEAD", f"/blobs/{sm3(bad)}").status_code == 404
    for wrong in (b"", b"no line", body + b"more", b"x" * 200_000):
        reply = device.request("POST", "/blobs", data=wrong)
        assert (reply.status_code, reply.json()["code"]) == (422, "2007")


def test_a_batch_may_come_in_a_pack_its_manifest_included(site: Any) -> None:
    device = site.device()
    batch = one(site, device, submission(photo="p.jpg"), files={"p.jpg": b"photo"})
    before = device.commit(batch, packed=True)
    assert (before.status_code, before.json()["missing"]) == (409, [batch.name])
    assert send_packed(device, [*batch.blobs.values(), batch.data]).status_code == 204
    reply = device.commit(batch, packed=True)
    assert reply.status_code == 201
    _, outcome = gateways.receipts(reply, batch, keys_of(device))
    assert [item.status for item in outcome.outcomes] == ["accepted"]
    assert device.commit(batch).content == reply.content


def test_a_pack_is_opened_once_however_often_it_is_asked(site: Any) -> None:
    device = site.device()
    blobs = [clock.new_id().encode(), clock.new_id().encode()]
    ((pack, _),) = make_packs(blobs)
    assert device.request("POST", f"/packs/{sm3(pack)}").status_code == 404
    assert [send_packed(device, blobs).status_code for _ in range(2)] == [204, 204]
    assert device.request("POST", f"/packs/{sm3(pack)}").status_code == 204
    assert site.count(schema.packed, pack=sm3(pack)) == 2
    assert send_packed(device, [*blobs, b"more " + blobs[0]]).status_code == 204
    assert site.count(schema.packed, sm3=sm3(blobs[0])) == 1


def test_packs_with_the_same_blobs_may_come_at_once(site: Any) -> None:
    device = site.device()
    common = [clock.new_id().encode() for _ in range(40)]
    packs = [pack for n in range(6) for pack, _ in make_packs([*common, str(n).encode()])]
    for pack in packs:
        device.put(pack)
    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda pack: device.request("POST", f"/packs/{sm3(pack)}"), packs))
    assert {reply.status_code for reply in replies} == {204}
    assert sum(site.count(schema.packed, sm3=sm3(blob)) for blob in common) == len(common)


def test_what_is_no_pack_is_refused_and_leaves_nothing(site: Any) -> None:
    device = site.device()
    device.put(b"not a pack")
    reply = device.request("POST", f"/packs/{sm3(b'not a pack')}")
    assert (reply.status_code, reply.json()["code"]) == (422, "2007")
    assert site.count(schema.packed, pack=sm3(b"not a pack")) == 0


def test_another_offices_pack_is_not_seen(site: Any) -> None:
    device, stranger = site.device(), gateways.Device(site.running.url, site.running.ready["gateway"])
    stranger.office = "410499102000"
    assert stranger.enrol(site.code("410499102000")).status_code == 200
    ((pack, _),) = make_packs([b"one of ours"])
    device.put(pack)
    assert stranger.request("POST", f"/packs/{sm3(pack)}").status_code == 404


BUSY = sorted(code for code, (status, _) in replies._ANSWERS.items() if status in {503, 507})


@pytest.mark.parametrize("code", BUSY)
def test_who_is_to_come_again_is_told_when(code: str) -> None:
    told = replies.refusal(Problem(code, sm3="0" * 64, form="visit_test", errno=5, bucket="b", code="403"))
    assert told.status_code in {503, 507}
    assert int(told.headers["Retry-After"]) == 10
