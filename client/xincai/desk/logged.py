"""The part of a filling that keeps the form's audit log (ODK's `audit.csv`), for forms that ask for one.

The screen tells what is before the person; what is written down, and whether anything is, the form says.
"""

from collections.abc import Mapping

from xincai.desk import journal
from xincai.records import Attachment
from xincai.vault import Vault
from xincai.xforms import Finding, Session
from xincai.xforms.filling.audit import AuditLog, AuditSettings


class Logged:
    """The part of a filling that is logged."""

    draft_id: str
    _vault: Vault
    _session: Session
    _attachments: dict[str, Attachment]
    _log: AuditLog | None
    _shown = ""

    def findings(self) -> tuple[Finding, ...]:
        """All that stands between this filling and its sealing."""
        raise NotImplementedError

    @property
    def log_settings(self) -> AuditSettings | None:
        """What is logged; None when nothing is."""
        return None if self._log is None else self._log.settings

    @property
    def log_user(self) -> str:
        """Who is named in the log."""
        return "" if self._log is None else self._log.user

    @property
    def wants_reason(self) -> bool:
        """Whether the form wants to know why answers of an earlier sitting were changed."""
        return self._log is not None and self._log.wants_reason

    def identify(self, name: str) -> None:
        """Name who sits here; all that this sitting logs bears the name."""
        if self._log is not None:
            self._log.user = name

    def explain(self, reason: str) -> None:
        """Say why answers were changed."""
        self._happened("change reason", reason=reason)

    # --- what the screen tells
    def entered(self, ref: str) -> None:
        """The questions of a section are before the person."""
        self._left_question()
        self._happened("group questions", ref)

    def shown(self, ref: str) -> None:
        """The pen is in a question."""
        if self._log is not None and ref != self._shown:
            self._left_question()
            self._shown = ref
            self._log.shown(ref, self._session.entry(ref).value)

    def jumped(self) -> None:
        """The person goes straight to some place."""
        self._left_question()
        self._happened("jump")

    def reviewed(self) -> None:
        """The last look before sealing is before the person."""
        self._left_question()
        self._happened("end screen")

    def unsaved(self) -> None:
        """The draft could not be written."""
        self._happened("save error")

    def unsealed(self) -> None:
        """The filling was to be sealed and could not be."""
        self._happened("finalize error")

    def close_log(self) -> None:
        """Lane: note in the audit log that the filling is about to be sealed, or why it cannot be."""
        if self._log is not None:
            journal.close(self._log, self.findings())
            kept = journal.keep(self._vault, self._log.csv(), self.draft_id)
            self._attachments[kept.name] = kept

    def _left_question(self) -> None:
        """Note an answer that breaks its rule, once the person goes on."""
        ref, self._shown = self._shown, ""
        node = self._session.filling.find(ref) if ref else None
        if node is not None and self._session.entry(ref).problem_kind == "constraint":
            self._happened("constraint error", ref)

    def _logged(self, before: Mapping[str, str], after: Mapping[str, str]) -> None:
        """Note answers that were changed all at once."""
        if self._log is not None:
            for ref in sorted(before):
                self._log.answered(ref, before[ref], after[ref])

    def _happened(self, event: str, ref: str = "", reason: str = "") -> None:
        if self._log is not None:
            self._log.happened(event, ref, reason)
