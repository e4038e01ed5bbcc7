"""A real gateway in its own process, and a device that delivers to it, for tests on both sides of the
wire."""

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import requests

from xincai import clock
from xincai.wire.digest import sha256, sm3
from xincai.wire.manifest import Blob, Manifest, ManifestRecord, NamedBlob, encode, manifest_id
from xincai.wire.messages import enrolment_message, signature_header
from xincai.wire.receipt import Receipt, SignedReceipt, verify_receipt
from xincai.wire.suites import PrivateKey, PublicKey

OFFICE = "410499000000"
Files = dict[str, bytes]


@dataclass
class Running:
    """A gateway that listens."""

    process: "subprocess.Popen[bytes]"
    ready: dict[str, str]
    folder: Path

    @property
    def url(self) -> str:
        return self.ready["url"]

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()
        self._close()

    def stop(self) -> int:
        """End it politely; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(20)
        self._close()
        return code

    def _close(self) -> None:
        if self.process.stdout is not None:
            self.process.stdout.close()


def launch(folder: Path, forms: Path, db_url: str = "", *more: str, practice: bool = True) -> Running:
    """Start a gateway and wait until it says that it listens."""
    command = [
        sys.executable,
        "-m",
        "xincai_gateway",
        "serve",
        "--port",
        "0",
        "--data",
        str(folder),
        "--forms",
        str(forms),
        "--db-url",
        db_url,
        *(["--practice"] if practice else []),
        *more,
    ]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        process.wait()
        process.stdout.close()
        raise RuntimeError(f"the gateway ended with {process.returncode}")
    return Running(process, json.loads(line), folder)


@contextlib.contextmanager
def running(
    folder: Path, forms: Path, db_url: str = "", *more: str, practice: bool = True
) -> Iterator[Running]:
    """A gateway for as long as the context lasts."""
    gateway = launch(folder, forms, db_url, *more, practice=practice)
    try:
        yield gateway
    finally:
        if gateway.process.poll() is None:
            gateway.stop()


@dataclass
class Batch:
    """A signed batch, ready to be sent."""

    data: bytes
    signature: bytes
    key_id: str
    blobs: Files
    records: tuple[ManifestRecord, ...]

    @property
    def name(self) -> str:
        return manifest_id(self.data)

    @property
    def headers(self) -> dict[str, str]:
        return {"Xincai-Signature": signature_header(self.key_id, self.signature)}


@dataclass
class Device:
    """A device with its own key and chain of batches; speaks HTTP the plain way."""

    url: str
    gateway: str
    office: str = OFFICE
    key: PrivateKey = field(default_factory=PrivateKey.generate)
    device: str = field(default_factory=clock.new_id)
    token: str = ""
    sequence: int = 0
    previous: str | None = None
    keys: dict[str, PublicKey] = field(default_factory=dict)

    def request(self, method: str, path: str, **more: object) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}  # type: ignore[dict-item]
        return requests.request(method, f"{self.url}/v1{path}", headers=headers, timeout=20, **more)  # type: ignore[arg-type]

    def enrolment(self, code: str) -> dict[str, str]:
        import base64

        pem = self.key.public.pem
        proof = self.key.sign(enrolment_message(code, self.device, pem))
        return {
            "code": code,
            "device": self.device,
            "public_key": pem,
            "proof": base64.b64encode(proof).decode(),
        }

    def enrol(self, code: str) -> requests.Response:
        reply = self.request("POST", "/enrol", json=self.enrolment(code))
        if reply.ok:
            self.token = reply.json()["token"]
        return reply

    def put(self, data: bytes) -> requests.Response:
        headers = {"Upload-Length": str(len(data)), "Upload-Complete": "?1"}
        return self.request("POST", f"/blobs/{sm3(data)}", data=data, headers=headers)

    def batch(self, *records: ManifestRecord, blobs: Files, **changes: object) -> Batch:
        """The next batch of this device's chain, signed."""
        self.sequence += 1
        facts: dict[str, object] = {
            "suite": self.key.suite,
            "signer": self.key.public.key_id,
            "device": self.device,
            "office": self.office,
            "sequence": self.sequence,
            "previous": self.previous,
            "audit_head": sm3(b"head"),
            "recipient": self.gateway,
            "created": clock.stamp(clock.now()),
            "clock_state": "unverified",
            "records": records,
            **changes,
        }
        data = encode(Manifest(**facts))  # type: ignore[arg-type]
        self.previous = manifest_id(data)
        return Batch(data, self.key.sign(data), self.key.public.key_id, blobs, records)

    def send(self, batch: Batch) -> requests.Response:
        """Put all blobs, then commit."""
        for blob in batch.blobs.values():
            assert self.put(blob).status_code == 201
        return self.commit(batch)

    def commit(self, batch: Batch, *, packed: bool = False) -> requests.Response:
        """Offer a batch; `packed` when its manifest was sent as a blob."""
        body = b"" if packed else batch.data
        return self.request("PUT", f"/batches/{batch.name}", data=body, headers=batch.headers)


def record(
    form: tuple[str, str, str], submission: bytes, files: Files | None = None, **changes: object
) -> tuple[ManifestRecord, Files]:
    """A record over a submission, and the blobs that travel with it. `form` is id, version, SM3."""
    files = files or {}
    facts: dict[str, object] = {
        "record": clock.new_id(),
        "version": 1,
        "form": form[0],
        "form_version": form[1],
        "form_sm3": form[2],
        "submission": Blob(sm3(submission), sha256(submission), len(submission)),
        "attachments": tuple(NamedBlob(name, sm3(data), len(data)) for name, data in files.items()),
        **changes,
    }
    made = ManifestRecord(**facts)  # type: ignore[arg-type]
    return made, {sm3(data): data for data in (submission, *files.values())}


def receipts(reply: requests.Response, batch: Batch, keys: dict[str, PublicKey]) -> tuple[Receipt, ...]:
    """The verified receipts of a commit reply."""
    import base64

    return tuple(
        verify_receipt(
            SignedReceipt(base64.b64decode(item["data"]), base64.b64decode(item["signature"])),
            keys,
            batch.name,
        )
        for item in reply.json()["receipts"]
    )
