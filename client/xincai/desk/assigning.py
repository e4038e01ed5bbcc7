"""What the platform publishes to this office: forms, notices, and whom to visit.

Rules: nothing is shown or used before the signed index that names it is in use; that names of subjects are
masked in lists holds here too. A visit begun has one draft, and later one record, for each form.
"""

import datetime
import functools
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from xincai import clock, sync
from xincai.desk.filling import Filling
from xincai.desk.library import Library, published_source
from xincai.desk.part import Part
from xincai.desk.views import Profile, Step
from xincai.desk.visits import AssignmentCard, Assignments, NoticeCard, VisitCard
from xincai.errors import Problem
from xincai.records import Subject
from xincai.vault import Vault
from xincai.wire.index import ASSIGNMENT, FORM, NOTICE, Document
from xincai.wire.published import BODY, Assignment, decode_assignment, decode_notice
from xincai.xforms import read_form

_NAMED = 3
_LONGEST_NAME = 30


class Assigning(Part):
    """The part of the desk that takes up what the platform gives out."""

    _library: Library
    _pull_trouble: Problem | None

    def pull(
        self, cancelled: Callable[[], bool], progress: Callable[[Step], None] = lambda _: None
    ) -> Assignments:
        """Wire lane: ask the platform for what it publishes, and take it up."""
        self._pull_quietly(cancelled, progress)
        if self._pull_trouble is not None:
            raise self._pull_trouble
        return self.assignments()

    def assignments(self) -> Assignments:
        """The assignments in use: those of whoever works here come first, the one due first first."""
        index = sync.index_in_use(self._vault)
        enrolled = self._vault.device() is not None
        if index is None:
            return Assignments((), None, enrolled=enrolled, problem=self._pull_trouble)
        aside = sync.set_aside(self._vault)
        found = [self._assignment(document) for document in index.of(ASSIGNMENT)]
        cards = map(self._assignment_card, found)
        mine_first = tuple(sorted(cards, key=lambda card: (not card.mine, card.due, card.title)))
        return Assignments(
            mine_first,
            clock.parse_stamp(index.issued),
            stale=index.is_stale(clock.now()),
            problem=self._pull_trouble or (_set_aside(aside) if aside else None),
        )

    def notices(self) -> tuple[NoticeCard, ...]:
        """What the platform tells this office, the latest first."""
        index = sync.index_in_use(self._vault)
        told = [decode_notice(self._body(each)) for each in (index.of(NOTICE) if index else ())]
        cards = [
            NoticeCard(clock.parse_stamp(each.issued), {"zh": each.zh, "en": each.en or each.zh})
            for each in told
        ]
        return tuple(sorted(cards, key=lambda card: card.issued, reverse=True))

    def start_visit(self, visit_id: str) -> Filling:
        """Begin the filling of a visit, with what the platform has on the subject, or go on with it."""
        name, ref, form_id = json.loads(visit_id)
        begun, sealed = self._vault.visits(name).get((ref, form_id), ("", 0))
        if sealed:
            raise Problem("desk.visit_sealed")
        if begun:
            return self.resume(begun)
        index = sync.index_in_use(self._vault)
        document = next((each for each in (index.of(ASSIGNMENT) if index else ()) if each.id == name), None)
        visit = self._assignment(document).visit(ref) if document is not None else None
        if visit is None:
            raise Problem("desk.visit_withdrawn")
        filling = self.start(form_id, visit.held)
        filling.take_given(Subject(visit.kind, visit.code, visit.name), visit.given(form_id))
        filling.snapshot().save()
        self._vault.begin_visit(name, ref, form_id, filling.draft_id)
        return filling

    def start(self, form_id: str, held: tuple[str, ...] = ()) -> Filling:
        """Begin a filling."""
        raise NotImplementedError

    def resume(self, draft_id: str) -> Filling:
        """Go on with a draft."""
        raise NotImplementedError

    def profile(self) -> Profile:
        """Who works here."""
        raise NotImplementedError

    def _pull_quietly(self, cancelled: Callable[[], bool], progress: Callable[[Step], None]) -> None:
        """Take up what is published; what stands in the way is remembered, and nothing has changed."""
        vault, began = self._vault, clock.monotonic()

        def tell(done: int, total: int) -> None:
            progress(Step("pull", done, total, done / max(clock.monotonic() - began, 0.001)))

        try:
            with sync.open_platform(vault, cancelled, self._system_proxy) as platform:
                sync.pull(vault, platform, functools.partial(look_at, vault), tell, cancelled)
            self._pull_trouble = None
        except Problem as problem:
            self._pull_trouble = problem

    def _unpack_quietly(self, receipts: Path) -> None:
        """Take up what a stick brings that is published; what stands in the way is remembered."""
        vault = self._vault
        try:
            sync.take_published(vault, receipts, functools.partial(look_at, vault))
            self._pull_trouble = None
        except Problem as problem:
            self._pull_trouble = problem

    def _assignment(self, document: Document) -> Assignment:
        return decode_assignment(self._body(document))

    def _body(self, document: Document) -> bytes:
        return self._vault.published_file(document.file(BODY).sm3)

    def _assignment_card(self, assignment: Assignment) -> AssignmentCard:
        due = datetime.date.fromisoformat(assignment.due)
        visits = sorted(self._visit_cards(assignment), key=lambda card: card.village)
        officer = assignment.officer
        mine = officer in {"", self.profile().name}
        return AssignmentCard(assignment.id, assignment.title, due, tuple(visits), officer, mine)

    def _visit_cards(self, assignment: Assignment) -> Iterator[VisitCard]:
        begun = self._vault.visits(assignment.id)
        titles = {form_id: self._title(form_id) for form_id in assignment.forms}
        for visit in assignment.visits:
            subject = Subject(visit.kind, visit.code, visit.name)
            for form_id, title in titles.items():
                record_id, version = begun.get((visit.ref, form_id), ("", 0))
                yield VisitCard(
                    visit_id=json.dumps([assignment.id, visit.ref, form_id]),
                    village=visit.village,
                    kind=visit.kind,
                    subject_name=subject.shown_name,
                    subject_code=subject.shown_code,
                    form_id=form_id,
                    form_title=title,
                    held=len(visit.held),
                    record_id=record_id,
                    status=self._vault.status(record_id, version) if version else None,
                )


def _set_aside(documents: Sequence[Document]) -> Problem:
    """What is said of documents that this program cannot read."""
    names = "、".join(document.id[:_LONGEST_NAME] for document in documents[:_NAMED])
    return Problem("desk.set_aside", count=len(documents), names=names)


def look_at(vault: Vault, document: Document) -> None:
    """Lane: refuse a document that this program cannot read."""
    if document.kind == FORM:
        _, source, files = published_source(vault, document)
        read_form(source, files)
        return
    data = vault.published_file(document.file(BODY).sm3)
    if document.kind == ASSIGNMENT:
        assignment = decode_assignment(data)
        try:
            datetime.date.fromisoformat(assignment.due)
        except ValueError as error:
            raise Problem("wire.bad_document", id=document.id[:60]) from error
        name = assignment.id
    else:
        name = decode_notice(data).id
    if name != document.id:
        raise Problem("wire.bad_document", id=document.id[:60])
