"""A visit to a household stays short: how much its three forms ask on the common path."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from forms.farms import HOTLINE, OFFICE
from forms.filler import Filler, examples, walk
from xincai import clock
from xincai.desk import prefill
from xincai.shelf import Shelf, Sources
from xincai.xforms import Session

RULES = Sources.read(Path(__file__).parents[2] / "forms").rules
TODAY = datetime.datetime(2026, 11, 22, 4, 0, tzinfo=datetime.UTC)
VISIT = ("household", "ff_collect", "land_transfer")
COMMON = {
    "code_kind": "LOCAL", "hm_list": "0", "re_yes": "0", "has_machine": "0", "has_animal": "0",
    "parcel_more": "0",
}  # fmt: skip
MOST_ANSWERS = 60
MOST_SHOWN = 108


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.fixed(TODAY):
        yield


def asked(shelf: Shelf, form_id: str) -> tuple[int, int]:
    """How many answers a form must be given, and how many questions it shows, to a household that agrees."""
    form = shelf.open(form_id)
    session = Session.new(form, properties={"username": "刘测员"})
    prefill.offer_handler(session, prefill.Handler(OFFICE, HOTLINE))
    own = {place.name for place in form.places.values()}
    chosen = {name: answer for name, answer in COMMON.items() if name in own}
    filler = Filler(session, examples(form, RULES), "HH")
    filler.fill(full=False, **chosen)
    shown = [e for e in walk(session) if e.kind == "question" and e.control != "note" and not e.readonly]
    given = [e for e in shown if e.ref in filler.tried and session.entry(e.ref).required]
    return len(given), len(shown)


def test_a_visit_to_a_household_fits_a_quarter_of_an_hour(shelf: Shelf) -> None:
    answers, shown = (sum(each) for each in zip(*(asked(shelf, form) for form in VISIT), strict=True))
    assert answers <= MOST_ANSWERS
    assert shown <= MOST_SHOWN
