"""Choices: cascades over lists, filters, languages, names of choices."""

# ruff: noqa: E501 - forms and expressions stand on one line

import json

import pytest
from scenario import Scenario, csv_of

TOWNS = csv_of(("name", "label"), ("a", "甲镇"), ("b", "乙镇"))
VILLAGES = csv_of(
    ("name", "label", "town"), ("a1", "甲一村", "a"), ("a2", "甲二村", "a"), ("b1", "乙一村", "b")
)
FILES = {"towns.csv": TOWNS, "villages.csv": VILLAGES}
CASCADE = """
| survey |
| | type | name | label | choice_filter | calculation |
| | select_one_from_file towns.csv | town | Town | | |
| | select_one_from_file villages.csv | village | Village | town = ${town} | |
| | begin_repeat | r | R | | |
| | select_one_from_file towns.csv | town2 | Town | | |
| | select_one_from_file villages.csv | village2 | Village | town = ${town2} | |
| | end_repeat | | | | |
| | calculate | said | | | jr:choice-name(${village}, '${village}') |
| | calculate | pulled | | | pulldata('villages', 'label', 'name', ${village}) |
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("towns.csv", "name,label,rank\na,甲镇,1\nb,乙镇,2\n"),
        ("towns.csv", "name;label;rank\r\na;甲镇;1\r\nb;乙镇;2"),
        ("towns.csv", '\ufeffname|label|rank\ra|"甲镇"|1\rb|乙镇|2'),
        (
            "towns.xml",
            """<root><item><name>a</name><label>甲镇</label><rank>1</rank></item>
            <item><name>b</name><label>乙镇</label><rank>2</rank></item></root>""",
        ),
        (
            "towns.geojson",
            json.dumps(
                {
                    "type": "FeatureCollection",
                    "features": [
                        {
                            "type": "Feature", "id": at, "geometry": {"type": "Point", "coordinates": [113, 34]},
                            "properties": {"name": name, "label": label, "rank": at},
                        }
                        for name, label, at in (("a", "甲镇", 1), ("b", "乙镇", 2))
                    ],
                }
            ),
        ),
    ],
)  # fmt: skip
def test_a_list_from_a_file_of_any_kind_offers_the_same_choices(name: str, text: str) -> None:
    markdown = f"""
| survey |
| | type | name | label | choice_filter | calculation | parameters |
| | select_one_from_file {name} | town | Town | | | value=name label=label |
| | select_one_from_file {name} | high | Town | rank > 1 | | value=name label=label |
| | calculate | rank | | | instance('towns')/root/item[name = ${{town}}]/rank | |
"""
    form = Scenario.new(markdown, {name: text})
    assert [(one.value, one.label) for one in form.session.choices("/data/town")] == [
        ("a", "甲镇"),
        ("b", "乙镇"),
    ]
    assert form.choices("high") == ["b"]
    form.answer("town", "b")
    assert form.value("rank") == "2"


@pytest.mark.parametrize(
    "condition",
    [
        "town = ${town} and label = concat(${kind}, '村')",
        "town = concat(${town}, '') and starts-with(label, substr(${kind}, 0))",
        "town = ${town} and contains(concat('', label), concat(${kind}, '村'))",
        "starts-with(name, string(${town})) and label = concat(${kind}, '村')",
    ],
)
def test_a_filter_of_several_terms_follows_each_answer_it_reads(condition: str) -> None:
    markdown = f"""
| survey |
| | type | name | label | choice_filter |
| | select_one_from_file towns.csv | town | Town | |
| | text | kind | Kind | |
| | select_one_from_file villages.csv | village | Village | {condition} |
"""
    form = Scenario.new(markdown, FILES)
    seen = []
    for town, kind in (
        ("a", "甲一"),
        ("a", "甲二"),
        ("b", "乙一"),
        ("b", "甲一"),
        ("a", "甲一"),
        ("", "甲一"),
    ):
        form.answer("town", town)
        form.answer("kind", kind)
        seen.append(form.choices("village"))
    assert seen[:5] == [["a1"], ["a2"], ["b1"], [], ["a1"]]
    assert seen[5] == (["a1"] if "starts-with(name" in condition else [])


def test_a_choice_besides_the_list_asks_what_it_is() -> None:
    form = Scenario.new(
        """
| survey |
| | type | name | label |
| | select_one kept or_other | kept | Kept |
| choices |
| | list_name | name | label |
| | kept | ox | Cattle |
"""
    )
    assert form.choices("kept") == ["ox", "other"]
    assert not form.relevant("kept_other")
    form.answer("kept", "other")
    assert form.relevant("kept_other")
    form.answer("kept_other", "bees")
    assert b"<kept>other</kept><kept_other>bees</kept_other>" in form.session.finalize()
    form.answer("kept", "ox")
    assert b"bees" not in form.session.finalize()


def test_an_acknowledgement_is_given_or_missing() -> None:
    form = Scenario.new(
        """
| survey |
| | type | name | label | required |
| | acknowledge | read | I have read it | yes |
"""
    )
    assert form.problem("read") == "required"
    form.answer("read", "OK")
    assert b"<read>OK</read>" in form.session.finalize()


def test_a_cascade_offers_what_its_parent_allows() -> None:
    form = Scenario.new(CASCADE, FILES)
    assert form.choices("village") == []
    changes = form.answer("town", "a")
    assert changes.choices == {"/data/village"}
    assert [c.label for c in form.session.choices("/data/village")] == ["甲一村", "甲二村"]


def test_an_answer_no_longer_offered_is_dropped_and_told() -> None:
    form = Scenario.new(CASCADE, FILES)
    form.answer("town", "a")
    form.answer("village", "a2")
    assert form.value("said") == form.value("pulled") == "甲二村"
    changes = form.answer("town", "b")
    assert {"/data/village", "/data/said"} <= changes.values
    assert form.value("village") == ""


def test_an_answer_with_spaces_stays_while_it_is_offered() -> None:
    villages = csv_of(("name", "label", "town"), ("New Town", "新镇", "ab"), ("Old Town", "旧镇", "b"))
    cascade = CASCADE.replace("town = ${town}", "contains(town, ${town})")
    form = Scenario.new(cascade, {"towns.csv": TOWNS, "villages.csv": villages})
    form.answer("town", "a")
    form.answer("village", "New Town")
    form.answer("town", "b")
    assert form.value("village") == "New Town"
    form.answer("town", "c")
    assert form.value("village") == ""


def test_each_instance_has_its_own_cascade() -> None:
    form = Scenario.new(CASCADE, FILES)
    form.add("r")
    form.answer("r[1]/town2", "a")
    form.answer("r[2]/town2", "b")
    assert form.choices("r[1]/village2") == ["a1", "a2"]
    assert form.choices("r[2]/village2") == ["b1"]


def test_a_value_that_is_not_offered_is_flagged() -> None:
    form = Scenario.new(CASCADE, FILES)
    form.answer("town", "elsewhere")
    assert form.problem("town") == "choice"
    assert [f.kind for f in form.session.findings()] == ["choice"]


SPOKEN = """
| survey |
| | type | name | label::中文 (zh) | label::English (en) | hint::中文 (zh) | constraint | constraint_message::中文 (zh) | calculation | media::image::中文 (zh) |
| | text | who | 姓名 | Name | 写全称 | | | | who.png |
| | integer | age | ${who}几岁 | | | . > 0 | 要大于零 | | |
| | select_one yn | ok | 同意吗 | Agree | | | | | |
| | calculate | said | | | | | | jr:choice-name(${ok}, '${ok}') | |
| choices |
| | list_name | name | label::中文 (zh) | label::English (en) |
| | yn | y | 是 | Yes |
| | yn | n | 否 | |
| settings |
| | form_id | default_language |
| | t | 中文 (zh) |
"""


def test_words_fall_back_to_the_default_language() -> None:
    form = Scenario.new(SPOKEN)
    form.answer("who", "王")
    form.answer("ok", "y")
    form.session.choices("/data/ok")
    assert form.form.default_language == "中文 (zh)"
    assert form.session.entry("/data/who").media == {"image": "jr://images/who.png"}
    changes = form.session.set_language("English (en)")
    assert changes.labels == {"/data/who", "/data/ok"}
    assert changes.choices == {"/data/ok"}
    assert changes.values == {"/data/said"}
    assert (form.label("who"), form.label("age"), form.value("said")) == ("Name", "王几岁", "Yes")
    assert form.session.entry("/data/who").hint == "写全称"
    assert [c.label for c in form.session.choices("/data/ok")] == ["Yes", "否"]


def test_a_label_is_never_blank() -> None:
    form = Scenario.new(
        "| survey |\n| | type | name | label |\n| | text | plain | - |\n| | text | x | ${plain} |"
    )
    assert form.label("plain") != ""
    assert form.label("x") == "x"


def test_a_message_speaks_the_language_of_the_form() -> None:
    form = Scenario.new(SPOKEN)
    form.answer("age", "-1")
    assert form.session.entry("/data/age").problem == "要大于零"
