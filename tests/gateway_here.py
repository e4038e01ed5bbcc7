"""The real gateway in this process, on a real socket; and an office that has records to send to it."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import uvicorn

from xincai import clock, paths
from xincai.records import Attachment, Record, Subject
from xincai.sync import DeliveryReport, Platform, deliver, enrol, make_batch
from xincai.sync.platform import Patience
from xincai.vault import Vault
from xincai.wire.digest import sha256, sm3
from xincai_gateway.api import create_app
from xincai_gateway.enrol import issue_code
from xincai_gateway.gateway import Gateway, Settings

OFFICE = "410499101"
QUICK = Patience(connect=2, silence=5, whole=10)


@dataclass
class GatewayHere:
    """A gateway and where it listens."""

    gateway: Gateway
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def code(self) -> str:
        return issue_code(self.gateway.database, OFFICE, self.gateway.identity.key_id, practice=True)


@contextlib.contextmanager
def running(folder: Path, forms: Path | None = None, *, practice: bool = True) -> Iterator[GatewayHere]:
    gateway = Gateway.open(Settings(folder=folder, practice=practice, forms=forms or paths.forms()))
    config = uvicorn.Config(create_app(gateway), port=0, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            clock.pause(0.01)
        yield GatewayHere(gateway, server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()
        gateway.close()


@dataclass
class Office:
    """A vault that is enrolled at a gateway, and what its officer does with it."""

    vault: Vault
    gateway: GatewayHere

    @classmethod
    def enrolled(cls, vault: Vault, gateway: GatewayHere) -> "Office":
        enrol(vault, gateway.url, gateway.code())
        return cls(vault, gateway)

    def seal(
        self,
        *,
        size: int = 300,
        photo: bytes = b"",
        photos: int = 1,
        record_id: str = "",
        attachments: tuple[Attachment, ...] = (),
    ) -> Record:
        """A sealed record of about this many bytes; the gateway knows no such form and returns it."""
        filler = clock.random_bytes(size // 2).hex()
        submission = f"<data id='visit'><name>王测䶮</name><x>{filler}</x></data>".encode()
        kept = self.vault.add_attachment(photo, "image/jpeg") if photo else None
        attached = tuple(replace(kept, name=f"{n}-{kept.name}") for n in range(photos)) if kept else ()
        record = Record(
            record_id=record_id or clock.new_id(),
            version=1,
            form_id="visit",
            form_version="1",
            form_sm3="f" * 64,
            instance_id=f"uuid:{clock.new_id()}",
            subject=Subject("HH", "41049920000101001X", "王测䶮"),
            submission=submission,
            submission_sm3=sm3(submission),
            submission_sha256=sha256(submission),
            attachments=attached + attachments,
            title="走访",
        )
        self.vault.seal(record, None)
        return record

    def batch(self, records: int = 1, *, photo: bytes = b"", size: int = 300) -> str:
        for _ in range(records):
            self.seal(photo=photo, size=size)
        return make_batch(self.vault).manifest_id

    def batch_of(self, attachments: tuple[Attachment, ...]) -> str:
        """A batch of one record with these."""
        self.seal(attachments=attachments)
        return make_batch(self.vault).manifest_id

    def platform(self, url: str = "", patience: Patience = QUICK) -> Platform:
        device = self.vault.device()
        assert device is not None
        return Platform(url or self.gateway.url, device.token, patience=patience)

    def deliver(self, url: str = "", patience: Patience = QUICK) -> DeliveryReport:
        """One run without waiting between tries."""
        with self.platform(url, patience) as platform:
            return deliver(self.vault, platform, pause=lambda _: None)

    def there(self) -> int:
        """How many batches of this device the gateway holds."""
        with self.platform() as platform:
            return platform.head().batches
