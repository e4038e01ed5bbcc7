"""A form kept as bytes is the form that was read; whoever cannot be sure of that reads the XForm again."""

# ruff: noqa: E501 - forms stand on one line

import hashlib
import pathlib
import pickle
import random

import pytest
from scenario import xform

import xincai
from xincai.errors import Problem
from xincai.xforms import Form, Session, dump_form, load_form, read_form
from xincai.xforms.reading import cache
from xincai.xforms.xpath.syntax import parse

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILT = sorted((ROOT / "forms" / "xform").glob("*.xml"))
EVERYTHING = xform(
    '<data id="all"><a>1</a><b/><rep jr:template=""><x/><y/></rep><pick/><many/><n/><total/></data>',
    '<bind nodeset="/data/a" type="int" constraint=". &lt; 9" jr:constraintMsg="less than nine"/>'
    '<bind nodeset="/data/b" relevant="/data/a = 2 and (/data/n != \'\' or -1 &lt; 0)" required="true()"/>'
    '<bind nodeset="/data/rep/y" calculate="position(..) + coalesce(../x, 0)"/>'
    '<bind nodeset="/data/n" readonly="/data/a = 5"/>'
    '<bind nodeset="/data/total" calculate="count(/data/rep[x &gt; 1]) | /data/nothing"/>'
    '<setvalue event="odk-instance-first-load" ref="/data/n" value="concat(\'n\', 1 + 1)"/>',
    '<input ref="/data/a"><label>A</label></input><input ref="/data/b"><label>B <output value="/data/a"/></label>'
    '</input><group ref="/data/rep"><label>R</label><repeat nodeset="/data/rep"><input ref="/data/rep/x">'
    "<label>X</label></input></repeat></group><select1 ref=\"/data/pick\"><itemset nodeset=\"instance('t')/root/"
    'item[of = /data/a]"><value ref="name"/><label ref="jr:itext(label)"/></itemset></select1>'
    '<select ref="/data/many"><item><label>One</label><value>1</value></item><item><label>Two</label>'
    '<value>2</value></item></select><input ref="/data/n"><label>N</label></input>',
    '<instance id="t"><root><item><name>p</name><of>1</of></item><item><name>q</name><of>2</of></item>'
    '<item lang="x"><name>r</name><of>2</of><deep><er>1</er></deep></item></root></instance>',
)  # fmt: skip


def read(path: pathlib.Path) -> Form:
    return read_form(path.read_bytes(), {file.name: file.read_bytes() for file in path.parent.glob("*.csv")})


def said(session: Session) -> list[object]:
    """All that a session tells, identities and times aside."""
    nodes = [node for node in session.nodes() if "meta" not in node[0] and "_time" not in node[0]]
    return [nodes, session.findings(), *_entries(session, None)]


def _entries(session: Session, ref: str | None) -> list[object]:
    found: list[object] = []
    for entry in session.children(ref):
        if "_time" not in entry.ref:
            found += [entry, session.choices(entry.ref) if entry.kind == "question" else ()]
        if entry.kind != "question":
            found += _entries(session, entry.ref)
    return found


def walk(form: Form, seed: int) -> list[object]:
    """What happens in a filling when someone answers at random."""
    session, source, told = Session.new(form), random.Random(seed), []
    for _ in range(40):
        refs = [node[0] for node in session.nodes() if node[1]]
        try:
            told.append(session.answer(source.choice(refs), source.choice(["", "1", "2", "p", "2024-02-29"])))
        except Problem as problem:
            told.append(problem.code)
    if "/data/rep" in form.places:
        told.append(session.add_repeat("/data/rep"))
    return [*told, *said(session)]


@pytest.mark.parametrize("path", BUILT, ids=lambda path: path.stem)
def test_our_forms_come_back_as_they_were_read(path: pathlib.Path) -> None:
    form = read(path)
    again = load_form(dump_form(form))
    assert again is not None
    assert again.rules == () or [rule.text for rule in again.rules] == [rule.text for rule in form.rules]
    assert walk(again, 1) == walk(form, 1)


@pytest.mark.parametrize("seed", range(5))
def test_a_form_with_everything_comes_back(seed: int) -> None:
    form = read_form(EVERYTHING.encode())
    again = load_form(dump_form(form))
    assert again is not None
    assert walk(again, seed) == walk(form, seed)


def test_a_form_that_came_back_can_be_kept_again() -> None:
    again = load_form(dump_form(read_form(EVERYTHING.encode())))
    assert again is not None
    once_more = load_form(dump_form(again))
    assert once_more is not None
    assert walk(once_more, 3) == walk(again, 3)


def test_what_was_made_from_another_source_is_not_opened() -> None:
    data = dump_form(read_form(EVERYTHING.encode()), "one")
    assert load_form(data, "one") is not None
    assert load_form(data, "two") is None
    assert load_form(data) is None


def test_what_another_version_made_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    data = dump_form(read_form(EVERYTHING.encode()))
    monkeypatch.setattr(xincai, "__version__", "0.0.0")
    assert load_form(data) is None


@pytest.mark.parametrize("at", [0, 5, 20, 60, 90, 500, -1])
def test_a_damaged_byte_is_noticed(at: int) -> None:
    data = bytearray(dump_form(read_form(EVERYTHING.encode())))
    data[at] ^= 1
    assert load_form(bytes(data)) is None


@pytest.mark.parametrize("length", [0, 1, 50, 78, 79, 400])
def test_what_is_cut_short_is_noticed(length: int) -> None:
    data = dump_form(read_form(EVERYTHING.encode()))
    assert load_form(data[:length]) is None


def test_nothing_but_the_engines_own_classes_is_made_of_bytes() -> None:
    data = dump_form(read_form(EVERYTHING.encode()))
    head = data[: len(cache._MAGIC) + 32]
    payload = pickle.dumps(([pathlib.Path("x")], [{}], {}))
    with pytest.raises(KeyError, match="pathlib"):
        load_form(head + hashlib.sha256(payload).digest() + payload)


def test_a_form_is_opened_where_it_is_looked_at() -> None:
    form = load_form(dump_form(read_form(EVERYTHING.encode())))
    assert form is not None
    assert all("kind" not in vars(control) for control in form.body), "nobody has looked yet"
    rule = next(rule for rule in form.rules if rule.property == "constraint")
    assert "expr" not in vars(rule)
    assert rule.expr == parse(rule.text)
    assert form.body[0].kind == "question"
    assert "kind" in vars(form.body[0])
    assert "kind" not in vars(form.body[1])
