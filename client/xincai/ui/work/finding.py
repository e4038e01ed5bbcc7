"""Looking for what was typed after Ctrl+K: pages, forms, drafts and records that the person may open."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from xincai.ui import language
from xincai.ui.filling.pinyin import matches
from xincai.ui.finder import Find, Finder
from xincai.ui.frame import Frame
from xincai.ui.places import NAMED, allowed, title
from xincai.ui.work.opening import Opening

if TYPE_CHECKING:
    from xincai.desk import DraftCard, FormCard, ImportedForm, RecordCard

    _Held = tuple[
        tuple[FormCard, ...], tuple[ImportedForm, ...], tuple[DraftCard, ...], tuple[RecordCard, ...]
    ]

_RECORDS = 12
"""Records listed at once; the dossiers list them all."""


class Finding(QObject):
    """Asks the desk behind the finder; only the newest search is answered."""

    def __init__(self, frame: Frame, finder: Finder) -> None:
        super().__init__(finder)
        self._frame = frame
        self._finder = finder
        self._search = 0
        finder.sought.connect(self._look)
        finder.chosen.connect(self._open)

    def _look(self, query: str) -> None:
        self._search += 1
        search = self._search

        def found(held: "_Held") -> None:
            if search == self._search and not self._finder.isHidden():
                self._finder.show_finds(query, self._finds(query, held))

        self._frame.tasks.run(self._finder, lambda: self._held(query), found, self._frame.take)

    def _held(self, query: str) -> "_Held":
        desk = self._frame.desk
        fills, reads = desk.may("fill"), desk.may("read")
        return (
            desk.forms() if fills else (),
            desk.imported() if fills else (),
            desk.drafts() if fills else (),
            desk.records(query, None, limit=_RECORDS) if reads and query else (),
        )

    def _finds(self, query: str, held: "_Held") -> list[Find]:
        """Pages, drafts, forms, then records; without words only pages and drafts."""
        forms, imported, drafts, records = held
        desk = self._frame.desk
        finds = [
            Find("home", title(place), place)
            for place in NAMED
            if allowed(place, desk.may) and matches(query, title(place))
        ]
        for draft in drafts:
            words = self.tr("草稿：%1　%2").replace("%1", language.pick(draft.form_title))
            words = words.replace("%2", draft.subject_name).strip()
            if matches(query, words):
                finds.append(Find("correction", words, "filling", Opening("resume", draft.draft_id)))
        if query:
            finds += [
                self._form(card, Opening("start", card.form_id)) for card in forms if _names(query, card)
            ]
            finds += [
                self._form(each.card, Opening("imported", each.form_sm3))
                for each in imported
                if _names(query, each.card)
            ]
        return finds + [
            Find(
                "folder",
                f"{card.subject_name}　{card.subject_code}　{language.pick(card.form_title)}",
                "record",
                card.record_id,
            )
            for card in records
        ]

    def _form(self, card: "FormCard", opening: Opening) -> Find:
        words = self.tr("新建填报：%1").replace("%1", language.pick(card.title))
        return Find("new", words, "filling", opening)

    def _open(self, find: Find) -> None:
        self._frame.go(find.place, find.argument)


def begin(frame: Frame, ground: QWidget) -> Finder:
    """The finder over a window's ground, with what answers it."""
    finder = Finder(ground)
    Finding(frame, finder)
    return finder


def _names(query: str, card: "FormCard") -> bool:
    return any(matches(query, words) for words in (language.pick(card.title), card.form_id))
