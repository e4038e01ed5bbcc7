"""What a person does with forms of others: brings them in, fills them, withdraws them."""

from collections.abc import Callable, Iterable
from pathlib import Path

from xincai import sync
from xincai.desk.library import Library
from xincai.desk.part import Part
from xincai.desk.views import ImportedForm
from xincai.shelf import FormSource
from xincai.shelf.reading import Inspection


class Bringing(Part):
    """The part of the desk that takes forms in."""

    _library: Library
    _practice: sync.PracticeGateway | None

    def imported(self) -> tuple[ImportedForm, ...]:
        """Forms that were brought in, the last one first."""
        return self._library.imported(self._vault)

    def inspect_form(self, files: Iterable[Path], cancelled: Callable[[], bool]) -> Inspection | None:
        """Wire lane: look a form of others through, given with its files or as a ZIP; None when cancelled."""
        return self._library.inspect(files, cancelled)

    def keep_form(self, source: FormSource) -> ImportedForm:
        """Keep a form that was looked through and offer it; the version offered from now on."""
        kept = self._library.keep(self._vault, source)
        self._teach()
        return kept

    def withdraw_form(self, form_id: str) -> None:
        """Offer a form that was brought in no longer; its drafts and records stay."""
        self._library.withdraw(self._vault, form_id)

    def _teach(self) -> None:
        """Let the practice gateway know the forms brought in, so that it takes what they were filled with."""
        if self._practice is None or not self._practice.running:
            return
        for row in self._vault.imported_forms():
            if not self._practice.knows(row.form_sm3):
                source = self._vault.form_source(row.form_sm3)
                self._practice.learn(row.form_sm3, source.xml, source.files)
