"""Published documents: pulled whole or not at all, and every way to slip a device something else refused."""

import base64
import dataclasses
import datetime
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from strange_server import http, strange

from gateway_here import OFFICE, GatewayHere, Office, running
from xincai import clock
from xincai.errors import Problem
from xincai.sync import index_in_use, pull, set_aside
from xincai.vault import Vault
from xincai.wire.canonical import canonical
from xincai.wire.digest import sm3
from xincai.wire.index import FORM, NOTICE, Document, File, Index, decode_index, encode_index
from xincai.wire.keys import SignedDocument, sign_document
from xincai.wire.published import (
    Assignment,
    Given,
    NoticeText,
    Visit,
    decode_assignment,
    encode_notice,
)
from xincai.wire.suites import SM2_SM3, PrivateKey
from xincai_gateway import identity, publishing, schema
from xincai_gateway.gateway import Gateway

NOW = clock.stamp(clock.now())


@pytest.fixture
def officer(here: GatewayHere, new_vault: Callable[[], Vault]) -> Office:
    return Office.enrolled(new_vault(), here)


def notice(name: str = "n1", words: str = "柳河村本周采集") -> NoticeText:
    return NoticeText(name, NOW, words)


def documents(vault: Vault) -> list[tuple[str, str]]:
    index = index_in_use(vault)
    return [] if index is None else [(each.kind, each.id) for each in index.documents]


def pulled(officer: Office, url: str = "") -> None:
    with officer.platform(url) as platform:
        pull(officer.vault, platform)


def test_what_is_published_arrives_and_what_is_withdrawn_goes(officer: Office) -> None:
    gateway = officer.gateway.gateway
    publishing.publish_notice(gateway, notice())
    visit = Visit("A1", "HH", "", "王测", "410499101201", "柳河村", (Given("f", "q", "v"),), ("3/tax",))
    assignment = Assignment("a1", "柳河村", "2026-12-31", ("f",), (visit,))
    publishing.publish_assignment(gateway, assignment, OFFICE)
    pulled(officer)
    assert documents(officer.vault) == [("assignment", "a1"), ("notice", "n1")]
    first = index_in_use(officer.vault)
    assert first is not None
    digest = first.of(NOTICE)[0].files[0].sm3
    assert officer.vault.published_file(digest) == encode_notice(notice())
    publishing.withdraw(gateway, NOTICE, "n1")
    pulled(officer)
    second = index_in_use(officer.vault)
    assert second is not None
    assert second.version > first.version
    assert documents(officer.vault) == [("assignment", "a1")]
    with pytest.raises(Problem, match=r"vault\.no_document"):
        officer.vault.published_file(digest)


def test_an_assignment_goes_to_its_office_alone(officer: Office) -> None:
    visit = Visit("A1", "HH", "", "王测", "410499101201", "柳河村")
    other = Assignment("a1", "外单位", "2026-12-31", ("f",), (visit,))
    document = publishing.publish_assignment(officer.gateway.gateway, other, "410499102")
    pulled(officer)
    assert documents(officer.vault) == []
    with officer.platform() as platform, pytest.raises(Problem) as refused:
        platform.document(document.files[0].sm3, 0, document.files[0].size)
    assert refused.value.facts["status"] == 404


def test_a_version_stays_while_nothing_changes_and_grows_past_a_database_put_back(here: GatewayHere) -> None:
    gateway = here.gateway
    before = decode_index(publishing.signed_index(gateway, OFFICE, "d1").data)
    assert decode_index(publishing.signed_index(gateway, OFFICE, "d1").data).version == before.version
    publishing.publish_notice(gateway, notice())
    after = decode_index(publishing.signed_index(gateway, OFFICE, "d1").data)
    assert after.version > before.version
    assert after.version >= int(clock.parse_stamp(NOW).timestamp())


def enrolled(here: GatewayHere, new_vault: Callable[[], Vault]) -> tuple[Office, str]:
    """Another device of the office, and its id."""
    office = Office.enrolled(new_vault(), here)
    device = office.vault.device()
    assert device is not None
    return office, device.device_id


def test_what_is_given_to_one_device_reaches_no_other_of_its_office(
    here: GatewayHere, new_vault: Callable[[], Vault]
) -> None:
    (left, left_id), (right, _) = enrolled(here, new_vault), enrolled(here, new_vault)
    visit = Visit("A1", "HH", "", "王测", "410499101201", "柳河村")
    assignment = Assignment("a1", "柳河村", "2026-12-31", ("f",), (visit,), officer="李示例")
    document = publishing.publish_assignment(here.gateway, assignment, OFFICE, left_id)
    publishing.publish_notice(here.gateway, notice())
    pulled(left)
    pulled(right)
    assert documents(left.vault) == [("assignment", "a1"), ("notice", "n1")]
    assert documents(right.vault) == [("notice", "n1")]
    assert decode_assignment(left.vault.published_file(document.files[0].sm3)) == assignment
    with right.platform() as platform, pytest.raises(Problem) as refused:
        platform.document(document.files[0].sm3, 0, document.files[0].size)
    assert refused.value.facts["status"] == 404
    publishing.publish_assignment(here.gateway, assignment, OFFICE)
    pulled(right)
    assert ("assignment", "a1") in documents(right.vault)


def test_an_index_of_another_device_of_the_office_is_refused(
    here: GatewayHere, new_vault: Callable[[], Vault]
) -> None:
    (left, _), (_, right_id) = enrolled(here, new_vault), enrolled(here, new_vault)
    other = publishing.signed_index(here.gateway, OFFICE, right_id)
    assert refused_with(left, on_index(lambda: other)) == "wire.other_index"
    pulled(left)
    told = dataclasses.replace(decode_index(other.data), device="", version=2**40)
    nameless = sign_document(encode_index(told), here.gateway.identity.key)
    assert refused_with(left, on_index(lambda: nameless)) == "wire.other_index"


def test_a_gateway_of_before_names_no_device_and_is_followed_by_one_that_does(officer: Office) -> None:
    gateway = officer.gateway.gateway
    with strange(between(officer, on_index(lambda: signed(gateway, device="")))) as server:
        pulled(officer, server.url)
    known = index_in_use(officer.vault)
    assert known is not None
    assert known.device == ""
    pulled(officer)
    known = index_in_use(officer.vault)
    assert known is not None
    assert known.device == only_device(gateway)


# --- a strange server between the device and its gateway
Change = Callable[[str, bytes], bytes]


def between(
    officer: Office, change: Change, heard: list[str] | None = None
) -> Callable[[bytes], Iterator[bytes]]:
    """Passes requests on to the real gateway, and what comes back through `change` (path, whole reply)."""
    device = officer.vault.device()
    assert device is not None

    def answer(request: bytes) -> Iterator[bytes]:
        head = request.split(b"\r\n\r\n")[0].decode().split("\r\n")
        method, path, _ = head[0].split(" ")
        headers = dict(line.split(": ", 1) for line in head[1:])
        if heard is not None:
            heard.append(f"{path} {headers.get('Range', '')}".strip())
        with officer.platform() as platform:
            wanted = {"Range": headers["Range"]} if "Range" in headers else {}
            try:
                reply = platform.ask(method, path, headers=wanted, cap=32 * 1024 * 1024, allowed=(404, 416))
            except Problem as problem:
                yield http(int(problem.facts.get("status", 500)))
                return
        body = change(path, reply.body)
        yield http(reply.status, body, reply.headers.get("content-type", "application/json"))

    return answer


def on_index(make: Callable[[], SignedDocument]) -> Change:
    """Another index in the place of the real one."""

    def change(path: str, body: bytes) -> bytes:
        if path != "/v1/index":
            return body
        signed = make()
        told = {name: base64.b64encode(value).decode() for name, value in signed.signatures.items()}
        return json.dumps({"data": base64.b64encode(signed.data).decode(), "signatures": told}).encode()

    return change


def refused_with(officer: Office, change: Change) -> str:
    """The code with which a pull through a change is refused; nothing in use has changed."""
    before = officer.vault.index()
    with strange(between(officer, change)) as server, pytest.raises(Problem) as refused:
        pulled(officer, server.url)
    assert officer.vault.index() == before
    return refused.value.code


def only_device(gateway: Gateway) -> str:
    (row,) = gateway.database.rows(schema.devices.select())
    return str(row["device"])


def index(gateway: Gateway, /, **changes: object) -> Index:
    real = decode_index(publishing.signed_index(gateway, OFFICE, only_device(gateway)).data)
    return dataclasses.replace(real, **changes)  # type: ignore[arg-type]  # the index's own members


def signed(gateway: Gateway, /, **changes: object) -> SignedDocument:
    return sign_document(encode_index(index(gateway, **changes)), gateway.identity.key)


def test_a_downgrade_is_refused(officer: Office) -> None:
    gateway = officer.gateway.gateway
    old = publishing.signed_index(gateway, OFFICE, only_device(gateway))
    publishing.publish_notice(gateway, notice())
    pulled(officer)
    assert refused_with(officer, on_index(lambda: old)) == "wire.old_index"
    assert documents(officer.vault) == [("notice", "n1")]


def test_other_documents_under_a_version_that_is_known_are_refused(officer: Office) -> None:
    gateway = officer.gateway.gateway
    publishing.publish_notice(gateway, notice())
    pulled(officer)
    assert refused_with(officer, on_index(lambda: signed(gateway, documents=()))) == "wire.old_index"


def test_a_freeze_is_told(officer: Office) -> None:
    gateway = officer.gateway.gateway
    past = clock.stamp(clock.now() - datetime.timedelta(minutes=1))
    assert refused_with(officer, on_index(lambda: signed(gateway, expires=past))) == "wire.index_expired"


@pytest.mark.parametrize("changes", [{"office": "410499102"}, {"gateway": "practice-000000000000"}])
def test_an_index_of_another_office_or_gateway_is_refused(officer: Office, changes: dict[str, str]) -> None:
    gateway = officer.gateway.gateway
    assert refused_with(officer, on_index(lambda: signed(gateway, **changes))) == "wire.other_index"


def test_an_index_without_signature_or_by_another_key_is_refused(officer: Office) -> None:
    gateway = officer.gateway.gateway
    data = encode_index(index(gateway))
    stranger = PrivateKey.generate(SM2_SM3)
    key_id, other = gateway.identity.key_id, stranger.sign(data)
    for forged, code in (
        (SignedDocument(data, {}), "wire.unknown_key"),
        (sign_document(data, stranger), "wire.unknown_key"),
        (SignedDocument(data, {key_id: other}), "wire.bad_signature"),
        (
            SignedDocument(
                data.replace(b'"version":', b'"version":1'), {key_id: gateway.identity.key.sign(data)}
            ),
            "wire.bad_signature",
        ),
    ):
        assert refused_with(officer, on_index(lambda forged=forged: forged)) == code  # type: ignore[misc]


def test_a_document_that_does_not_fit_the_index_changes_nothing(officer: Office) -> None:
    gateway = officer.gateway.gateway
    publishing.publish_notice(gateway, notice())
    pulled(officer)
    publishing.publish_notice(gateway, notice("n2", "甲" * 50))
    publishing.publish_notice(gateway, notice("n3", "乙" * 50))

    def swap(path: str, body: bytes) -> bytes:
        return body.replace("甲".encode(), "丙".encode()) if "/documents/" in path else body

    assert refused_with(officer, swap) == "sync.document_differs"
    assert documents(officer.vault) == [("notice", "n1")]
    pulled(officer)
    assert documents(officer.vault) == [("notice", "n1"), ("notice", "n2"), ("notice", "n3")]


@pytest.mark.parametrize(("more", "code"), [(10, "sync.bad_reply"), (2_000_000, "sync.reply_too_large")])
def test_endless_data_is_cut_off(officer: Office, more: int, code: str) -> None:
    publishing.publish_notice(officer.gateway.gateway, notice())

    def endless(path: str, body: bytes) -> bytes:
        return body + b" " * more if "/documents/" in path else body

    assert refused_with(officer, endless) == code


def test_an_index_cannot_ask_for_more_than_the_bound(officer: Office) -> None:
    gateway = officer.gateway.gateway

    def huge() -> SignedDocument:
        told = json.loads(encode_index(index(gateway)))
        told["documents"] = [
            {"kind": "notice", "id": "x", "files": [{"name": "b", "sm3": "0" * 64, "size": 2**40}]}
        ]
        told["version"] += 1
        return sign_document(canonical(told), gateway.identity.key)

    assert refused_with(officer, on_index(huge)) == "wire.bad_field"


def test_a_pull_that_was_cut_goes_on_where_it_stopped(officer: Office) -> None:
    gateway = officer.gateway.gateway
    data = clock.random_bytes(700_000)
    document = publishing._publish(gateway, "", FORM, "big", {"form.xml": data})
    parts: list[int] = []

    def cut(path: str, body: bytes) -> bytes:
        if "/documents/" in path:
            parts.append(len(body))
        return body[:-1] if len(parts) == 2 else body

    assert refused_with(officer, cut) == "sync.bad_reply"
    assert officer.vault.arrived(document.files[0].sm3) == 256 * 1024
    heard: list[str] = []
    with strange(between(officer, lambda _, body: body, heard)) as server:
        pulled(officer, server.url)
    ranges = [each.partition("bytes=")[2] for each in heard if "/documents/" in each]
    assert ranges == ["262144-524287", "524288-699999"]
    assert officer.vault.published_file(document.files[0].sm3) == data


def test_a_document_that_cannot_be_read_is_set_aside_until_it_can(officer: Office) -> None:
    for name in ("n1", "n2"):
        publishing.publish_notice(officer.gateway.gateway, notice(name))
    looked: list[str] = []

    def check(document: Document) -> None:
        looked.append(document.id)
        if document.id == "n1" and len(looked) < 4:
            raise Problem("wire.bad_document", id=document.id)

    for aside, seen in ((["n1"], ["n1", "n2"]), (["n1"], ["n1"]), ([], ["n1"]), ([], [])):
        before = len(looked)
        with officer.platform() as platform:
            pull(officer.vault, platform, check)
        assert [document.id for document in set_aside(officer.vault)] == aside
        assert looked[before:] == seen
        assert documents(officer.vault) == [("notice", n) for n in ("n1", "n2") if n not in aside]


def test_a_file_that_is_damaged_here_keeps_all_of_the_index_out(officer: Office) -> None:
    publishing.publish_notice(officer.gateway.gateway, notice())

    def check(document: Document) -> None:
        raise Problem("vault.no_document")

    with officer.platform() as platform, pytest.raises(Problem, match=r"vault\.no_document"):
        pull(officer.vault, platform, check)
    assert index_in_use(officer.vault) is None


def test_a_part_past_the_end_and_a_strange_range_are_refused(officer: Office) -> None:
    document = publishing.publish_notice(officer.gateway.gateway, notice())
    file = document.files[0]
    with officer.platform() as platform:
        path = f"/v1/documents/{file.sm3}"
        assert platform.ask("GET", path, headers={"Range": "bytes=999999-"}, allowed=(416,)).status == 416
        assert platform.ask("GET", path, headers={"Range": "lines=1-2"}, allowed=(400,)).status == 400
        whole = platform.ask("GET", path)
    assert (whole.status, sm3(whole.body)) == (200, file.sm3)


# --- keys
@pytest.mark.parametrize("revoke", [False, True])
def test_a_device_moves_to_the_gateways_next_key(
    tmp_path: Path, new_vault: Callable[[], Vault], *, revoke: bool
) -> None:
    folder = tmp_path / "rotating"
    with running(folder) as first:
        officer = Office.enrolled(new_vault(), first)
        pulled(officer)
        old = first.gateway.identity
    for _ in range(1 if revoke else 2):  # a device may miss one that only retired a key
        identity.rotate(folder, revoke=revoke)
    with running(folder) as second:
        officer.gateway = second
        forged = index(second.gateway)
        forged = dataclasses.replace(forged, version=forged.version + 9)
        by_old = sign_document(encode_index(forged), old.key)
        assert second.gateway.identity.key_id != old.key_id
        publishing.publish_notice(second.gateway, notice())
        pulled(officer)
        assert documents(officer.vault) == [("notice", "n1")]
        assert refused_with(officer, on_index(lambda: by_old)) == "wire.unknown_key"
        device = officer.vault.device()
        assert device is not None
        assert (old.key.public.pem in device.gateway_keys) is not revoke


def test_a_list_of_keys_that_nobody_trusted_signed_is_refused(officer: Office, tmp_path: Path) -> None:
    pulled(officer)
    stranger = tmp_path / "stranger"
    real = officer.gateway.gateway.identity
    identity.load(stranger, practice=True)
    identity.rotate(stranger)
    told = identity.load(stranger, practice=True).keys
    data = told.data.replace(json.loads(told.data)["gateway"].encode(), real.gateway.encode())
    forged = sign_document(data, identity.load(stranger, practice=True).key)

    def swap(path: str, body: bytes) -> bytes:
        if path != "/v1/keys":
            return body
        signatures = {name: base64.b64encode(value).decode() for name, value in forged.signatures.items()}
        return json.dumps({"data": base64.b64encode(data).decode(), "signatures": signatures}).encode()

    assert refused_with(officer, swap) == "wire.unknown_key"


def test_two_files_of_one_digest_and_two_sizes_are_no_index(officer: Office) -> None:
    files = (File("a", "0" * 64, 1),), (File("b", "0" * 64, 2),)
    both = tuple(Document(NOTICE, f"d{number}", each) for number, each in enumerate(files))
    with pytest.raises(Problem, match=r"wire\.bad_field"):
        encode_index(index(officer.gateway.gateway, documents=both))
