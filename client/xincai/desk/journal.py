"""What a form may want of the fillings before: the audit log of this one, and what was sealed last."""

import itertools
from collections.abc import Mapping

from xincai import clock
from xincai.records import Attachment
from xincai.vault import Vault
from xincai.xforms import Finding, Form
from xincai.xforms.filling.audit import AUDIT_FILE, AuditLog, settings_of

MEDIA_TYPE = "text/csv"
WITHHELD = "withheld"
_PAGE = 500
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


def close(log: AuditLog, findings: tuple[Finding, ...]) -> None:
    """Note that the filling is sealed, or which question keeps it from that."""
    if findings:
        log.happened("constraint error", findings[0].ref)
        return
    for event in _CLOSING:
        log.happened(event)


def withheld(vault: Vault, draft_id: str) -> frozenset[str]:
    """Lane: the places of a draft for which the person would not give what the form asked for."""
    found: set[str] = set()
    for at in itertools.count(step=_PAGE):
        events = vault.find_events(WITHHELD, None, None, _PAGE, at)
        found |= {str(event.facts["ref"]) for event in events if event.facts.get("draft") == draft_id}
        if len(events) < _PAGE:
            return frozenset(found)
    return frozenset(found)
