"""Entities: what a submission makes or changes in lists, in forms of every version of the specification."""

import re

import pytest
from scenario import Scenario, csv_of, form_of, xform

from xincai.errors import Problem
from xincai.xforms import Entity, Session, apply_entities, read_form

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")
OAK = "6e6ac4d0-8d8c-4a9e-9a0c-3f2d0a3f5b10"
ELM = "5cfc4f4e-51c4-4b5b-8d76-e1d5c1f3b5aa"
SETTINGS = "\n| settings |\n| | form_id | version |\n| | t | 1 |\n"
CREATE = f"""
| survey |
| | type | name | label | save_to |
| | text | species | Species | species |
| | int | girth | Girth | girth_cm |
| | text | remark | Remark | |
| entities |
| | dataset | label |
| | trees | concat(${{species}}, ', ', ${{girth}}) |
{SETTINGS}"""
UPDATE = f"""
| survey |
| | type | name | label | save_to |
| | select_one_from_file trees.csv | tree | Tree | |
| | int | girth | Girth | girth_cm |
| entities |
| | dataset | entity_id | update_if | label |
| | trees | ${{tree}} | ${{girth}} > 0 | |
{SETTINGS}"""
REPEATED = f"""
| survey |
| | type | name | label | save_to |
| | text | village | Village | |
| | begin_repeat | tree | Tree | |
| | text | species | Species | species |
| | begin_group | g | G | |
| | int | girth | Girth | girth_cm |
| | end_group | | | |
| | end_repeat | | | |
| entities |
| | dataset | label | repeat |
| | trees | ${{species}} | ${{tree}} |
{SETTINGS}"""
TREES = csv_of(("name", "label", "__version", "girth_cm"), (OAK, "oak", "3", "70"))


def test_a_new_entity_has_an_id_of_its_own_a_label_and_what_was_saved_to_it() -> None:
    one = Scenario.new(CREATE)
    one.answer("species", "oak")
    one.answer("girth", 80)
    one.answer("remark", "not for the list")
    (made,) = one.session.entities()
    assert UUID.match(made.id)
    assert (made.dataset, made.create, made.update) == ("trees", True, False)
    assert made.label == "oak, 80"
    assert made.properties == {"species": "oak", "girth_cm": "80"}


def test_the_submission_carries_what_central_reads() -> None:
    one = Scenario.new(CREATE)
    one.answer("species", "oak")
    (made,) = one.session.entities()
    xml = one.session.finalize().decode()
    assert f'<entity dataset="trees" create="1" id="{made.id}"><label>oak, </label></entity>' in xml
    assert "<meta>" in xml
    assert "xmlns:entities" not in xml


def test_the_id_outlives_a_draft() -> None:
    one = Scenario.new(CREATE)
    (made,) = one.session.entities()
    assert one.resumed().session.entities()[0].id == made.id


def test_a_form_says_what_it_makes() -> None:
    (kind,) = form_of(CREATE).entities
    assert (kind.ref, kind.dataset, kind.creates, kind.updates) == (
        "/data/meta/entity", "trees", True, False,
    )  # fmt: skip
    assert kind.properties == {"species": "/data/species", "girth_cm": "/data/girth"}
    assert kind.offline


def test_an_update_names_the_version_it_read() -> None:
    one = Scenario.new(UPDATE, {"trees.csv": TREES})
    one.answer("tree", OAK)
    assert one.session.entities() == ()
    one.answer("girth", 75)
    (changed,) = one.session.entities()
    assert (changed.id, changed.update, changed.create) == (OAK, True, False)
    assert changed.base_version == "3"
    assert changed.properties == {"girth_cm": "75"}
    xml = one.session.finalize().decode()
    assert 'update="1"' in xml
    assert f'id="{OAK}"' in xml
    assert 'baseVersion="3"' in xml


def test_each_instance_of_a_repeat_makes_an_entity() -> None:
    one = Scenario.new(REPEATED)
    one.answer("tree[1]/species", "oak")
    one.add("tree")
    one.answer("tree[2]/species", "elm")
    one.answer("tree[2]/g/girth", 12)
    first, second = one.session.entities()
    assert (first.label, second.label) == ("oak", "elm")
    assert first.id != second.id
    assert UUID.match(first.id)
    assert UUID.match(second.id)
    assert second.properties == {"species": "elm", "girth_cm": "12"}
    assert second.ref == "/data/tree[2]/meta/entity"


def test_a_copied_instance_makes_an_entity_of_its_own() -> None:
    one = Scenario.new(REPEATED)
    one.answer("tree[1]/species", "oak")
    one.session.duplicate_repeat("/data/tree[1]")
    first, second = one.session.entities()
    assert first.id != second.id
    assert UUID.match(second.id)
    assert second.label == "oak"


def test_a_removed_instance_makes_none() -> None:
    one = Scenario.new(REPEATED)
    one.add("tree")
    kept = one.session.entities()[1].id
    one.remove("tree[1]")
    assert [each.id for each in one.session.entities()] == [kept]


def test_a_correction_marks_the_filling_and_not_its_entities() -> None:
    one = Scenario.new(REPEATED)
    xml = one.session.finalize()
    edited = Session.edit(one.form, xml).finalize().decode()
    assert edited.count("deprecatedID>") == 2
    assert re.search(r"</instanceID><deprecatedID>uuid:[-0-9a-f]+</deprecatedID></meta></data>$", edited)


def test_what_is_irrelevant_makes_nothing_and_saves_nothing() -> None:
    one = Scenario.xml(
        xform(
            '<data id="t"><a/><b/><g><x/><meta><entity dataset="d" id="" create="true"><label/></entity>'
            "</meta></g></data>",
            '<bind nodeset="/data/g" relevant="/data/a != \'no\'"/>'
            '<bind nodeset="/data/g/x" relevant="/data/b != \'no\'" entities:saveto="x" '
            'xmlns:entities="http://www.opendatakit.org/xforms/entities"/>',
            '<input ref="/data/a"/><input ref="/data/b"/>'
            '<group ref="/data/g"><input ref="/data/g/x"/></group>',
        )
    )
    one.answer("g/x", "1")
    assert one.session.entities()[0].properties == {"x": "1"}
    one.answer("b", "no")
    assert one.session.entities()[0].properties == {}
    one.answer("a", "no")
    assert one.session.entities() == ()


@pytest.mark.parametrize("version", ["2022.1.0", "2023.1.0", "2024.1.0", "2025.1.0"])
def test_versions_that_are_known_are_read(version: str) -> None:
    assert read_form(_versioned(version)).attributes["entities-version"] == version


def test_a_version_that_is_not_known_is_refused() -> None:
    with pytest.raises(Problem) as caught:
        read_form(_versioned("2031.1.0"))
    assert caught.value.code == "xforms.entities_version"
    assert caught.value.facts["version"] == "2031.1.0"


def test_a_list_takes_what_was_made_and_changed_here() -> None:
    rows = [{"name": OAK, "label": "oak", "__version": "3", "girth_cm": "70", "note": "n"}]
    made = Entity("/e", "trees", ELM, "elm", create=True, update=False, properties={"girth_cm": "5"})
    changed = Entity("/e", "trees", OAK, "", create=False, update=True, properties={"Girth_cm": "75"})
    first, second = apply_entities(rows, [made, changed])
    branch = first["__branchId"]
    assert UUID.match(branch)
    assert first == {
        "name": OAK, "label": "oak", "__version": "4", "girth_cm": "75", "note": "n",
        "__trunkVersion": "3", "__branchId": branch,
    }  # fmt: skip
    assert second["name"] == ELM
    assert second["__version"] == "1"
    assert second["girth_cm"] == "5"
    (again,) = apply_entities([first], [changed])
    assert (again["__version"], again["__trunkVersion"], again["__branchId"]) == ("5", "3", branch)
    assert rows[0]["__version"] == "3"


def test_a_list_passes_over_what_the_platform_would_refuse() -> None:
    rows = [{"name": OAK, "label": "oak", "__version": "3"}]
    refused = [
        Entity("/e", "trees", "not-a-uuid", "x", create=True, update=False),
        Entity("/e", "trees", "", "x", create=True, update=False),
        Entity("/e", "trees", ELM, " ", create=True, update=False),
        Entity("/e", "trees", ELM, "elm", create=False, update=True),
        Entity("/e", "trees", OAK, "again", create=True, update=False),
    ]
    assert apply_entities(rows, refused) == (rows[0],)


def test_with_both_wishes_whichever_fits_is_done() -> None:
    both = Entity("/e", "trees", ELM, "elm", create=True, update=True)
    (made,) = apply_entities([], [both])
    assert made["__version"] == "1"
    (changed,) = apply_entities([made], [both])
    assert changed["__version"] == "2"


def _versioned(version: str) -> bytes:
    form = xform(
        '<data id="t"><meta><entity dataset="d" id="" create="1"><label/></entity></meta></data>', ""
    )
    mark = f'<model xmlns:e="http://www.opendatakit.org/xforms/entities" e:entities-version="{version}">'
    return form.replace("<model>", mark).encode()
