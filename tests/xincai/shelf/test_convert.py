"""From sheets to an XForm, and what is said when they are wrong."""

from collections.abc import Mapping

import pytest

from xincai.errors import Problem, explain
from xincai.shelf import FormSource, Rule, build, parse_rules
from xincai.wire.digest import sm3
from xincai.xforms import Session, read_form

HEAD = """
| settings | form_id | form_title | version | title_en | subjects | minutes | namespaces |
| | f | 一张表 | 2026.1 | A form | FARM HH | 7 | xc="urn:xincai:xforms:1" |
"""
RULES = {
    "R_FIVE": Rule("regex(., '^[0-9]{5}$')"),
    "R_NO_DUP": Rule(
        "not(selected(join(' ', ../../REPEAT[position() != position(current()/..)]/FIELD), .))",
        ("REPEAT", "FIELD"),
    ),
    "R_BOTH": Rule("@R_FIVE and . != OTHER", ("OTHER",)),
}
BLOCKS = {
    "person": """
| survey | type | name | label | constraint | part |
| | text | %FOR%_name | Name of %WHOM% | | |
| | text | %FOR%_code | Code | @R_FIVE | code |
""",
    "outer": "| survey | type | name | parameters |\n| | include | person | FOR=inner WHOM=him |",
    "circle": "| survey | type | name |\n| | include | circle |",
    "bare": "nothing here",
}
LISTS = {
    "crop.csv": "name,label,branch,standard\nwheat,小麦,a,x\nrice,稻谷,b,x\n",
    "regions.csv": "name,label\n41,河南省\n",
    "broken.csv": "code,label\n1,x\n",
}


def made(survey: str, lists: Mapping[str, str] = LISTS) -> FormSource:
    return build(HEAD + survey, blocks=BLOCKS, rules=RULES, lists=lists, file="f.md")


def trouble(survey: str) -> Problem:
    with pytest.raises(Problem) as caught:
        made(survey)
    for language in ("zh", "en"):
        told = explain(caught.value, language)
        assert told.what
        assert told.next
    return caught.value


# --- what it makes


def test_a_block_is_put_in_with_its_parameters_and_parts() -> None:
    source = made(
        """
| survey | type | name | parameters |
| | include | person | FOR=owner WHOM="the owner" parts=code |
| | include | person | FOR=guest WHOM=someone |
"""
    )
    form = read_form(source.xml)
    entries = {entry.name: entry.label for entry in Session.new(form).children()}
    assert entries == {
        "owner_name": "Name of the owner",
        "owner_code": "Code",
        "guest_name": "Name of someone",
    }


def test_blocks_may_include_blocks() -> None:
    assert b"inner_name" in made("| survey | type | name |\n| | include | outer |").xml


def test_a_rule_is_put_in_with_its_arguments() -> None:
    source = made(
        """
| survey | type | name | label | constraint |
| | begin_repeat | row | Row | |
| | text | code | Code | @R_FIVE and @R_NO_DUP(row, code) |
| | text | more | More | @R_BOTH(${code}) |
| | end_repeat | | | |
"""
    )
    session = Session.new(read_form(source.xml))
    session.add_repeat("/data/row")
    session.answer("/data/row[1]/code", "12345")
    session.answer("/data/row[2]/code", "12345")
    assert session.entry("/data/row[2]/code").problem_kind == "constraint"
    session.answer("/data/row[2]/code", "54321")
    assert session.entry("/data/row[2]/code").problem == ""
    session.answer("/data/row[2]/more", "54321")
    assert session.entry("/data/row[2]/more").problem_kind == "constraint"


def test_signs_that_only_look_like_rules_stay() -> None:
    source = made(
        """
| survey | type | name | label | constraint |
| | text | mail | Mail @R_FIVE | regex(., '^.+@[a-z]+$') |
"""
    )
    assert b"Mail @R_FIVE" in source.xml
    assert b"@[a-z]+$" in source.xml


def test_a_shared_list_joins_the_choices_and_keeps_its_filter_column() -> None:
    source = made(
        "| survey | type | name | label | choice_filter |\n| | select_one crop | c | C | branch = 'a' |"
    )
    assert source.files == {}
    session = Session.new(read_form(source.xml))
    assert [choice.label for choice in session.choices("/data/c")] == ["小麦"]
    assert b"standard" not in source.xml


def test_a_list_on_the_choices_sheet_comes_first() -> None:
    source = made(
        """
| survey | type | name | label |
| | select_one crop | c | C |
| choices | list_name | name | label |
| | crop | oats | 燕麦 |
"""
    )
    assert [c.value for c in Session.new(read_form(source.xml)).choices("/data/c")] == ["oats"]


def test_a_list_from_a_file_stays_outside_and_is_covered_by_the_digest() -> None:
    survey = "| survey | type | name | label |\n| | select_one_from_file regions.csv | r | R |"
    source = made(survey)
    assert source.files == {"regions.csv": LISTS["regions.csv"].encode()}
    assert source.card.files == ("regions.csv",)
    other = made(survey, {**LISTS, "regions.csv": LISTS["regions.csv"] + "42,湖北省\n"})
    assert source.card.sm3 != other.card.sm3


def test_the_card_holds_what_odk_has_no_place_for() -> None:
    source = made("| survey | type | name | label |\n| | text | a | A |")
    card = source.card
    assert (card.form_id, card.version, card.title, card.subjects, card.minutes) == (
        "f",
        "2026.1",
        {"zh": "一张表", "en": "A form"},
        ("FARM", "HH"),
        7,
    )
    assert card.sm3 == sm3(source.xml)
    assert b'xc:title_en="A form"' in source.xml  # for letters in English


def test_marks_travel_in_their_own_namespace() -> None:
    source = made("| survey | type | name | label | bind::xc:level |\n| | text | a | A | L3 |")
    assert b'xmlns:xc="urn:xincai:xforms:1"' in source.xml
    assert Session.new(read_form(source.xml)).entry("/data/a").attributes == {"level": "L3"}


def test_curly_quotes_stay_curly() -> None:
    source = made("| survey | type | name | label |\n| | text | a | 填“长期”或‘无’ |")
    assert "填“长期”或‘无’".encode() in source.xml


def test_the_same_sheets_make_the_same_bytes() -> None:
    survey = "| survey | type | name | label |\n| | select_one crop | c | C |"
    assert made(survey).xml == made(survey).xml


def test_an_ordinary_form_of_others_needs_nothing_of_ours() -> None:
    plain = """
| survey | type | name | label |
| | select_one yn | ok | OK? |
| choices | list_name | name | label |
| | yn | y | Yes |
| settings | form_id | form_title | version |
| | plain | Plain | 1 |
"""
    source = build(plain, blocks={}, rules={}, lists={})
    assert source.card.title == {"zh": "Plain", "en": "Plain"}
    assert read_form(source.xml).form_id == "plain"


# --- what it says


def test_an_unknown_block_is_told_with_its_neighbours() -> None:
    problem = trouble("| survey | type | name |\n| | include | persom |")
    assert problem.code == "shelf.unknown_block"
    assert problem.facts["row"] == 5
    assert "person" in str(problem.facts["near"])


def test_an_unknown_rule_is_told_with_row_and_column() -> None:
    problem = trouble("| survey | type | name | label | constraint |\n| | text | a | A | @R_FIVES |")
    assert problem.code == "shelf.unknown_rule"
    assert (problem.facts["row"], problem.facts["column"]) == (5, "constraint")
    assert "R_FIVE" in str(problem.facts["near"])


def test_missing_arguments_are_told_with_the_right_form() -> None:
    problem = trouble("| survey | type | name | label | constraint |\n| | text | a | A | @R_NO_DUP(row) |")
    assert problem.facts["wanted"] == "@R_NO_DUP(REPEAT, FIELD)"


def test_a_mistake_inside_a_block_is_placed_in_the_block() -> None:
    problem = trouble("| survey | type | name |\n| | include | person |")
    assert problem.code == "shelf.missing_parameter"
    assert problem.facts["file"] == "blocks/person.md"


def test_what_the_converter_refuses_is_placed_in_the_form() -> None:
    problem = trouble(
        "| survey | type | name | label | relevant |\n| | text | a | A | |\n| | text | b | B | ${c} = 1 |"
    )
    assert problem.code == "shelf.refused"
    assert (problem.facts["file"], problem.facts["row"]) == ("f.md", 6)


@pytest.mark.parametrize(
    ("survey", "code"),
    [
        ("", "shelf.not_a_form"),
        ("| survey | type | label |\n| | text | A |", "shelf.not_a_form"),
        ("| survey | type | name |\n| | include | circle |", "shelf.endless_block"),
        ("| survey | type | name |\n| | include | bare |", "shelf.empty_block"),
        ("| survey | type | name | parameters |\n| | include | person | owner |", "shelf.bad_parameter"),
        ("| survey | type | name | label |\n| | select_one crops | c | C |", "shelf.unknown_list"),
        ("| survey | type | name | label |\n| | select_one broken | c | C |", "shelf.bad_list"),
        ("| survey | type | name | label |\n| | select_one_from_file r.csv | c | C |", "shelf.missing_file"),
    ],
)
def test_mistakes_are_named(survey: str, code: str) -> None:
    assert trouble(survey).code == code


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ("", "shelf.no_settings"),
        ("| settings | form_id | form_title |\n| | f | F |", "shelf.missing_setting"),
        (
            "| settings | form_id | form_title | version | minutes |\n| | f | F | 1 | ten |",
            "shelf.minutes_not_a_number",
        ),
    ],
)
def test_settings_are_asked_for(settings: str, code: str) -> None:
    survey = "| survey | type | name | label |\n| | text | a | A |\n"
    with pytest.raises(Problem) as caught:
        build(survey + settings, blocks={}, rules={}, lists={})
    assert caught.value.code == code
    assert explain(caught.value).what


@pytest.mark.parametrize("text", ["{", "[]", '{"R_X": {}}', '{"R_X": 1}'])
def test_rules_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(Problem, match=r"shelf\.bad_rules"):
        parse_rules(text)


def test_besides_the_list_speaks_the_languages_of_the_form() -> None:
    source = made(
        """
| survey | type | name | label | label::English (en) | required |
| | select_multiple beast or_other | kept | 养什么 | What is kept | yes |
| choices | list_name | name | label | label::English (en) |
| | beast | ox | 牛 | Ox |
"""
    )
    session = Session.new(read_form(source.xml, source.files))
    session.answer("/data/kept", "ox other")
    assert session.display("/data/kept") == "牛、其他"
    assert session.entry("/data/kept_other").label == "请填写其他是什么"
    assert not session.entry("/data/kept_other").required
    session.set_language("English (en)")
    assert [choice.label for choice in session.choices("/data/kept")] == ["Ox", "Other"]
    assert session.entry("/data/kept_other").label == "Please say what it is."
