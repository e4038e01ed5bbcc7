"""What leaves this computer, and what comes back: enrolment, signed batches, delivery, receipts."""

import contextlib
import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path

from xincai import clock, sync
from xincai.desk.signing import remember
from xincai.desk.views import BatchCard, Connection, Delivery, ReceiptCard, Step
from xincai.errors import Problem
from xincai.sync.platform import SystemProxy
from xincai.vault import BatchRow, Device, ReceiptRow, RecordKey, Vault
from xincai.wire.suites import PrivateKey

_HERE = "practice-here"


def connection(vault: Vault, device: Device) -> Connection:
    """This device's standing, as the screen shows it."""
    key = PrivateKey.load(device.suite, device.private_key)
    return Connection(
        url=device.gateway_url,
        office=device.office,
        device=device.device_id,
        key_id=key.public.key_id,
        practice=device.practice,
        here=device.practice and vault.setting(_HERE) == device.recipient,
    )


def change_key(vault: Vault, system_proxy: SystemProxy | None) -> None:
    """Agree with the gateway on a new key for this device; letters signed before stay known here."""
    device = sync.enrolled(vault)
    remember(vault, PrivateKey.load(device.suite, device.private_key).public)
    with sync.open_platform(vault, system_proxy=system_proxy) as platform:
        sync.change_key(vault, platform)


def practise(vault: Vault, gateway: sync.PracticeGateway) -> Device:
    """Enrol at the practice gateway, or find it again on today's port.

    A device that is enrolled elsewhere stays so: practice needs a vault of its own. One whose practice
    gateway was made anew (its folder is gone) enrols anew.
    """
    device = vault.device()
    if device is not None and vault.setting(_HERE) != device.recipient:
        raise Problem("desk.enrolled_for_work")
    if device is None or device.recipient != gateway.gateway:
        return sync.enrol(vault, gateway.url, gateway.code, settings={_HERE: gateway.gateway})
    moved = dataclasses.replace(device, gateway_url=gateway.url)
    vault.save_device(moved)
    return moved


def sign_fresh(vault: Vault, keys: Iterable[RecordKey]) -> None:
    """Put records that were in no batch yet into signed batches. What was set aside is for a person to say,
    and so is why a record fits into no batch.
    """
    aside = {key for row in vault.batches("quarantined") for key in vault.batch(row.manifest_id).records}
    left = [key for key in keys if key not in aside]
    with contextlib.suppress(Problem):
        while left:
            signed = set(vault.batch(sync.make_batch(vault, left).manifest_id).records)
            left = [key for key in left if key not in signed]


def deliver(
    vault: Vault,
    progress: Callable[[Step], None],
    cancelled: Callable[[], bool],
    system_proxy: SystemProxy | None,
) -> Delivery:
    """Send every open batch until its receipts are here; raises the Problem that stood in the way, if any."""

    def tell(now: sync.Progress) -> None:
        progress(Step(now.step, now.done, now.total, now.rate))

    with sync.open_platform(vault, cancelled, system_proxy) as platform:
        report = sync.deliver(vault, platform, tell, cancelled)
    if report.problem is not None:
        raise report.problem
    return Delivery(
        settled=report.settled,
        unknown=report.unknown + report.custody,
        accepted=report.accepted,
        rejected=report.rejected,
        cancelled=report.cancelled,
    )


def take_return(vault: Vault, file: Path) -> Delivery:
    """Take in what a stick brings back; what became of the batches that it speaks of."""
    names = sync.take_return(vault, file)
    rows = [row for row in vault.batches() if row.manifest_id in names]
    return Delivery(
        settled=sum(row.state == "settled" for row in rows),
        unknown=sum(row.state != "settled" for row in rows),
        accepted=sum(row.accepted for row in rows),
        rejected=sum(row.rejected for row in rows),
    )


def export_receipts(vault: Vault, folder: Path) -> tuple[Path, ...]:
    """Write every receipt byte for byte, its signature, and the gateway's keys, for anyone to verify."""
    device = vault.device()
    written: list[Path] = []
    try:
        for row in vault.receipts():
            path = folder / f"receipt-{row.kind}-{row.receipt_id}.json"
            path.write_bytes(row.body)
            path.with_suffix(".sm2").write_bytes(row.signature)
            written.append(path)
        for number, pem in enumerate(device.gateway_keys if device else (), 1):
            (folder / f"gateway-{number}.pem").write_text(pem, "ascii")
    except OSError as error:
        raise Problem("desk.cannot_write", folder=folder.name) from error
    return tuple(written)


def batch_card(row: BatchRow) -> BatchCard:
    """A batch as a list shows it."""
    return BatchCard(
        manifest_id=row.manifest_id,
        sequence=row.sequence,
        created=row.created,
        records=row.records,
        state=row.state,
        accepted=row.accepted,
        rejected=row.rejected,
        receipt=row.receipt,
        reason=row.reason,
    )


def receipt_card(row: ReceiptRow) -> ReceiptCard:
    """A receipt as a list shows it."""
    return ReceiptCard(
        receipt_id=row.receipt_id,
        manifest_id=row.manifest_id,
        kind=row.kind,
        platform_time=clock.parse_stamp(row.platform_time),
        gateway=row.gateway,
        signer=row.signer,
        accepted=row.accepted,
        rejected=row.rejected,
    )
