"""Records that one key alone may open: their form has a public key (`base64RsaPublicKey`).

Rules: here the vault guards such a record like any other, so that it can be read, corrected and printed. The
platform holds no key for it: it is never put into a batch. It leaves as ODK's encrypted submission only, a
folder that its holder opens with Briefcase or Central.
"""

import re
import shutil
from pathlib import Path

from xincai.desk.library import Library
from xincai.errors import Problem
from xincai.records import Record
from xincai.vault import RecordKey, Vault
from xincai.xforms import Form
from xincai.xforms.filling.sealing import SUBMISSION, encrypt_submission, wants_encryption


def for_the_platform(vault: Vault, library: Library) -> tuple[RecordKey, ...]:
    """Lane: the records that wait and that the platform may read."""
    waiting = vault.waiting_records()
    brought = {row.form_sm3 for row in vault.imported_forms()}
    locked = {digest for digest in brought if wants_encryption(library.by_digest(vault, digest))}
    if not locked:
        return tuple(waiting)
    return tuple(key for key in waiting if vault.record(*key).form_sm3 not in locked)


def export(vault: Vault, form: Form, record: Record, folder: Path) -> Path:
    """Lane: write a record for the holder of its form's key, whole or not at all; the folder it is in.

    Raises:
        Problem: `xforms.bad_public_key`, `desk.cannot_write`.
    """
    media = [(item.name, vault.attachment(item.sm3)) for item in record.attachments]
    sealed = encrypt_submission(form, record.instance_id, record.submission, media)
    name = re.sub(r"[^\w.-]", "_", form.form_id)[:60]
    target = folder / f"{name}-{record.record_id[:8]}-{record.version}"
    part = target.with_name(f"{target.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        for file, data in {**sealed.files, SUBMISSION: sealed.manifest}.items():
            (part / file).write_bytes(data)
        shutil.rmtree(target, ignore_errors=True)
        part.replace(target)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise Problem("desk.cannot_write", folder=folder.name) from error
    return target
