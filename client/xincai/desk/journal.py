"""What a form may want of the fillings before: the audit log of this one, and what was sealed last."""

from collections.abc import Mapping

from xincai import clock
from xincai.records import Attachment
from xincai.vault import Vault
from xincai.xforms import Form
from xincai.xforms.filling.audit import AUDIT_FILE, AuditLog, settings_of

MEDIA_TYPE = "text/csv"
_CLOSING = ("form save", "form exit", "form finalize")


def begin(
    vault: Vault, form: Form, properties: Mapping[str, str], attachments: tuple[Attachment, ...] = ()
) -> AuditLog | None:
    """Lane: the log of a filling that starts or, with a log among its attachments, goes on."""
    settings = settings_of(form)
    if settings is None:
        return None
    kept = next((item for item in attachments if item.name == AUDIT_FILE), None)
    earlier = b"" if kept is None else vault.attachment(kept.sm3)
    log = AuditLog(settings, clock.now, earlier=earlier, user=properties.get("username", ""))
    log.happened("form resume" if earlier else "form start")
    return log


def last_saved(vault: Vault, form: Form) -> bytes | None:
    """Lane: the submission of the form that was sealed last, for a form that asks for it."""
    return vault.last_submission(form.form_id) if form.last_saved else None


def keep(vault: Vault, data: bytes, draft_id: str) -> Attachment:
    """Lane: keep the log with its draft."""
    return vault.add_attachment(data, MEDIA_TYPE, name=AUDIT_FILE, draft_id=draft_id)


def close(log: AuditLog, *, finished: bool) -> None:
    """Note that the filling is sealed, or that it could not be."""
    for event in _CLOSING if finished else ("constraint error",):
        log.happened(event)
