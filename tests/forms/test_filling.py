"""Every form can be filled to the end, fully and with the least, for each kind of subject."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from forms.filler import Example, Filler, examples, shared, walk
from gateways import record
from xincai import clock
from xincai.errors import Problem
from xincai.shelf import Shelf, Sources
from xincai.xforms import Entry, Session
from xincai_gateway.validate import Policy, judge

TODAY = datetime.datetime(2026, 11, 22, 4, 0, tzinfo=datetime.UTC)
FORM_IDS = sorted(file.stem for file in (Path(__file__).parents[2] / "forms").glob("*.md"))
RULES = Sources.read(Path(__file__).parents[2] / "forms").rules
PRACTICE = Policy("410499000000", practice=True)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.fixed(TODAY):
        yield


def filled(shelf: Shelf, form_id: str, kind: str, *, full: bool, **chosen: str) -> Filler:
    filler = Filler(Session.new(shelf.open(form_id)), examples(shelf.open(form_id), RULES), kind)
    filler.fill(full=full, **chosen)
    return filler


@pytest.mark.parametrize("full", [True, False], ids=["full", "least"])
@pytest.mark.parametrize("form_id", FORM_IDS)
def test_a_form_can_be_filled_for_every_kind_of_subject(shelf: Shelf, form_id: str, full: bool) -> None:
    card = shelf.card(form_id)
    for kind in card.subjects:
        session = filled(shelf, form_id, kind, full=full).session
        assert session.findings() == (), (form_id, kind)
        submission = session.finalize()
        pictures = {
            value: b"" for ref, value, _ in session.leaves() if value and session.entry(ref).type == "binary"
        }
        made, _ = record((form_id, card.version, card.sm3), submission, pictures)
        assert judge(made, submission, shelf.open(form_id), PRACTICE, TODAY).outcome.code == "0", (
            form_id,
            kind,
        )


@pytest.mark.parametrize("form_id", FORM_IDS)
def test_every_constraint_lets_its_good_example_pass_and_catches_its_bad_one(
    shelf: Shelf, form_id: str
) -> None:
    known = examples(shelf.open(form_id), RULES)
    form = shelf.open(form_id)
    constrained = {
        place.name
        for place in form.places.values()
        if place.control is not None and any(rule.property == "constraint" for rule in place.rules)
    }
    assert not [
        name for name in sorted(constrained) if not (known.get(name, Example()).good and known[name].bad)
    ]
    left = set(constrained)
    for kind in shelf.card(form_id).subjects:
        filler = filled(shelf, form_id, kind, full=True)
        for entry in [one for one in walk(filler.session) if one.name in left]:
            left.discard(entry.name)
            _try(filler, entry, known[entry.name])
    for name in sorted(left):
        for kind in shelf.card(form_id).subjects:
            filler = filled(shelf, form_id, kind, full=True, **known[name].when)
            found = [entry for entry in walk(filler.session) if entry.name == name]
            if found:
                left.discard(name)
                _try(filler, found[0], known[name])
                break
    assert not left - shared(), "never asked in a full filling: give `when`"


@pytest.mark.parametrize("form_id", FORM_IDS)
def test_every_unlikely_answer_is_asked_about_and_its_reason_is_kept(shelf: Shelf, form_id: str) -> None:
    form = shelf.open(form_id)
    known = examples(form, RULES)
    reminders = [
        place.name
        for place in form.places.values()
        if {f"{place.path}_reason", f"{place.path}_note"} <= form.places.keys()
    ]
    assert not [name for name in reminders if not known.get(name, Example()).when], "give `when`"
    for name in reminders:
        kind = known[name].when.get("subject_kind", shelf.card(form_id).subjects[0])
        session = filled(shelf, form_id, kind, full=True, **known[name].when).session
        asked = [entry for entry in walk(session) if entry.name == f"{name}_reason"]
        assert asked, f"{name}: the example does not bring it up"
        session.answer(asked[0].ref, "")
        assert asked[0].ref in [finding.ref for finding in session.findings()]
        session.answer(asked[0].ref, "9")
        assert f"{asked[0].ref.removesuffix('_reason')}_note" in [
            finding.ref for finding in session.findings()
        ]


def _try(filler: Filler, entry: Entry, example: Example) -> None:
    """Each good answer passes; each bad one is refused or flagged, with words in both languages."""
    session = filler.session
    rows = [one.ref for one in walk(session) if one.name == entry.name]
    others = {session.entry(ref).value for ref in rows[1:]}
    for good in [one for one in example.good if one not in others]:
        session.answer(rows[0], filler.word(good, entry))
        assert session.entry(rows[0]).problem_kind != "constraint", (entry.ref, good)
    for number, good in enumerate(example.good[: len(rows)]):
        session.answer(rows[number], filler.word(good, entry))
    for bad in example.bad:
        last = session.entry(rows[-1])
        before = last.value
        try:
            session.answer(last.ref, filler.word(bad, last))
        except Problem:
            continue
        for language in session.form.languages:
            session.set_language(language)
            now = session.entry(last.ref)
            assert now.problem_kind == "constraint", (entry.ref, bad)
            assert now.problem, (entry.ref, bad, language)
        session.set_language(session.form.default_language)
        session.answer(last.ref, before)
