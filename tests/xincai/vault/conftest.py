"""A vault with one of everything, and how to make more."""

import datetime
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from xincai import clock
from xincai.records import Attachment, Record, Subject, manifest_record
from xincai.vault import Device, Draft, KdfParams, Vault
from xincai.wire.digest import sha256, sm3
from xincai.wire.manifest import Manifest, encode, manifest_id
from xincai.wire.receipt import Outcome, Receipt, SignedReceipt, encode_receipt

PASSPHRASE = "柳河村-2026-cashew"
FORM = "f" * 64
FIXTURES = Path(__file__).parent / "fixtures"


@dataclass
class Office:
    """Makes what the other rooms would hand to the vault."""

    vault: Vault

    def draft(self, draft_id: str = "draft", xml: bytes = b"<data/>", **facts: object) -> Draft:
        return Draft(draft_id, "ff_collect", "3", FORM, "王测䶮", xml, **facts)  # type: ignore[arg-type]

    def record(
        self,
        record_id: str = "record",
        version: int = 1,
        *,
        name: str = "王测䶮",
        code: str = "410499199003071234",
        attachments: tuple[Attachment, ...] = (),
        body: str = "",
    ) -> Record:
        submission = f"<data id='ff_collect'><name>{name}</name>{body}<v>{version}</v></data>".encode()
        return Record(
            record_id=record_id,
            version=version,
            form_id="ff_collect",
            form_version="3",
            form_sm3=FORM,
            instance_id=f"uuid:{record_id}-{version}",
            subject=Subject("HH", code, name),
            submission=submission,
            submission_sm3=sm3(submission),
            submission_sha256=sha256(submission),
            attachments=attachments,
            origins={"/data/name": "self"},
            title=f"{name}的采集表",
        )

    def enrol(self, device_id: str = "device-1") -> Device:
        device = Device(
            device_id, "410402", "SM2-SM3", b"\x01" * 32, "http://127.0.0.1:1", "token", ("PEM",), "gw"
        )
        self.vault.save_device(device)
        return device

    def manifest(self, *records: Record, **changes: object) -> bytes:
        device = self.vault.device()
        facts: dict[str, object] = {
            "suite": "SM2-SM3",
            "signer": "0123456789abcdef",
            "device": device.device_id if device else "device-1",
            "office": "410402",
            "sequence": self.vault.next_sequence(),
            "previous": self.vault.last_manifest(),
            "audit_head": self.vault.audit_head(),
            "recipient": "gw",
            "created": clock.stamp(clock.now()),
            "clock_state": "unverified",
            "records": tuple(manifest_record(record) for record in records),
        }
        return encode(Manifest(**{**facts, **changes}))  # type: ignore[arg-type]

    def batch(self, *records: Record) -> str:
        manifest = self.manifest(*records)
        self.vault.add_batch(manifest, b"signature")
        return manifest_id(manifest)

    def receipt(
        self, manifest: str, kind: str, *outcomes: Outcome, receipt_id: str = ""
    ) -> tuple[SignedReceipt, Receipt]:
        receipt = Receipt(
            kind=kind,
            receipt_id=receipt_id or clock.new_id(),
            manifest=manifest,
            device="device-1",
            office="410402",
            sequence=1,
            records=max(len(outcomes), 1),
            blobs=1,
            size=10,
            platform_time="2026-11-22T03:04:05Z",
            audit_head=self.vault.audit_head(),
            gateway="gw",
            signer="fedcba9876543210",
            suite="SM2-SM3",
            outcomes=outcomes,
        )
        return SignedReceipt(encode_receipt(receipt), b"gateway signature"), receipt

    def everything(self) -> str:
        """One of every fact; the manifest's digest."""
        self.enrol()
        self.vault.keep_form(FORM, "ff_collect", "3", b"<h:html/>", {"villages.csv": "柳河村".encode()})
        photo = self.vault.add_attachment(b"photo" * 100, "image/jpeg", draft_id="draft")
        self.vault.save_draft(self.draft())
        first, second = self.record(attachments=(photo,)), self.record("other")
        self.vault.seal(first, "draft")
        self.vault.seal(second, None)
        self.vault.save_letter("letter", "record", 1, "commitment", "承诺-1", b"%PDF-1.7", sm3(b"x"), 2)
        manifest = self.batch(first, second)
        self.vault.mark_sending(manifest)
        self.vault.add_receipt(manifest, *self.receipt(manifest, "A"))
        good = Outcome("record", 1, "accepted")
        bad = Outcome("other", 1, "rejected", "3002", "/data/name", "名称与登记不一致", fixable=True)
        self.vault.add_receipt(manifest, *self.receipt(manifest, "B", good, bad))
        self.vault.seal(self.record("third"), None)
        aside = self.batch(self.record("third"))
        self.vault.quarantine(aside, "refused")
        self.vault.save_draft(self.draft("open"))
        return manifest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "vault"


@pytest.fixture
def made(folder: Path) -> Iterator[tuple[Vault, str]]:
    vault, code = Vault.create(folder, PASSPHRASE, name="李采集", params=KdfParams.for_tests())
    yield vault, code
    vault.close()


@pytest.fixture
def vault(made: tuple[Vault, str]) -> Vault:
    return made[0]


@pytest.fixture
def office(vault: Vault) -> Office:
    return Office(vault)


@pytest.fixture
def passphrase() -> str:
    return PASSPHRASE


@pytest.fixture
def reopen(folder: Path) -> Iterator[Callable[[], Vault]]:
    """Opens the vault of `folder` again; whatever it opened is closed at the end."""
    opened: list[Vault] = []

    def again() -> Vault:
        for vault in opened:
            vault.close()
        opened.append(Vault.open(folder, PASSPHRASE))
        return opened[-1]

    yield again
    for vault in opened:
        vault.close()


@pytest.fixture
def noon() -> datetime.datetime:
    return datetime.datetime(2026, 11, 22, 4, 0, tzinfo=datetime.UTC)


@pytest.fixture
def upgraded(tmp_path: Path) -> Callable[[str], Path]:
    """Puts a vault that an earlier program made, down to a schema's number, into a folder of its own."""

    def put(schema: str) -> Path:
        folder = tmp_path / f"old-{schema}"
        shutil.copytree(FIXTURES / schema, folder)
        return folder

    return put
