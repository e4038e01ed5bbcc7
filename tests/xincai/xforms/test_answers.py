"""Answers: kept, typed, judged; and the changes a step reports are exactly those that happened."""

import pytest
from scenario import NOON, Scenario, form_of

from xincai.errors import Problem
from xincai.xforms import Changes, Session

FARM = """
| survey |
| | type | name | label | relevant | constraint | constraint_message | required | calculation | readonly |
| | text | name | Name | | string-length(.) > 1 | too short | yes | | |
| | integer | cows | Cows | | . < 100 | | | | |
| | decimal | milk | Milk | ${cows} > 0 | | | | | |
| | calculate | each | | | | | | round(${milk} div ${cows}, 2) | |
| | date | born | Born | | . <= today() | | | | |
| | text | fixed | Fixed | | | | | | true() |
| | note | told | It gives ${each} each | | | | | | |
"""


@pytest.fixture
def farm() -> Scenario:
    return Scenario.new(FARM)


def test_changes_name_exactly_what_changed(farm: Scenario) -> None:
    assert farm.answer("cows", 4) == Changes(
        values=frozenset({"/data/cows"}), relevance=frozenset({"/data/milk"})
    )
    assert farm.answer("milk", "10") == Changes(
        values=frozenset({"/data/milk", "/data/each"}), labels=frozenset({"/data/told"})
    )
    assert farm.label("told") == "It gives 2.5 each"


def test_the_same_answer_again_changes_nothing(farm: Scenario) -> None:
    farm.answer("cows", 4)
    assert not farm.answer("cows", 4)


def test_dependants_stop_where_a_result_stays_the_same(farm: Scenario) -> None:
    farm.answer("cows", 4)
    assert farm.answer("cows", 5).relevance == frozenset()


def test_a_value_that_breaks_its_constraint_is_kept_and_flagged(farm: Scenario) -> None:
    changes = farm.answer("name", "x")
    assert changes.validity == {"/data/name"}
    entry = farm.session.entry("/data/name")
    assert (entry.value, entry.problem_kind, entry.problem) == ("x", "constraint", "too short")
    assert farm.answer("name", "Liu").validity == {"/data/name"}
    assert farm.problem("name") == ""


def test_a_required_question_is_a_finding_until_answered(farm: Scenario) -> None:
    assert [(f.ref, f.kind) for f in farm.session.findings()] == [("/data/name", "required")]
    with pytest.raises(Problem, match=r"xforms\.unfinished count=1 first=Name"):
        farm.session.finalize()
    farm.answer("name", "Liu")
    assert farm.session.findings() == ()
    assert b"<name>Liu</name>" in farm.session.finalize()


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("cows", "four", "not_integer"),
        ("cows", "4.5", "not_integer"),
        ("cows", "4,000", "not_integer"),
        ("cows", "9999999999", "integer_too_large"),
        ("milk", "1e3", "not_decimal"),
        ("milk", "ten", "not_decimal"),
        ("born", "2026-02-30", "not_date"),
        ("born", "22/11/2026", "not_date"),
        ("name", "a\x00b", "forbidden_character"),
        ("fixed", "x", "readonly"),
        ("told", "x", "readonly"),
        ("each", "5", "not_a_question"),
        ("nothing", "5", "unknown_question"),
    ],
)
def test_what_is_refused_changes_nothing(farm: Scenario, name: str, value: str, code: str) -> None:
    farm.answer("cows", 4)
    before = farm.state()
    with pytest.raises(Problem) as caught:
        farm.answer(name, value)
    assert caught.value.code == f"xforms.{code}"
    assert farm.state() == before


def test_an_irrelevant_question_takes_no_answer(farm: Scenario) -> None:
    with pytest.raises(Problem, match=r"xforms\.irrelevant"):
        farm.answer("milk", "5")


def test_an_irrelevant_answer_reads_as_empty_and_comes_back(farm: Scenario) -> None:
    farm.answer("cows", 4)
    farm.answer("milk", "10")
    farm.answer("cows", 0)
    assert farm.value("each") == ""
    assert b"<milk>" not in _sealed(farm)
    farm.answer("cows", 2)
    assert farm.value("milk") == "10"
    assert farm.value("each") == "5"


def test_a_stored_value_is_never_rewritten() -> None:
    form = form_of(FARM)
    draft = (
        b'<data id="test" version="1"><name>Liu</name><cows>+007</cows><milk>2.50</milk><each/>'
        b"<born>2020-01-05T00:00:00.000+08:00</born><fixed/><told/><meta><instanceID>uuid:1</instanceID></meta></data>"
    )
    session = Session.resume(form, draft, now=lambda: NOON)
    for stored in (b"<cows>+007</cows>", b"<milk>2.50</milk>", b"<born>2020-01-05T00:00:00.000+08:00</born>"):
        assert stored in session.draft_xml()
    assert session.entry("/data/each").value == "0.36"


def test_clearing_an_answer_makes_it_empty_again(farm: Scenario) -> None:
    farm.answer("cows", 4)
    assert farm.answer("cows", "").relevance == {"/data/milk"}
    assert farm.value("cows") == ""


def _sealed(farm: Scenario) -> bytes:
    farm.answer("name", "Liu")
    return farm.session.finalize()


TYPES = """
| survey |
| | type | name | label |
| | time | t | T |
| | dateTime | dt | DT |
| | geopoint | p | P |
| | geotrace | l | L |
| | geoshape | s | S |
| | image | i | I |
| | acknowledge | a | A |
| | select_multiple c | m | M |
| choices |
| | list_name | name | label |
| | c | x | X |
| | c | y | Y |
"""


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("t", "14:30:00.000+08:00", "25:00"),
        ("dt", "2026-11-22T14:30:00.000+08:00", "2026-11-22"),
        ("p", "34.3 114.2 0 5", "95 114"),
        ("l", "34 114 0 0;34 115 0 0", "34 114 0 0"),
        ("s", "34 114 0 0;34 115 0 0;35 115 0 0;34 114 0 0", "34 114;34 x;1 1"),
    ],
)
def test_types_take_what_they_mean(name: str, good: str, bad: str) -> None:
    form = Scenario.new(TYPES)
    form.answer(name, good)
    assert form.value(name) == good
    with pytest.raises(Problem):
        form.answer(name, bad)
    assert form.value(name) == good


def test_controls_say_how_they_want_to_be_shown() -> None:
    form = Scenario.new(TYPES)
    shown = {e.name: (e.control, e.type, e.media_type) for e in form.session.children()}
    assert shown["i"] == ("upload", "binary", "image/*")
    assert shown["a"][0] == "trigger"
    assert shown["m"][0] == "select"
    assert shown["s"][:2] == ("input", "geoshape")


def test_display_speaks_labels() -> None:
    form = Scenario.new(TYPES)
    form.answer("m", "x y")
    assert form.session.display("/data/m") == "X、Y"
