"""What a person does with forms of others: brings them in, fills them, withdraws them."""

from collections.abc import Callable, Iterable
from pathlib import Path

from xincai import sync
from xincai.desk.library import Library
from xincai.desk.part import Part
from xincai.desk.views import ImportedForm
from xincai.shelf import FormSource, Shelf
from xincai.shelf.county import County, adopt, is_county, shelf_of
from xincai.shelf.reading import Inspection


class Bringing(Part):
    """The part of the desk that takes forms in."""

    _library: Library
    _shipped: Shelf
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

    def holds_county(self, files: Iterable[Path]) -> bool:
        """Wire lane: whether what is brought in is a county's list of towns and villages, not a form."""
        found = tuple(files)
        return len(found) == 1 and is_county(found[0])

    def keep_county(self, file: Path) -> County:
        """Take a county's own list in: from now on forms offer its towns and villages."""
        county = adopt(file, self.folder, self._shipped)
        self._library.use(shelf_of(self.folder, self._shipped))
        self._teach()
        return county

    def _teach(self) -> None:
        """Let the practice gateway know the forms brought in or made with the county's list, so that it takes
        what they were filled with.
        """
        if self._practice is None or not self._practice.running:
            return
        for card in self._library.cards():
            if not self._practice.knows(card.sm3):
                self._practice.learn(card.sm3, *self._library.source(card.form_id))
        for row in self._vault.imported_forms():
            if not self._practice.knows(row.form_sm3):
                source = self._vault.form_source(row.form_sm3)
                self._practice.learn(row.form_sm3, source.xml, source.files)
