"""Who handles the information is always told; a child waits for its guardian; a right waits for nothing."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from forms.farms import HOTLINE, OFFICE
from forms.filler import Filler, examples, walk
from gateways import record
from synthetic import Synthetic
from xincai import clock
from xincai.errors import Problem
from xincai.shelf import Shelf, Sources
from xincai.xforms import Session
from xincai_gateway.validate import Policy, judge

FORMS = Path(__file__).parents[2] / "forms"
RULES = Sources.read(FORMS).rules
TODAY = datetime.datetime(2026, 11, 22, 4, 0, tzinfo=datetime.UTC)
CONSENT = "/data/consent/"
MEMBER = "/data/family/member[1]/"
ASKING = sorted(
    file.stem for file in FORMS.glob("*.md") if "| include | consent |" in file.read_text(encoding="utf-8")
)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.fixed(TODAY):
        yield


def filled(shelf: Shelf, form_id: str, kind: str, **chosen: str) -> Session:
    form = shelf.open(form_id)
    filler = Filler(Session.new(form), examples(form, RULES), kind)
    filler.fill(full=False, **chosen)
    return filler.session


# --- who handles it


@pytest.mark.parametrize("form_id", ASKING)
def test_nothing_is_sealed_without_a_handler_and_its_telephone(shelf: Shelf, form_id: str) -> None:
    session = filled(shelf, form_id, shelf.card(form_id).subjects[0])
    assert session.findings() == ()
    for name in ("pc_handler", "pc_hotline"):
        before = session.entry(f"{CONSENT}{name}").value
        session.answer(f"{CONSENT}{name}", "")
        assert [finding.ref for finding in session.findings()] == [f"{CONSENT}{name}"]
        with pytest.raises(Problem):
            session.finalize()
        session.answer(f"{CONSENT}{name}", before)


@pytest.mark.parametrize("language", ["中文 (zh)", "English (en)"])
def test_the_notice_names_the_handler_and_how_to_reach_it(shelf: Shelf, language: str) -> None:
    session = Session.new(shelf.open("household"), language=language)
    session.answer(f"{CONSENT}pc_handler", OFFICE)
    session.answer(f"{CONSENT}pc_hotline", HOTLINE)
    notice = session.entry(f"{CONSENT}pc_notice").label
    assert OFFICE in notice
    assert HOTLINE in notice


# --- a child


@pytest.fixture
def home(shelf: Shelf) -> Session:
    """A household that agrees to everything and lists its members."""
    session = Session.new(shelf.open("household"))
    for name in ("pc_general", "pc_id"):
        session.answer(f"{CONSENT}{name}", "1")
    session.answer("/data/family/hm_list", "1")
    return session


def shown(session: Session) -> set[str]:
    return {entry.name for entry in walk(session) if entry.ref.startswith(MEMBER)}


def test_nothing_of_a_member_is_asked_before_it_is_known_whether_it_is_a_child(home: Session) -> None:
    assert shown(home) == {"hm_minor"}


@pytest.mark.parametrize(("listed", "guardian"), [("0", ""), ("1", ""), ("1", "0")])
def test_a_child_cannot_be_typed_without_the_guardians_consent(
    home: Session, listed: str, guardian: str
) -> None:
    home.answer("/data/family/hm_has_minor", listed)
    if guardian:
        home.answer("/data/family/pc_minor", guardian)
    home.answer(f"{MEMBER}hm_minor", "1")
    assert shown(home) == {"hm_minor", "hm_minor_refused"}


def test_with_the_guardians_consent_a_child_is_listed_without_its_number(home: Session) -> None:
    home.answer("/data/family/hm_has_minor", "1")
    home.answer("/data/family/pc_minor", "1")
    home.answer(f"{MEMBER}hm_minor", "1")
    assert shown(home) == {"hm_minor", "hm_name", "hm_rel", "hm_labour"}


def test_what_was_typed_of_a_child_goes_when_the_guardian_withdraws(home: Session) -> None:
    home.answer("/data/family/hm_has_minor", "1")
    home.answer("/data/family/pc_minor", "1")
    home.answer(f"{MEMBER}hm_minor", "1")
    home.answer(f"{MEMBER}hm_name", "王测小")
    home.answer("/data/family/pc_minor", "0")
    assert "王测小" not in {value for _, value, _ in home.leaves()}


def test_the_number_of_a_child_is_refused_whatever_was_said_of_its_age(home: Session) -> None:
    home.answer(f"{MEMBER}hm_minor", "0")
    source = Synthetic(4)
    for born, refused in (
        (datetime.date(2012, 11, 23), True),
        (datetime.date(2012, 11, 22), False),
        (datetime.date(1956, 3, 7), False),
    ):
        home.answer(f"{MEMBER}hm_id", source.resident(born))
        assert (home.entry(f"{MEMBER}hm_id").problem_kind == "constraint") is refused, born


# --- rights


@pytest.mark.parametrize("form_id", ["objection", "repair", "withdrawal"])
def test_a_right_is_used_without_consenting_to_anything(shelf: Shelf, form_id: str) -> None:
    card = shelf.card(form_id)
    for kind in card.subjects:
        session = filled(shelf, form_id, kind, pc_general="0", pc_id="0", signer_kind="1")
        assert session.findings() == ()
        asked = {entry.name for entry in walk(session)}
        assert not {
            name for name in asked if name.endswith(("_phone", "_contact", "_contact_name", "_id"))
        } - {"pc_id"}
        assert {"ob_sign", "rp_legal_sign", "wd_sign"} & asked
        submission = session.finalize()
        pictures = {v: b"" for ref, v, _ in session.leaves() if v and session.entry(ref).type == "binary"}
        made, _ = record((form_id, card.version, card.sm3), submission, pictures)
        practice = Policy("410499000000", practice=True)
        assert judge(made, submission, shelf.open(form_id), practice, TODAY).outcome.code == "0"
